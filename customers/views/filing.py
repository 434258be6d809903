"""The filing standard and its versions. Source: REC-21."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers import completeness, filing
from customers.forms.filing import StandardForm
from customers.models import Source
from staff import refusals
from staff.access import position_required, take_typing
from staff.models import Channel
from staff.verbs import Verb

VERSIONS_SHOWN = 100


@require_safe
@position_required(Verb.STANDARD_MANAGE)
def standard(request):
    versions = [
        (row, filing.title(row), None if row.items is None else completeness.labels(row.items))
        for row in filing.versions()[:VERSIONS_SHOWN]
    ]
    context = {"lines": filing.lines(on=timezone.localdate()), "versions": versions, "today": timezone.localdate()}
    return render(request, "customers/filing/standard.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.STANDARD_MANAGE)
def line(request):
    """A new version of a line, starting from the one in force."""
    form = StandardForm(request.POST or take_typing(request), initial=_start(request))
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            row = filing.set_line(**form.line(), by=request.user, at=timezone.now())
            messages.success(
                request, _("%(line)s: set from %(day)s on.") % {"line": filing.title(row), "day": row.starts_on}
            )
            return redirect("customers:standard")
    return render(request, "customers/filing/line.html", {"form": form})


def _start(request):
    """The line that the address names, else the line for all as a beginning."""
    on = timezone.localdate()
    channel, source = request.GET.get("channel", ""), request.GET.get("source", "")
    named = (channel if channel in Channel.values else "", source if source in Source.values else "")
    in_force = {(row.channel, row.source): row.now for row in filing.lines(on=on) if row.now}
    row = in_force.get(named) or in_force.get(("", ""))
    return {"channel": named[0], "source": named[1], "items": row.items if row else [], "starts_on": on}
