"""The quarterly confirmation that devices are kept safe. Source: SEC-09."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staff import device_checks as checks
from staff.access import position_required, signed_in
from staff.forms.device_checks import DeviceCheckForm
from staff.models import DeviceCheck, Position, quarter_name, quarter_of
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

SHOWN = 8  # quarters gone by


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def device_check(request):
    """One's own confirmation, and the earlier ones."""
    person, today = request.user, timezone.localdate()
    form = DeviceCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        checks.confirm(person, by=person, on=today, at=timezone.now())
        messages.success(request, _("Noted for %(quarter)s. Thank you.") % {"quarter": quarter_name(quarter_of(today))})
        return redirect("staff:device_check")
    context = {
        "form": form,
        "open": checks.open_for(person, on=today),
        "quarter": quarter_name(quarter_of(today)),
        "earlier": DeviceCheck.objects.filter(person=person).order_by("-quarter")[:SHOWN],
    }
    return render(request, "staff/device_check.html", context)


@require_safe
@position_required(Verb.PEOPLE_MANAGE)
def device_checks(request):
    """Who has not confirmed this quarter yet, and who has."""
    today = timezone.localdate()
    people = checks.asked(on=today)
    counts = {"open": people.filter(has_checked=False).count(), "done": people.filter(has_checked=True).count()}
    state = request.GET.get("state") if request.GET.get("state") in counts else "open"
    held = Position.objects.current(today).select_related("branch", "department")
    rows = people.filter(has_checked=state == "done")
    rows = rows.prefetch_related(Prefetch("positions", queryset=held, to_attr="held"))
    found = page(rows, Order("staff_number"), **asked(request))
    tabs = [
        {"label": label, "url": f"?state={name}", "count": counts[name], "current": name == state}
        for name, label in (("open", _("not confirmed yet")), ("done", _("confirmed")))
    ]
    context = {"rows": found.rows, "tabs": tabs, "state": state, "quarter": quarter_name(quarter_of(today))}
    return render(request, "staff/device_checks.html", context | links(request, found))
