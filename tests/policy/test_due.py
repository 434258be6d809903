"""When terms end: every row of clocks.md, the edges, and properties against a naive count day by day."""

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.calendar import SHANGHAI, Calendar, Unit, ended, shipped
from policy.models import CalendarDay, CalendarYear
from policy.terms import Kind, Term
from staff.models import OpeningPeriod

from .clocktime import at, local

OFFICE = Unit(shipped())
DAY = ((time(9), time(18)),)
SATURDAY_SHOP = Unit(shipped(), 1, (*[DAY] * 6, ()))
LUNCH = Unit(shipped(), 1, (*[((time(8, 30), time(12)), (time(13, 30), time(18)))] * 5, (), ()))

WORKED_EXAMPLES = [
    ("2026-11-23 14:53", "30min", "2026-11-23 15:23", OFFICE),
    ("2026-11-20 17:50", "24h", "2026-11-21 17:50", OFFICE),
    ("2026-11-21 11:00", "3workdays", "2026-11-25 18:00", OFFICE),
    ("2026-09-30 10:00", "3workdays", "2026-10-10 18:00", OFFICE),
    ("2026-02-13 15:00", "2workdays", "2026-02-24 18:00", OFFICE),
    ("2026-04-30 09:00", "5workdays", "2026-05-11 18:00", OFFICE),
    ("2026-11-20 19:10", "2openinghours", "2026-11-23 10:30", OFFICE),
    ("2026-11-20 17:00", "2openinghours", "2026-11-23 09:30", OFFICE),
    ("2026-11-23 17:59", "sameday", "2026-11-23 18:00", OFFICE),
    ("2026-11-23 18:01", "sameday", "2026-11-24 18:00", OFFICE),
    ("2026-11-21 10:00", "sameday", "2026-11-21 18:00", SATURDAY_SHOP),
]
EDGES = [
    ("2026-11-23 18:00", "sameday", "2026-11-23 18:00", OFFICE),  # 18:00:00 itself is on time
    ("2026-11-21 18:00", "sameday", "2026-11-21 18:00", SATURDAY_SHOP),
    ("2026-11-21 18:01", "sameday", "2026-11-23 18:00", SATURDAY_SHOP),
    ("2026-11-21 10:00", "sameday", "2026-11-23 18:00", OFFICE),
    ("2026-10-03 10:00", "sameday", "2026-10-08 18:00", SATURDAY_SHOP),  # a Saturday that is a day off
    ("2026-10-10 10:00", "sameday", "2026-10-10 18:00", OFFICE),  # a Saturday that is worked
    ("2026-10-10 10:00", "sameday", "2026-10-12 18:00", LUNCH),  # its pattern leaves Saturdays closed
    ("2026-10-09 10:00", "1workdays", "2026-10-10 18:00", LUNCH),  # working days follow the official calendar
    ("2026-11-20 10:00", "1workdays", "2026-11-23 18:00", SATURDAY_SHOP),  # and not the pattern
    ("2026-11-23 11:30", "1openinghours", "2026-11-23 14:00", LUNCH),
    ("2026-11-23 12:10", "1openinghours", "2026-11-23 14:30", LUNCH),
    ("2026-11-23 11:00", "1openinghours", "2026-11-23 12:00", LUNCH),  # ends with the morning, not after lunch
    ("2026-11-23 16:00", "2openinghours", "2026-11-23 18:00", OFFICE),
    ("2026-11-23 00:00", "1openinghours", "2026-11-23 09:30", OFFICE),
    ("2026-12-30 10:00", "3workdays", "2027-01-05 18:00", OFFICE),  # 1 January is a day off in an unconfirmed year too
    ("2025-12-31 10:00", "1workdays", "2026-01-04 18:00", OFFICE),  # Sunday 4 January 2026 is worked
    ("2027-02-04 10:00", "1workdays", "2027-02-09 18:00", OFFICE),  # Spring Festival by law: 5 to 8 February 2027
    ("2028-02-28 10:00", "1workdays", "2028-02-29 18:00", OFFICE),
    ("2028-02-28 10:00", "24h", "2028-02-29 10:00", OFFICE),
    ("2026-01-30 10:00", "1workdays", "2026-02-02 18:00", OFFICE),
    ("2026-08-31 18:30", "sameday", "2026-09-01 18:00", OFFICE),
    ("2026-12-31 23:59", "2h", "2027-01-01 01:59", OFFICE),
]


@pytest.mark.clause("REC-05")
@pytest.mark.parametrize(("start", "term", "due", "unit"), WORKED_EXAMPLES + EDGES)
def test_due(start, term, due, unit):
    assert local(ended(at(start), Term.parse(term), unit)) == due


def test_one_second_after_closing_is_the_next_day():
    late = at("2026-11-23 18:00") + timedelta(seconds=1)
    assert local(ended(late, Term(Kind.SAME_DAY), OFFICE)) == "2026-11-24 18:00"


@pytest.mark.parametrize("term", ["30min", "3workdays", "2openinghours", "sameday"])
def test_the_time_zone_of_the_start_does_not_matter(term):
    start = at("2026-11-23 00:30")  # still the 22nd in London
    assert ended(start, Term.parse(term), OFFICE) == ended(start.astimezone(UTC), Term.parse(term), OFFICE)


def test_a_unit_that_never_opens_keeps_the_default_hours_in_the_end():
    shut = Unit(Calendar(own={(1, date(2026, 1, 1) + timedelta(days=n)): False for n in range(2000)}), 1, (DAY,) * 7)
    assert ended(at("2026-11-23 10:00"), Term.parse("sameday"), shut) > at("2028-01-01 00:00")


# Properties

STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 1)).map(lambda naive: naive.replace(tzinfo=SHANGHAI))
AMOUNTS = st.integers(1, 40)
UNITS = st.sampled_from([OFFICE, SATURDAY_SHOP, LUNCH])
KINDS = st.sampled_from(["workdays", "openinghours", "h"])


@given(STARTS, STARTS, AMOUNTS, KINDS, UNITS)
@settings(max_examples=150, deadline=None)
def test_a_later_start_is_never_due_earlier(first, second, amount, kind, unit):
    first, second = sorted((first, second))
    term = Term.parse(f"{amount}{kind}")
    assert ended(first, term, unit) <= ended(second, term, unit)
    assert ended(first, Term(Kind.SAME_DAY), unit) <= ended(second, Term(Kind.SAME_DAY), unit)


@given(STARTS, AMOUNTS, AMOUNTS, KINDS, UNITS)
@settings(max_examples=150, deadline=None)
def test_a_longer_term_is_never_due_earlier(start, less, more, kind, unit):
    less, more = sorted((less, more))
    assert ended(start, Term.parse(f"{less}{kind}"), unit) <= ended(start, Term.parse(f"{more}{kind}"), unit)


def naive_working_days(start, number, unit):
    """Counted off on the fingers, with the official files read anew."""
    day = start.astimezone(SHANGHAI).date()
    while number:
        day += timedelta(days=1)
        said = shipped().official.get(day)
        if said is None and day.year > 2026:
            fixed = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
            lunar = {
                2027: ["02-05", "02-06", "02-07", "02-08", "04-05", "06-09", "09-15"],
                2028: ["01-25", "01-26", "01-27", "01-28", "04-04", "05-28", "10-03"],
                2029: ["02-12", "02-13", "02-14", "02-15", "04-04", "06-16", "09-22"],
            }
            said = False if (day.month, day.day) in fixed or day.strftime("%m-%d") in lunar[day.year] else None
        works = day.strftime("%a") not in ("Sat", "Sun") if said is None else said
        number -= works
    return day


@given(STARTS, AMOUNTS, UNITS)
@settings(max_examples=200, deadline=None)
def test_working_days_are_as_counted_off_day_by_day(start, number, unit):
    due = ended(start, Term(Kind.WORKDAYS, number), unit)
    assert due.date() == naive_working_days(start, number, unit)
    assert unit.works(due.date())
    assert due.time() == time(18)


@given(STARTS, st.integers(1, 1500), UNITS)
@settings(max_examples=60, deadline=None)
def test_opening_time_is_as_counted_off_minute_by_minute(start, minutes, unit):
    start = start.replace(second=0, microsecond=0)
    due = ended(start, Term(Kind.OPENING_HOURS, minutes), unit)
    moment, counted = start, 0
    while counted < minutes:
        counted += unit.is_open(moment)
        moment += timedelta(minutes=1)
    assert due == moment


@given(STARTS, UNITS)
@settings(max_examples=150, deadline=None)
def test_same_day_ends_on_a_day_the_unit_works_and_not_before_the_start(start, unit):
    due = ended(start, Term(Kind.SAME_DAY), unit)
    assert unit.periods(due.date())
    assert due >= start
    between = [start.date() + timedelta(days=n) for n in range(1, (due.date() - start.date()).days)]
    assert not any(unit.periods(day) for day in between)


# The command


def due(*arguments):
    out, notes = StringIO(), StringIO()
    call_command("due", *arguments, stdout=out, stderr=notes)
    return out.getvalue().strip(), notes.getvalue()


@pytest.mark.parametrize(("start", "term", "wanted", "unit"), [row for row in WORKED_EXAMPLES if row[3] is OFFICE])
def test_the_command_prints_a_due_time(db, start, term, wanted, unit):
    assert due(start.replace(" ", "T"), term) == (wanted.replace(" ", "T"), "")


def test_the_command_knows_a_unit(world):
    OpeningPeriod.objects.bulk_create(
        OpeningPeriod(branch=world.east, weekday=day, opens=time(9), closes=time(20)) for day in range(6)
    )
    assert due("2026-11-21T10:00", "sameday", "--branch", "east")[0] == "2026-11-21T20:00"
    assert due("2026-11-21T10:00", "sameday")[0] == "2026-11-23T18:00"
    assert due("2026-11-20T10:00", "1workdays", "--branch=east")[0] == "2026-11-23T20:00"


def test_own_days_of_the_company_and_of_a_unit_count(world):
    own = {"origin": CalendarDay.Origin.OWN, "name": "盘点"}
    CalendarDay.objects.create(date=date(2026, 11, 24), works=False, **own)
    CalendarDay.objects.create(date=date(2026, 11, 25), works=False, branch=world.east, **own)
    CalendarDay.objects.create(date=date(2026, 11, 28), works=True, branch=world.west, **own)
    assert due("2026-11-23T10:00", "1workdays")[0] == "2026-11-25T18:00"
    assert due("2026-11-23T10:00", "1workdays", "--branch", "east")[0] == "2026-11-26T18:00"
    assert due("2026-11-27T10:00", "1workdays", "--branch", "west")[0] == "2026-11-28T18:00"


def test_an_unconfirmed_year_is_counted_and_said(db):
    answer, note = due("2027-05-28T10:00", "3workdays")
    assert answer == "2027-06-02T18:00"
    assert "2027 is not confirmed" in note
    CalendarYear.objects.filter(year=2026).update(confirmed_at=None, notice="")
    assert due("2026-10-08T10:00", "2workdays")[0] == "2026-10-12T18:00"  # Saturday 10 October no longer counts


@pytest.mark.parametrize(
    ("start", "term", "more", "said"),
    [
        ("yesterday", "3h", [], "“yesterday” is no moment"),
        ("2026-11-23", "3h", [], "“2026-11-23” is no moment"),
        ("2026-02-29T10:00", "3h", [], "“2026-02-29T10:00” is no moment"),
        ("9999-11-23T10:00", "3h", [], "the year must lie between"),
        ("2026-11-23T10:00", "3 weeks", [], "“3 weeks” is no term"),
        ("2026-11-23T10:00", "3h", ["--branch", "nowhere"], "no unit with the code “nowhere”"),
    ],
)
def test_the_command_says_in_one_sentence_what_is_wrong(world, start, term, more, said):
    with pytest.raises(CommandError) as refused:
        due(start, term, *more)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
