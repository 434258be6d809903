"""When a term ends. Source: clocks.md; working days as by articles 201 and 203 of the PRC Civil Code."""

from datetime import datetime, timedelta

from ..terms import Kind, Term
from .hours import SHANGHAI, Unit

HORIZON = 3700  # days: ten years without a working day are no calendar


def ended(start, term: Term, unit: Unit):
    """When a term is over that starts at an aware instant, for a unit. That instant itself is still in time."""
    if term.kind == Kind.ELAPSED:
        # In UTC: a day has 24 hours there, whatever a time zone does.
        return start + term.duration
    if term.kind == Kind.OPENING_HOURS:
        return _opening_time(start, term.duration, unit)
    day = start.astimezone(SHANGHAI).date()
    if term.kind == Kind.SAME_DAY:
        return _same_day(start, day, unit)
    return datetime.combine(*_working_day(day, term.amount, unit), SHANGHAI)


def _opening_time(start, left, unit):
    stretches = unit.stretches(start)
    opens, closes = next(stretches)
    while closes - opens < left:
        left -= closes - opens
        opens, closes = next(stretches)
    return opens + left


def _same_day(start, day, unit):
    if unit.periods(day):
        closing = datetime.combine(day, unit.closing(day), SHANGHAI)
        if start <= closing:
            return closing
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    opened = unit.next_opening(midnight).astimezone(SHANGHAI).date()
    return datetime.combine(opened, unit.closing(opened), SHANGHAI)


def _working_day(day, number, unit):
    """(day, closing time) of the Nth working day after a day."""
    for _step in range(HORIZON):
        day += timedelta(days=1)
        number -= unit.works(day)
        if not number:
            return day, unit.closing(day)
    raise ValueError("The calendar has no working day in ten years: too many own days off")
