"""When a unit is open. A day is open if the unit's weekly pattern opens it and no day off says otherwise.

A unit without a pattern, and every department, keeps the default hours on working days. A worked day of the company's
or the unit's own opens a day that the pattern leaves closed, at the default hours. Source: clocks.md, kinds 2-4.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from staff.models import OpeningPeriod
from staff.opening_hours import week

from ..rules import CLOSES, OPENS
from .days import Calendar, current

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEFAULT_HOURS = (time(8, 30), time(18))
HORIZON = 800  # days; a unit that opens on none of them keeps the default hours


@dataclass(frozen=True)
class Unit:
    """A branch or a department as far as time is concerned. `week`: seven days of periods, or () for the default."""

    calendar: Calendar
    branch_id: int | None = None
    week: tuple = ()
    default: tuple = DEFAULT_HOURS

    def works(self, day):
        """Whether it is a working day for the unit."""
        return self.calendar.works(day, self.branch_id)

    def periods(self, day):
        """The stretches of opening on a day, in order, as (opens, closes)."""
        if not self.week:
            return (self.default,) if self.works(day) else ()
        if self.calendar.said(day, self.branch_id) is False:
            return ()
        if not self.week[day.weekday()] and self.calendar.said_by_us(day, self.branch_id):
            return (self.default,)
        return self.week[day.weekday()]

    def closing(self, day):
        """The time at which a term that ends on this day ends, whether the unit's pattern opens the day or not."""
        periods = self.periods(day) or (self.week and self.week[day.weekday()]) or (self.default,)
        return periods[-1][1]

    def is_open(self, at):
        local = at.astimezone(SHANGHAI)
        return any(opens <= local.time() < closes for opens, closes in self.periods(local.date()))

    def stretches(self, at):
        """What is open from an instant on, without end: (from, to) in order."""
        day, closed = at.astimezone(SHANGHAI).date(), 0
        while closed < HORIZON:
            periods = self.periods(day)
            closed = 0 if periods else closed + 1
            for opens, closes in periods:
                start, end = (datetime.combine(day, moment, SHANGHAI) for moment in (opens, closes))
                if end > at:
                    yield max(start, at), end
            day += timedelta(days=1)
        yield from Unit(Calendar()).stretches(datetime.combine(day, time(0), SHANGHAI))

    def next_opening(self, at):
        """The instant itself while the unit is open, else when it opens next."""
        return next(self.stretches(at))[0]


def units(branch_ids, *, on):
    """{branch id: Unit}, in one query for all; None stands for a department."""
    calendar, patterns = current(), {}
    wanted = [pk for pk in branch_ids if pk]
    rows = OpeningPeriod.objects.filter(branch__in=wanted).order_by("branch_id", "opens") if wanted else ()
    for branch_id, periods in groupby(rows, key=lambda period: period.branch_id):
        patterns[branch_id] = tuple(week(periods))
    opens, closes = OPENS.values(branch_ids, on=on), CLOSES.values(branch_ids, on=on)
    return {pk: Unit(calendar, pk, patterns.get(pk, ()), (opens[pk], closes[pk])) for pk in branch_ids}
