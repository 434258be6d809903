"""Official years: those that come with the product, the next one as loaded by an administrator. Source: clocks.md."""

import json
from datetime import date

from django.utils import timezone

from journal.actions import notify
from staff.days import midnight
from staff.models import Person, Position
from staff.verbs import Verb, positions_with

from ..notifications import CALENDAR
from .days import current, shipped_years

WARNED_FROM = (12, 1)  # the day of the year from which the next one ought to be confirmed

SHIPPED_YEARS = """
INSERT INTO policy_calendaryear (year, notice, confirmed_at)
SELECT year, notice, confirmed_at
FROM jsonb_to_recordset(%(years)s::jsonb) AS file(year int, notice text, confirmed_at timestamptz)
ON CONFLICT (year) DO NOTHING RETURNING year
"""
SHIPPED_DAYS = """
INSERT INTO policy_calendarday (date, works, name, origin)
SELECT date, works, name, 'official' FROM jsonb_to_recordset(%(days)s::jsonb) AS file(date date, works bool, name text)
ON CONFLICT DO NOTHING
"""


def load_shipped(cursor):
    """Load the official years of this version that nobody has loaded yet; returns how many days were written."""
    files = shipped_years()
    years = [
        {
            "year": year,
            "notice": file["notice"],
            "confirmed_at": midnight(date.fromisoformat(file["announced_on"])).isoformat(),
        }
        for year, file in files.items()
    ]
    cursor.execute(SHIPPED_YEARS, {"years": json.dumps(years)})
    days = [day for (year,) in cursor.fetchall() for day in files[year]["days"]]
    if not days:
        return 0
    cursor.execute(SHIPPED_DAYS, {"days": json.dumps(days)})
    return cursor.rowcount


def unconfirmed_soon(on):
    """The year that ought to be confirmed by now and is not: this one, from 1 December on the next. Else None."""
    wanted = [on.year, on.year + 1] if (on.month, on.day) >= WARNED_FROM else [on.year]
    return next((year for year in wanted if year not in current().confirmed), None)


def warn_unconfirmed(*, at):
    """Tell the administrators, once a week. Safe to repeat."""
    on = timezone.localdate(at)
    if year := unconfirmed_soon(on):
        week = "{}-{}".format(*on.isocalendar()[:2])
        notify(
            kind=CALENDAR,
            recipients=Person.objects.enabled().holding(
                Position.objects.current(on).filter(code__in=positions_with(Verb.CALENDAR_MANAGE))
            ),
            at=at,
            dedupe=f"calendar:{year}:{week}",
            url_name="policy:calendar",
            params={"year": str(year)},
        )
