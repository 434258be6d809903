"""The working calendar: official years, a next one loaded, days of our own. Source: clocks.md."""

import json
from datetime import date, time, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from crm_site import reference
from journal.models import Notification
from policy import calendar, clocks
from policy.calendar import reading
from policy.calendar.days import shipped_years, statutory_days
from policy.calendar.years import unconfirmed_soon, warn_unconfirmed
from policy.models import CalendarDay, CalendarYear, Clock
from staff.models import OpeningPeriod

from .clocktime import at, local

CALENDAR = reverse("policy:calendar")
LOAD = reverse("policy:calendar_load")
CONFIRM = reverse("policy:calendar_confirm")
OWN = reverse("policy:own_day")
YEAR_2027 = """date,works,name
2027-01-01,0,元旦
2027-02-06,0,春节
2027-02-08,0,春节
2027-02-20,1,春节调休上班
2027-05-01,0,劳动节
2027-05-03,0,劳动节
2027-10-01,0,国庆节
2027-10-02,0,国庆节
2027-10-03,0,国庆节
2027-10-04,0,国庆节
2027-10-09,1,国庆节调休上班
"""
LINES = YEAR_2027.splitlines()[1:]


@pytest.fixture
def office(world, sign_in):
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


def upload(client, content, name="2027.csv"):
    file = BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = name
    return client.post(LOAD, {"file": file})


# What comes with the product


def test_2026_is_complete_with_make_up_days(db):
    file = shipped_years()[2026]
    off = [day for day in file["days"] if not day["works"]]
    worked = [day["date"] for day in file["days"] if day["works"]]
    assert len(off) == 33
    assert worked == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert sum(calendar.current().works(day) for day in days) == 248
    assert CalendarDay.objects.filter(date__year=2026).count() == 39


def test_loading_again_leaves_alone_what_an_administrator_made_of_it(db):
    CalendarDay.objects.filter(date="2026-10-10").delete()
    assert reference.load()["policy_calendarday"] == 0
    assert not CalendarDay.objects.filter(date="2026-10-10").exists()


def test_an_empty_database_goes_by_the_years_of_this_version(db):
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    assert calendar.current() == calendar.shipped()
    assert sum(reference.load()[table] for table in ["policy_calendarday"]) == 72


@pytest.mark.parametrize("year", range(2027, 2051))
def test_statutory_days_of_a_year_to_come(year):
    days = statutory_days(year)
    spring = [day for day, name in days.items() if name in ("除夕", "春节")]
    assert len(spring) == 4
    assert date(year, 1, 20) <= min(spring) <= date(year, 2, 20)
    assert [name for name in days.values() if name in ("清明节", "端午节", "中秋节")].__len__() == 3
    assert date(year, 10, 3) in days


def test_a_branch_day_goes_before_the_companys_and_the_official_one(world):
    day = date(2026, 11, 28)
    own = {"date": day, "name": "x", "origin": "own"}
    CalendarDay.objects.create(works=True, **own)
    CalendarDay.objects.create(works=False, branch=world.east, **own)
    known = calendar.current()
    assert (known.works(day), known.works(day, world.west.pk), known.works(day, world.east.pk)) == (True, True, False)


def test_a_change_of_the_calendar_is_seen_at_once(db):
    day = date(2026, 11, 24)
    assert calendar.current().works(day)
    CalendarDay.objects.create(date=day, works=False, name="x", origin="own")
    assert not calendar.current().works(day)
    CalendarDay.objects.filter(date=day).update(works=True)
    assert calendar.current().works(day)


# Opening hours


def test_a_unit_with_a_lunch_break(world):
    for opens, closes in ((time(9), time(12)), (time(13, 30), time(18))):
        OpeningPeriod.objects.create(branch=world.east, weekday=0, opens=opens, closes=closes)
    unit = calendar.units([world.east.pk], on=date(2026, 11, 23))[world.east.pk]
    asked = ["08:59", "09:00", "11:59", "12:00", "13:29", "13:30", "17:59", "18:00"]
    assert [unit.is_open(at(f"2026-11-23 {moment}")) for moment in asked] == [
        False, True, True, False, False, True, True, False
    ]  # fmt: skip
    assert local(unit.next_opening(at("2026-11-23 12:30"))) == "2026-11-23 13:30"
    assert local(unit.next_opening(at("2026-11-23 18:00"))) == "2026-11-30 09:00"


def test_many_units_are_read_in_few_queries(world, django_assert_max_num_queries):
    ids = [world.east.pk, world.west.pk, world.online.pk, None]
    calendar.units(ids, on=date(2026, 11, 23))
    with django_assert_max_num_queries(4):
        assert set(calendar.units(ids, on=date(2026, 11, 23))) == set(ids)


# Loading a year


@pytest.mark.parametrize(
    "content",
    [
        YEAR_2027,
        "\ufeff" + YEAR_2027,
        YEAR_2027.encode("gb18030"),
        YEAR_2027.replace("date,works,name", "日期,上班,名称").replace(",0,", ",休,").replace(",1,", ",班,"),
        json.dumps({"days": [dict(zip(("date", "works", "name"), line.split(","), strict=True)) for line in LINES]}),
    ],
)
def test_a_year_is_previewed_then_confirmed(office, content):
    preview = upload(office, content)
    assert "Calendar of 2027: check" in preview.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()
    answer = office.post(CONFIRM, {"text": preview.context["form"]["text"].value()}, follow=True).content.decode()
    assert "The calendar of 2027 is confirmed." in answer
    assert CalendarDay.objects.filter(date__year=2027, origin="official").count() == 11
    assert calendar.current().works(date(2027, 10, 9))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Fill this in|submitted file is empty"),
        ("nonsense", "The first line must name the columns"),
        (YEAR_2027 + "soon,0,x\n2027-13-01,0,x\n", "Line 13: “soon” is no date.*Line 14: “2027-13-01” is no date"),
        (YEAR_2027 + "2027-12-01,perhaps,x\n", "Line 13: “perhaps”: write 1"),
        (YEAR_2027 + "2027-12-01,0,\n", "Line 13: the name of the day is missing"),
        (YEAR_2027 + f"2027-12-01,0,{'x' * 61}\n", "longer than 60"),
        (YEAR_2027 + "2027-10-01,0,x\n", "2027-10-01 stands there more than once"),
        (YEAR_2027 + "2028-10-01,0,x\n", "several years: 2027, 2028"),
        ("date,works,name\n2027-01-01,0,x\n", "2027-05-01 is missing as a day off"),
        ("date,works,name\n", "The file has no days"),
        ('{"days": 3}', "needs a list of days"),
        ('{"days": [3]}', "Line 1: needs date, works and name"),
        ("{", "cannot be read as JSON"),
        ("[" * 20000, "cannot be read as JSON"),
        (b"\xff\xfe\x00\x81\x30", "neither UTF-8 nor GB 18030"),
        ("x" * 200_001, "too large"),
    ],
)
def test_every_bad_line_is_named_and_nothing_is_written(office, content, said):
    import html
    import re

    answer = upload(office, content)
    assert answer.status_code == 200
    assert re.search(said, html.unescape(answer.content.decode()), re.S), answer.context["form"].errors
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_without_a_file_or_with_a_forged_text_nothing_happens(office):
    assert "Choose" in office.post(LOAD).content.decode() or "Fill this in" in office.post(LOAD).content.decode()
    assert office.post(CONFIRM, {"text": "date,works\n2027-01-01,0"}).status_code == 200
    assert office.post(CONFIRM).status_code == 200
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_confirming_counts_open_clocks_again_and_says_how_many_moved(office, clock_of, now):
    clock = clock_of("3workdays", start="2027-09-30 10:00")
    assert local(clock.due_at) == "2027-10-06 18:00"
    answer = office.post(CONFIRM, {"text": YEAR_2027}, follow=True).content.decode()
    assert "1 due time moved." in answer
    assert local(now(clock).due_at) == "2027-10-07 18:00"
    assert now(clock).next_at > clock.next_at
    corrected = office.post(CONFIRM, {"text": YEAR_2027.replace("2027-10-04,0", "2027-10-05,0")}, follow=True)
    assert "0 due times moved." in corrected.content.decode()
    assert local(now(clock).due_at) == "2027-10-07 18:00"


def test_a_clock_over_new_year_follows_too(office, clock_of, now):
    clock = clock_of("12workdays", start="2026-12-21 10:00")
    due = clock.due_at
    text = YEAR_2027.replace("2027-01-01,0,元旦\n", "2027-01-01,0,元旦\n2027-01-02,1,元旦调休上班\n")
    office.post(CONFIRM, {"text": text})
    assert now(clock).due_at < due


def test_the_command_loads_a_year(world, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text(YEAR_2027, encoding="utf-8")
    out = StringIO()
    call_command("load_calendar", str(file), "--check", stdout=out)
    assert out.getvalue() == "2027: 9 days off, 2 make-up days.\n"
    assert not CalendarYear.objects.filter(year=2027).exists()
    call_command("load_calendar", str(file), stdout=out)
    assert "The calendar of 2027 is confirmed. 0 due times moved." in out.getvalue()
    assert CalendarYear.objects.get(year=2027).notice == "2027.csv"


def test_the_command_says_what_is_wrong(world, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_calendar", str(tmp_path / "missing.csv"))
    bad = tmp_path / "bad.csv"
    bad.write_text(YEAR_2027 + "soon,0,x\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Line 13: “soon” is no date"):
        call_command("load_calendar", str(bad))


def test_the_shipped_files_read_as_uploads():
    for year, file in shipped_years().items():
        days, notice = reading.read(json.dumps(file, ensure_ascii=False).encode())
        assert (days[0].date.year, notice) == (year, file["notice"])


# Warnings


def test_from_december_on_an_unconfirmed_next_year_is_warned_of(world):
    assert unconfirmed_soon(date(2026, 11, 30)) is None
    assert unconfirmed_soon(date(2026, 12, 1)) == 2027
    assert unconfirmed_soon(date(2025, 12, 1)) is None


def test_the_warning_stays_over_new_year_until_the_year_is_confirmed(world):
    assert [unconfirmed_soon(day) for day in (date(2027, 1, 1), date(2027, 7, 1), date(2027, 12, 1))] == [2027] * 3
    CalendarYear.objects.create(year=2027, confirmed_at=at("2027-02-01 09:00"), confirmed_by=world.administrator)
    assert [unconfirmed_soon(day) for day in (date(2027, 7, 1), date(2027, 12, 1))] == [None, 2028]


def test_administrators_hear_once_a_week(world):
    warn_unconfirmed(at=at("2026-11-30 08:30"))
    assert not Notification.objects.exists()
    for day in ("2026-12-01 08:30", "2026-12-01 08:31", "2026-12-02 08:30", "2026-12-07 08:30"):
        warn_unconfirmed(at=at(day))
    assert list(Notification.objects.values_list("person", flat=True)) == [world.administrator.pk] * 2
    assert "2027" in Notification.objects.first().text


# Days of our own


def own(**changes):
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {"date": day, "works": "off", "branch": "", "name": "盘点"} | changes


def test_an_own_day_comes_and_goes(office, world):
    answer = office.post(OWN, own(branch=world.east.pk), follow=True).content.decode()
    day = CalendarDay.objects.get(origin="own")
    assert (day.works, day.branch, day.name) == (False, world.east, "盘点")
    assert "盘点" in answer
    office.post(reverse("policy:own_day_remove", args=[day.pk]))
    assert not CalendarDay.objects.filter(origin="own").exists()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"date": ""}, "date"),
        ({"date": "2020-01-01"}, "date"),
        ({"name": ""}, "name"),
        ({"works": "perhaps"}, "works"),
        ({"branch": "999999"}, "branch"),
    ],
)
def test_bad_input_is_said_beside_the_field(office, typed, wrong):
    answer = office.post(OWN, own(**typed))
    assert wrong in answer.context["form"].errors


def test_a_day_stands_once(office):
    office.post(OWN, own())
    assert "date" in office.post(OWN, own()).context["form"].errors


def test_official_and_past_days_are_not_taken_away(office, world):
    official = CalendarDay.objects.filter(origin="official").first()
    assert office.post(reverse("policy:own_day_remove", args=[official.pk])).status_code == 404
    past = CalendarDay.objects.create(date="2026-01-05", works=False, name="x", origin="own")
    answer = office.post(reverse("policy:own_day_remove", args=[past.pk]), follow=True).content.decode()
    assert "due times were counted by it" in answer
    assert CalendarDay.objects.filter(pk=past.pk).exists()


# The page


def test_everybody_sees_the_year(world, sign_in):
    client = sign_in(world.accountant)
    page = client.get(CALENDAR, {"year": "2026"}).content.decode()
    assert "国办发明电〔2025〕7号" in page
    assert "春节调休上班" in page
    assert LOAD not in page
    for year in ("2030", "0", "９９９９", "-1", "99999", "x", ""):
        assert client.get(CALENDAR, {"year": year}).status_code == 200
    for url in (LOAD, OWN):
        assert client.get(url).status_code == 403


def test_an_unconfirmed_year_is_shown_as_such(office):
    assert "Not confirmed" in office.get(CALENDAR, {"year": "2027"}).content.decode()


def test_the_day_of_another_unit_is_not_shown(world, sign_in, office):
    CalendarDay.objects.create(date="2026-11-24", works=False, name="西湖停电", origin="own", branch=world.west)
    assert "西湖停电" in office.get(CALENDAR, {"year": "2026"}).content.decode()
    assert "西湖停电" not in sign_in(world.accountant).get(CALENDAR, {"year": "2026"}).content.decode()


def test_refusals_of_the_action(world):
    from policy import actions

    with pytest.raises(ValidationError):
        actions.add_own_day(
            date=date(2026, 1, 1), works=False, name="x", by=world.administrator, at=at("2026-11-23 09:00")
        )
    assert clocks.recount(2030).looked_at == 0
    assert not Clock.objects.exists()
