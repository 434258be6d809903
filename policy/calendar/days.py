"""Days worked and days off: official ones with make-up days 调休, the company's own, a unit's own.

A year whose official days are not confirmed counts plain weekends and statutory days: those of fixed date and, from a
table of dates, Spring Festival (eve to third day), Qingming, Dragon Boat and Mid-Autumn. Source: clocks.md.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from ..stamps import Kept

DATA = Path(__file__).resolve().parent.parent / "data"
EVE = "除夕"
SPRING_FESTIVAL = ((0, EVE), (1, "春节"), (2, "春节"), (3, "春节"))  # days after the eve


@dataclass(frozen=True)
class Calendar:
    """A state of the calendar. `own` has (unit id or None for the company, day): whether it is worked."""

    official: dict = field(default_factory=dict)  # day: whether it is worked
    own: dict = field(default_factory=dict)
    confirmed: frozenset = frozenset()  # years

    def said(self, day, branch_id=None):
        """Whether the day is worked, where somebody has said so about this very day; None for an ordinary day."""
        own = self.said_by_us(day, branch_id)
        if own is not None:
            return own
        if day.year in self.confirmed:
            return self.official.get(day)
        return False if day in statutory_days(day.year) else None

    def said_by_us(self, day, branch_id=None):
        """The same of the company's own days only; a unit's word goes before the company's."""
        if branch_id is not None and (branch_id, day) in self.own:
            return self.own[branch_id, day]
        return self.own.get((None, day))

    def works(self, day, branch_id=None):
        """Whether it is a working day."""
        said = self.said(day, branch_id)
        return day.weekday() < 5 if said is None else said

    def unconfirmed(self, first, last):
        """Years from one day to another that are not confirmed."""
        return [year for year in range(first.year, last.year + 1) if year not in self.confirmed]


@cache
def _statutory():
    return json.loads((DATA / "statutory.json").read_text(encoding="utf-8"))


@cache
def statutory_days(year):
    """{day: name} of the days off by law, without the days that the yearly notice adds or moves."""
    found = {date.fromisoformat(f"{year:04}-{day}"): name for day, name in _statutory()["fixed"].items()}
    for name, day in _statutory()["moving"].get(str(year), {}).items():
        first = date.fromisoformat(day)
        if name == EVE:
            found |= {first + timedelta(days): label for days, label in SPRING_FESTIVAL}
        else:
            found[first] = name
    return found


def shipped_years():
    """The official years that come with the product: {year: its file's content}."""
    files = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("calendar_*.json")))
    return {file["year"]: file for file in files}


@cache
def shipped():
    """The calendar as it comes with the product, without a database."""
    years = shipped_years()
    days = {date.fromisoformat(day["date"]): day["works"] for file in years.values() for day in file["days"]}
    return Calendar(official=days, confirmed=frozenset(years))


def _load():
    from ..models import CalendarDay, CalendarYear

    years = dict(CalendarYear.objects.values_list("year", "confirmed_at"))
    # A database that has just been made does not know the years yet that come with this version.
    official = {day: works for day, works in shipped().official.items() if day.year not in years}
    confirmed = {year for year, at in years.items() if at} | (shipped().confirmed - years.keys())
    own = {}
    for day, works, branch_id, origin in CalendarDay.objects.values_list("date", "works", "branch_id", "origin"):
        if origin == CalendarDay.Origin.OFFICIAL:
            official[day] = works
        else:
            own[branch_id, day] = works
    return Calendar(official, own, frozenset(confirmed))


_kept = Kept("calendar", _load)


def current():
    """The calendar as it stands now."""
    return _kept.get()
