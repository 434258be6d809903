"""A duty of every working day. Source: CMP-04, clocks.md "Daily progress"."""

import pytest

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
