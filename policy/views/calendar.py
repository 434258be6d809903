"""The working calendar: seen by everybody, kept by the administrator. Source: clocks.md."""

import calendar as months
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policy import actions
from policy.calendar import current
from policy.calendar.days import statutory_days
from policy.calendar.years import unconfirmed_soon
from policy.forms.calendar import OwnDayForm, YearFileForm
from policy.models import CalendarDay, CalendarYear
from policy.parameters import unit_of
from staff import refusals
from staff.access import position_required, signed_in, take_typing
from staff.verbs import Verb

YEARS = range(2004, 2100)
WEEKDAYS = (
    (pgettext_lazy("weekday", "Mo"), WEEKDAY_NAMES[0]),
    (pgettext_lazy("weekday", "Tu"), WEEKDAY_NAMES[1]),
    (pgettext_lazy("weekday", "We"), WEEKDAY_NAMES[2]),
    (pgettext_lazy("weekday", "Th"), WEEKDAY_NAMES[3]),
    (pgettext_lazy("weekday", "Fr"), WEEKDAY_NAMES[4]),
    (pgettext_lazy("weekday", "Sa"), WEEKDAY_NAMES[5]),
    (pgettext_lazy("weekday", "Su"), WEEKDAY_NAMES[6]),
)


@dataclass(frozen=True)
class Square:
    """One day of the year's sheet."""

    date: date
    works: bool
    special: bool  # other than its weekday says, or named
    name: str
    today: bool


@require_safe
@signed_in
def calendar(request):
    """A year at a glance, for the reader's unit."""
    today = timezone.localdate()
    year = year_of(request.GET.get("year", ""), today)
    unit = unit_of(request.user)
    rows, own = CalendarDay.objects.filter(date__year=year), own_days(request.user, year)
    confirmed = year in current().confirmed
    names = dict(rows.filter(branch=None).values_list("date", "name")) if confirmed else dict(statutory_days(year))
    names |= {day.date: day.name for day in own if day.branch_id in (None, unit and unit.pk)}
    context = {
        "year": year,
        "years": (year - 1, year + 1),
        "state": CalendarYear.objects.select_related("confirmed_by")
        .filter(pk=year, confirmed_at__isnull=False)
        .first(),
        "confirmed": confirmed,
        "months": [_month(year, number, unit, names, today) for number in range(1, 13)],
        "weekdays": WEEKDAYS,
        "own": own,
        "today": today,
        "unit": unit,
        "manages": request.user.can(Verb.CALENDAR_MANAGE),
        "missing": unconfirmed_soon(today),
    }
    return render(request, "policy/calendar.html", context)


def own_days(person, year):
    """The days of our own in a year that concern somebody; the administrator keeps those of all units."""
    own = CalendarDay.objects.filter(date__year=year, origin=CalendarDay.Origin.OWN).select_related("branch")
    return own if person.can(Verb.CALENDAR_MANAGE) else own.filter(branch=None) | own.filter(branch=unit_of(person))


def counted_days(person, year):
    """All special days of a year that count for somebody: the official ones only once the year is confirmed."""
    days = own_days(person, year)
    if year in current().confirmed:
        official = CalendarDay.objects.filter(date__year=year, origin=CalendarDay.Origin.OFFICIAL)
        days |= official.select_related("branch")
    return days


def year_of(text, today):
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS else today.year


def _month(year, number, unit, names, today):
    """(first day, weeks of seven squares; None outside of the month)."""
    known, unit_id = current(), unit and unit.pk
    weeks = [
        [_square(day, known.works(day, unit_id), names, today) if day.month == number else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, number)
    ]
    return date(year, number, 1), weeks


def _square(day, works, names, today):
    return Square(day, works, day in names or works != (day.weekday() < 5), names.get(day, ""), day == today)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CALENDAR_MANAGE)
def load(request):
    """Upload of an official year; what was read is shown before anything is written."""
    form = YearFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        year = form.days[0].date.year
        before = dict(CalendarDay.objects.filter(origin="official", date__year=year).values_list("date", "works"))
        context = {
            "form": YearFileForm(initial={"text": form.content}),
            "year": year,
            "days": form.days,
            "off": sum(not day.works for day in form.days),
            "worked": sum(day.works for day in form.days),
            "correction": year in current().confirmed,
            "gone": sorted(before.keys() - {day.date for day in form.days}),
        }
        return render(request, "policy/calendar_preview.html", context)
    return render(request, "policy/calendar_load.html", {"form": form})


@require_POST
@position_required(Verb.CALENDAR_MANAGE)
def confirm(request):
    """What the preview showed is put in force. Without a readable text: back to the upload with what is wrong."""
    form = YearFileForm(request.POST)
    if not form.is_valid():
        return render(request, "policy/calendar_load.html", {"form": form})
    recounted = actions.confirm_year(form.days, notice=form.notice, by=request.user, at=timezone.now())
    year = form.days[0].date.year
    messages.success(request, _("The calendar of %(year)s is confirmed.") % {"year": year})
    for sentence in said_of(recounted):
        messages.info(request, sentence)
    return redirect(f"{reverse('policy:calendar')}?year={year}")


def said_of(recounted):
    """What confirming a year did to the open clocks, in sentences."""
    moved, wrong = recounted.moved, recounted.wrongly_breached
    said = [ngettext("%(count)d due time moved.", "%(count)d due times moved.", moved) % {"count": moved}]
    if wrong:
        said.append(
            ngettext(
                "%(count)d clock stays breached although it would be due later now: its manager may waive it.",
                "%(count)d clocks stay breached although they would be due later now: their managers may waive them.",
                wrong,
            )
            % {"count": wrong}
        )
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CALENDAR_MANAGE)
def own_day(request):
    form = OwnDayForm(request.POST or take_typing(request))
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            day = actions.add_own_day(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("%(day)s was added. Clocks that start from now on go by it.") % {"day": day})
            return redirect(f"{reverse('policy:calendar')}?year={day.date.year}")
    return render(request, "policy/own_day.html", {"form": form})


@require_POST
@position_required(Verb.CALENDAR_MANAGE)
def own_day_remove(request, pk):
    day = get_object_or_404(CalendarDay, pk=pk, origin=CalendarDay.Origin.OWN)
    try:
        actions.remove_own_day(day, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("%(day)s was taken away.") % {"day": day})
    return redirect(f"{reverse('policy:calendar')}?year={day.date.year}")
