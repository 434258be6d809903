"""Duties of each working day: a clock for every working day until the duty ends, due at closing time. Source: CMP-04.

Counting begins with the working day after the start. A day without the deed is one breach, and no later deed mends it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from staff.days import midnight

from ..calendar import SHANGHAI, units
from ..models import Clock, DailyDuty
from ..terms import Kind
from .start import meet

CATCH_UP = 400  # days opened at most in one go


@transaction.atomic
def start_daily(subject, clause, *, at, title, branch=None, department=None, responsible=None, url_name=""):
    """Begin a daily duty; one that is going on already is left as it is. Returns it."""
    identity = {"subject_type": subject._meta.label_lower, "subject_id": subject.pk, "clause_id": clause}
    duty, _made = DailyDuty.objects.get_or_create(
        **identity,
        ended_at=None,
        defaults={
            "branch": branch, "department": department, "responsible": responsible, "title": title,
            "url_name": url_name, "started_at": at, "next_at": midnight(timezone.localdate(at) + timedelta(days=1)),
        },
    )  # fmt: skip
    return duty


@transaction.atomic
def meet_daily(subject, clause, *, at, by=None):
    """The deed of a day was done: its clock is met. Returns the clock, or None on a day that needs no deed."""
    for duty in _going_on(subject, clause).select_for_update(of=["self"]):
        _open_days_of(duty, at)
    return meet(subject, clause, at=at, by=by, key=timezone.localdate(at).isoformat())


@transaction.atomic
def end_daily(subject, clause, *, at, by=None):
    """The duty is over: what ended it is the deed of that day. Clocks of missed days close as breached."""
    meet_daily(subject, clause, at=at, by=by)
    _going_on(subject, clause).update(ended_at=at)
    left = Clock.objects.open().of(subject, clause).exclude(key="")
    left.filter(due_at__lt=at, breached_at__isnull=True).update(breached_at=F("due_at"), closed_at=at)
    left.update(closed_at=at)


def _going_on(subject, clause):
    return DailyDuty.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, clause=clause, ended_at=None
    )


def open_days(at):
    """Open the clocks of all days that have begun, of all duties. Safe to repeat and to run several at once."""
    while _open_some(at):
        pass


@transaction.atomic
def _open_some(at):
    due = DailyDuty.objects.filter(ended_at=None, next_at__lte=at).order_by("next_at")
    duties = list(due.select_for_update(skip_locked=True)[:500])
    for duty in duties:
        _open_days_of(duty, at)
    return len(duties)


def _open_days_of(duty, at):
    """Clocks of the working days that have begun, from opening to closing time: their percentages are of its hours."""
    unit_id = None if duty.department_id else duty.branch_id
    first, today = timezone.localdate(duty.next_at), timezone.localdate(at)
    last = min(today, first + timedelta(days=CATCH_UP))
    unit = units([unit_id], on=today)[unit_id]
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [_clock(duty, day, unit) for day in days if unit.works(day)]
    Clock.objects.bulk_create(rows, ignore_conflicts=True)
    DailyDuty.objects.filter(pk=duty.pk).update(next_at=midnight(last + timedelta(days=1)))


def _clock(duty, day, unit):
    opens, closes = (unit.periods(day) or (unit.default,))[0][0], unit.closing(day)
    return Clock(
        clause_id=duty.clause_id, subject_type=duty.subject_type, subject_id=duty.subject_id, key=day.isoformat(),
        branch_id=duty.branch_id, department_id=duty.department_id, responsible_id=duty.responsible_id,
        title=duty.title, url_name=duty.url_name, term="sameday", kind=Kind.SAME_DAY,
        started_at=datetime.combine(day, min(opens, closes), SHANGHAI), due_at=datetime.combine(day, closes, SHANGHAI),
    )  # fmt: skip
