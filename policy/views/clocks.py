"""Each person's clocks, a unit's clocks for those above, and the waiver. Source: clocks.md, GEN-01."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from policy import clocks as engine
from policy.forms.clocks import ClockFilter, WaiverForm
from policy.models import Clock
from staff import refusals
from staff.access import position_required, signed_in
from staff.models import Department
from staff.paging import COUNTED, Order, asked, capped_count, links, page
from staff.verbs import Verb

STATES = {
    "": Q(closed_at__isnull=True),
    "running": Q(closed_at__isnull=True, breached_at__isnull=True),
    "breached": Q(closed_at__isnull=True, breached_at__isnull=False),
    "met": Q(met_at__isnull=False, breached_at__isnull=True, waived_at__isnull=True),
    "late": Q(met_at__isnull=False, breached_at__isnull=False, waived_at__isnull=True),
    "waived": Q(waived_at__isnull=False),
}
COUNTED_STATES = ("", "running", "breached", "waived")
NEEDED = ("branch", "department", "responsible")


@require_safe
@signed_in
def clocks(request):
    """Open clocks by due time, closed ones the latest first; each state's figure leads to its rows."""
    form = choices(request.user, request.GET)
    whose, state = form.chosen["whose"], form.chosen["state"]
    rows = whose_clocks(request.user, whose)
    found = page(rows.filter(STATES[state]).select_related(*NEEDED), order_of(state), **asked(request))
    context = {
        "form": form,
        "rows": [(clock, subject_url(clock)) for clock in found.rows],
        "tabs": [_tab(rows, whose, name, label, state) for name, label in ClockFilter.STATES],
        "whose": whose,
        "state": state,
    }
    return render(request, "policy/clocks.html", context | links(request, found))


def choices(person, query):
    """The form of choices that the person has over the list."""
    manages = person.can(Verb.CLOCK_SEE) or Department.objects.filter(head=person).exists()
    return ClockFilter(query, manages=manages)


def whose_clocks(person, whose):
    seen = Clock.objects.visible_to(person)
    return seen if whose == ClockFilter.UNIT else seen.in_charge(person)


def order_of(state):
    """Open clocks by due time, closed ones the latest first."""
    return Order("due_at") if state in ("", "running", "breached") else Order("closed_at", descending=True)


def _tab(rows, whose, name, label, state):
    """Counted are states whose rows an index holds; what was done grows without end."""
    query = "&".join(f"{key}={value}" for key, value in (("whose", whose), ("state", name)) if value)
    number = capped_count(rows.filter(STATES[name])) if name in COUNTED_STATES else None
    count = f"{COUNTED:,}+" if number is not None and number > COUNTED else number
    return {"label": label, "url": f"?{query}", "count": count, "current": name == state}


def subject_url(clock):
    """The page of the record the clock is about; nothing where there is none (any more)."""
    if not clock.url_name:
        return ""
    try:
        return reverse(clock.url_name, args=[clock.subject_id])
    except NoReverseMatch:
        return ""


def _visible(request, pk):
    rows = Clock.objects.visible_to(request.user).select_related(*NEEDED, "met_by", "waived_by", "paused_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
@signed_in
def clock(request, pk):
    """One clock with everything that happened to it."""
    row = _visible(request, pk)
    return render(request, "policy/clock_page.html", _context(request, row, WaiverForm()))


def _context(request, row, form):
    waivable = row.waived_at is None and (row.closed_at is None or row.breached_at)
    may = waivable and row.responsible_id != request.user.pk and request.user.can_on(Verb.CLOCK_WAIVE, row)
    return {"row": row, "subject_url": subject_url(row), "form": form if may else None}


@require_POST
@position_required(Verb.CLOCK_WAIVE)
def waive(request, pk):
    row = get_object_or_404(Clock.objects.visible_to(request.user, verb=Verb.CLOCK_WAIVE), pk=pk)
    form = WaiverForm(request.POST)
    if form.is_valid():
        with refusals.beside_fields(form):
            engine.waive(row, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Waived: %(title)s") % {"title": row})
            return redirect("policy:clock", pk)
    return render(request, "policy/clock_page.html", _context(request, row, form))
