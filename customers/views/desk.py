"""The front desk: its inbox of forms sent from phones, its QR stand and its paper blanks. Source: REC-04."""

import ipaddress
from io import BytesIO

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers import desk
from customers.forms.blank import blank
from customers.forms.desk import DismissForm
from customers.models import DeskForm
from customers.policies import units_with
from staff import paging
from staff.access import acting_on, position_required, take_typing
from staff.verbs import Verb

from .register import settled_already

SETTLED = "settled"
OLDEST_FIRST, NEWEST_FIRST = paging.Order("pk"), paging.Order("pk", descending=True)


@require_safe
@position_required(Verb.DESK_SERVE)
def inbox(request):
    """Forms that wait, the longest waiting first; with ?show=settled what has become of the others."""
    settled = request.GET.get("show") == SETTLED
    mine = DeskForm.objects.visible_to(request.user)
    rows, order = rows_of(request.user, settled)
    page = paging.page(rows, order, within=mine, **paging.asked(request))
    context = {
        "rows": page.rows,
        "count": paging.capped_count(mine.waiting()),
        "settled": settled,
        "units": _units(request),
        "can_manage_books": request.user.can(Verb.BOOKS_MANAGE),
        **paging.links(request, page),
    }
    return render(request, "customers/desk/inbox.html", context)


def rows_of(person, settled):
    """(forms of one of the two tabs, their order)."""
    mine = DeskForm.objects.visible_to(person)
    rows, order = (mine.settled(), NEWEST_FIRST) if settled else (mine.waiting(), OLDEST_FIRST)
    return rows.select_related("branch", "settled_by", "customer"), order


def _units(request):
    """Units whose desk the person serves and that have not closed."""
    return [unit for unit in units_with(request.user, Verb.DESK_SERVE) if not _closed(unit)]


def _closed(unit):
    return unit.closed_on and unit.closed_on <= timezone.localdate()


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.DESK_SERVE)
def dismiss(request, pk):
    rows = DeskForm.objects.visible_to(request.user).select_related("branch", "settled_by")
    sent = get_object_or_404(rows, pk=pk)
    form = DismissForm(request.POST if request.method == "POST" else take_typing(request))
    if request.method == "POST" and form.is_valid():
        acting_on(request, sent, Verb.DESK_SERVE)
        try:
            desk.dismiss(sent, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except desk.AlreadySettled as late:
            return settled_already(request, late.form)
        messages.success(request, _("The form of %(name)s is dismissed.") % {"name": sent.name})
        return redirect("customers:desk")
    return render(request, "customers/desk/dismiss.html", {"form": form, "sent": sent})


@require_safe
@position_required(Verb.DESK_SERVE)
def stand(request, unit):
    """The QR stand of today, to be printed or shown on a screen at the counter."""
    unit, today = _unit(request, unit), timezone.localdate()
    address = _address(request, unit, today)
    context = {"unit": unit, "today": today, "link": address, "only_here": _only_here(request)}
    return render(request, "customers/desk/stand.html", context)


@require_safe
@position_required(Verb.DESK_SERVE)
def code(request, unit):
    """The QR code itself, a picture of its own: the content security policy takes none inside the page."""
    unit = _unit(request, unit)
    picture, drawn = BytesIO(), segno.make(_address(request, unit, timezone.localdate()), micro=False, error="q")
    drawn.save(picture, kind="svg", xmldecl=False, scale=8, light="#fff", lineclass=None, svgclass=None)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_safe
@position_required(Verb.DESK_SERVE)
def blank_form(request, unit):
    """The blank of form LC 16.06.302.01, one A4 page, without a serial: for a unit that has run out of its book."""
    unit = _unit(request, unit)
    return render(request, "customers/desk/blanks.html", {"unit": unit, "serials": [""], **blank()})


def _unit(request, pk):
    return get_object_or_404(units_with(request.user, Verb.DESK_SERVE), pk=pk)


def _address(request, unit, day):
    # By the name by which the clerk reaches Keke, which the list of allowed hosts has checked: phones in the same
    # house reach it so too.
    return request.build_absolute_uri(reverse("desk_form", args=[unit.pk, desk.key(unit.pk, day)]))


def _only_here(request):
    """Whether Keke is open by a name that means this very computer, and no phone can follow."""
    host = request.get_host().rpartition(":")[0].strip("[]") or request.get_host()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
