"""A duty of every working day. Source: CMP-04, clocks.md "Daily progress"."""

import threading
from datetime import UTC

import pytest
from django.db import connections

from policy import clocks
from policy.models import Clock, DailyDuty

from .clocktime import at, local

pytestmark = pytest.mark.clause("CMP-04")


@pytest.fixture
def duty(world):
    """Set complex on Thursday 2026-11-19."""
    return clocks.start_daily(
        world.ours, "CMP-04", at=at("2026-11-19 10:00"), title="每日通报", branch=world.east,
        responsible=world.people["account_manager"],
    )  # fmt: skip


def days():
    return [(clock.key, clock.state) for clock in Clock.objects.order_by("key")]


def test_each_working_day_gets_a_clock_due_at_closing_time(duty, world):
    clocks.tick(at("2026-11-19 18:30"))
    assert days() == []  # the day itself is not counted
    clocks.tick(at("2026-11-20 00:01"))
    clock = Clock.objects.get()
    assert (clock.key, local(clock.started_at), local(clock.due_at)) == (
        "2026-11-20", "2026-11-20 08:30", "2026-11-20 18:00"
    )  # fmt: skip
    clocks.meet_daily(world.ours, "CMP-04", at=at("2026-11-20 15:00"))
    clocks.tick(at("2026-11-22 12:00"))
    assert days() == [("2026-11-20", "met")]  # nothing on the weekend
    clocks.tick(at("2026-11-23 09:00"))
    assert days() == [("2026-11-20", "met"), ("2026-11-23", "running")]


def test_each_missing_day_is_one_breach(duty, world):
    clocks.tick(at("2026-11-25 09:00"))  # the scheduler stood still for days
    assert days() == [
        ("2026-11-20", "breached"), ("2026-11-23", "breached"), ("2026-11-24", "breached"), ("2026-11-25", "running")
    ]  # fmt: skip
    clocks.meet_daily(world.ours, "CMP-04", at=at("2026-11-25 10:00"))
    clocks.tick(at("2026-11-25 11:00"))
    assert [state for _day, state in days()] == ["breached", "breached", "breached", "met"]


@pytest.mark.parametrize(
    ("start", "now", "keys"),
    [
        ("2028-02-28 10:00", "2028-03-02 09:00", ["2028-02-29", "2028-03-01", "2028-03-02"]),  # a leap day
        ("2026-02-26 10:00", "2026-03-02 09:00", ["2026-02-27", "2026-02-28", "2026-03-02"]),  # a worked Saturday
        ("2026-12-30 10:00", "2027-01-04 09:00", ["2026-12-31", "2027-01-04"]),  # into a year not confirmed
        ("2026-10-09 10:00", "2026-10-10 09:00", ["2026-10-10"]),
    ],
)
def test_days_across_the_ends_of_months_and_years(world, start, now, keys):
    clocks.start_daily(world.ours, "CMP-04", at=at(start), title="每日通报", branch=world.east)
    clocks.tick(at(now))
    clocks.tick(at(now))
    assert [key for key, _state in days()] == keys


def test_the_day_begins_in_shanghai(duty):
    clocks.tick(at("2026-11-19 23:59").astimezone(UTC))
    assert days() == []
    clocks.tick(at("2026-11-20 00:00").astimezone(UTC))  # 16:00 of the day before in London
    assert days() == [("2026-11-20", "running")]


def test_two_schedulers_three_days_late_open_each_day_once(live_world):
    for subject in (live_world.ours, live_world.unowned):
        clocks.start_daily(subject, "CMP-04", at=at("2026-11-19 10:00"), title="每日通报", branch=live_world.east)
    gate = threading.Barrier(2)

    def beat():
        try:
            gate.wait()
            clocks.tick(at("2026-11-24 09:00"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=beat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clocks.tick(at("2026-11-24 09:00"))  # whatever both skipped for each other
    assert [key for key, _state in days()] == sorted(["2026-11-20", "2026-11-23", "2026-11-24"] * 2)
    assert Clock.objects.filter(breached_at__isnull=False).count() == 4


def test_a_deed_counts_although_no_tick_has_opened_the_day(duty, world):
    assert clocks.meet_daily(world.ours, "CMP-04", at=at("2026-11-20 07:00")).state == "met"
    assert clocks.meet_daily(world.ours, "CMP-04", at=at("2026-11-20 09:00")) is None
    assert clocks.meet_daily(world.ours, "CMP-04", at=at("2026-11-21 09:00")) is None
    clocks.tick(at("2026-11-20 19:00"))
    assert days() == [("2026-11-20", "met")]


def test_after_closing_time_is_too_late_for_the_day(duty, world):
    assert clocks.meet_daily(world.ours, "CMP-04", at=at("2026-11-20 18:01")).state == "late"


def test_the_solution_is_the_last_days_deed_and_ends_it(duty, world):
    clocks.tick(at("2026-11-23 09:00"))
    clocks.end_daily(world.ours, "CMP-04", at=at("2026-11-23 15:00"), by=world.owner)
    assert days() == [("2026-11-20", "over"), ("2026-11-23", "met")]
    assert Clock.objects.get(key="2026-11-20").breached_at
    clocks.tick(at("2026-11-27 09:00"))
    assert len(days()) == 2
    assert not Clock.objects.open().exists()


def test_beginning_twice_is_once_and_after_the_end_it_may_begin_again(duty, world):
    again = clocks.start_daily(world.ours, "CMP-04", at=at("2026-11-20 10:00"), title="每日通报", branch=world.east)
    assert again == duty
    clocks.end_daily(world.ours, "CMP-04", at=at("2026-11-20 11:00"))
    clocks.start_daily(world.ours, "CMP-04", at=at("2026-11-20 12:00"), title="每日通报", branch=world.east)
    assert DailyDuty.objects.count() == 2
