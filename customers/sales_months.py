"""When sales months lock: months from go-live on, on the 5th working day of the next month at 18:00. Source: REC-16.

Earlier months are imported and entered freely. All figures are parameters; `branch` (a row, its id, or None for the
company) is the unit of sale, which may have days off and a day of going live of its own.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from policy import calendar

from .rules import GO_LIVE, MONTH_LOCK_DAY, MONTH_LOCK_TIME

HORIZON = 100  # days; a calendar without working days locks a month all the same


def locks_at(month, branch=None):
    """The instant at which the month of a day locks, were it to lock; at that instant it is locked."""
    day = first = next_month(month)
    left, worked = MONTH_LOCK_DAY.value(branch, on=first), calendar.current()
    branch_id = getattr(branch, "pk", branch)
    for _day in range(HORIZON):
        left -= worked.works(day, branch_id)
        if not left:
            break
        day += timedelta(days=1)
    return datetime.combine(day, MONTH_LOCK_TIME.value(branch, on=first), timezone.get_default_timezone())


def locked_days(at, branch=None):
    """(first day, first day after) of the months that are locked at an instant; None where none is."""
    today = timezone.localdate(at)
    live = GO_LIVE.value(branch, on=today)
    if live is None:
        return None
    first, until = live.replace(day=1), today.replace(day=1)
    while until > first and locks_at(previous_month(until), branch) > at:
        until = previous_month(until)
    return (first, until) if until > first else None


def is_locked(day, at, branch=None):
    """Whether the month of a day is locked at an instant. A file asks it once for each of its months."""
    locked = locked_days(at, branch)
    return locked is not None and locked[0] <= day < locked[1]


def locked_until(at, branch=None):
    """The first open day behind the locked months; None where nothing is locked. Before `locked_days(at)[0]`, in months
    before go-live, days are open too."""
    locked = locked_days(at, branch)
    return locked and locked[1]


def next_lock(at, branch=None):
    """(first day of the month that locks next, when); None before a day of going live is set."""
    today = timezone.localdate(at)
    live = GO_LIVE.value(branch, on=today)
    if live is None:
        return None
    month = locked_until(at, branch) or live.replace(day=1)
    return month, locks_at(month, branch)


def next_month(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(day):
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
