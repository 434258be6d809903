"""What people do to rules, calendar and handbook. Each action is one transaction and is told who does it and when.

What may not be done raises ValidationError with a sentence for the form. Source: AUD-16, SEC-08, clocks.md.
"""

from functools import wraps

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff import refusals

from . import clocks, handbook, rules, stamps
from .models import CalendarDay, CalendarYear, HandbookConfirmation, RuleValue


def _action(act):
    """One transaction, ascribed to `by` in history outside of requests too; what follows in a request reads anew."""

    @wraps(act)
    @transaction.atomic
    def acted(*args, by, **kwargs):
        with pghistory.context(**({"person": by.pk} if by else {})):
            result = act(*args, by=by, **kwargs)
        stamps.changed()
        return result

    return acted


@_action
def change_rule(rule, *, value, branch=None, starts_on, reason, by, at):
    """A parameter has another value from a day on, today or later. `value` None: the unit goes by the company's again.

    What was judged before keeps its value. Source: AUD-16.
    """
    if starts_on < timezone.localdate(at):
        raise ValidationError({"starts_on": _("A change begins today or later: what was judged stays as it was.")})
    try:
        stored = None if value is None else rule.stored(value)
    except ValidationError as refused:
        raise ValidationError({"value": refused.error_list}) from refused
    before = rules.in_force(rule.key, branch and branch.pk, starts_on)
    if value is None and (before is None or before.branch_id is None):
        raise ValidationError({"follow": _("This unit goes by the company's value already.")})
    own = before is not None and before.branch_id == (branch and branch.pk)
    if value is not None and (own or branch is None) and rule.value(branch, on=starts_on) == rule.read(stored):
        raise ValidationError({"value": _("This is the value in force on that day already.")})
    return RuleValue.objects.create(
        rule=rule.key, branch=branch, value=stored, starts_on=starts_on, reason=reason, set_by=by, set_at=at
    )


@_action
def confirm_year(days, *, notice="", by, at):
    """Put the official days of one year in force and count the open clocks again that reach into it.

    `days`: what calendar.reading.read found. A year that was confirmed before is corrected; due times stay then.
    Returns Recounted. Source: clocks.md.
    """
    year = days[0].date.year
    known, _made = CalendarYear.objects.select_for_update().get_or_create(year=year)
    correction = known.confirmed_at is not None
    known.confirmed_at, known.confirmed_by = at, by
    known.notice = notice[: CalendarYear._meta.get_field("notice").max_length] or known.notice
    known.save()
    CalendarDay.objects.filter(date__year=year, origin=CalendarDay.Origin.OFFICIAL).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day.date, works=day.works, name=day.name, origin=CalendarDay.Origin.OFFICIAL) for day in days
    )
    stamps.changed()
    return clocks.Recounted() if correction else clocks.recount(year)


@_action
def add_own_day(*, date, works, name, branch=None, by, at):
    """A day off or a worked day of the company's own or of one unit's. Clocks that start from now on go by it."""
    _not_past(date, at)
    taken = _("There is a day of our own on this date already. Take it away first.")
    with refusals.in_words({"calendar_day_once": ("date", taken)}):
        return CalendarDay.objects.create(
            date=date, works=works, name=name, branch=branch, origin=CalendarDay.Origin.OWN
        )


@_action
def remove_own_day(day, *, by, at):
    _not_past(day.date, at)
    CalendarDay.objects.filter(pk=day.pk, origin=CalendarDay.Origin.OWN).delete()


def _not_past(date, at):
    if date < timezone.localdate(at):
        raise ValidationError({"date": _("This day is over: due times were counted by it.")})


@_action
def confirm_handbook(person, *, version, by, at):
    """The person has read this version of the rules; each version once. Refused for one that is no longer current."""
    if version != handbook.version():
        raise ValidationError(_("The rules have changed in the meantime. Look at them once more."))
    HandbookConfirmation.objects.get_or_create(person=person, version=version, defaults={"at": at})
