"""Giving and ending positions. Source: SEC-01."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from staff import actions
from staff.models import Person, Position
from staff.verbs import PositionCode
from tests.world import hire


def day(days):
    return timezone.localdate() + timedelta(days=days)


def add(office, person, **changes):
    typed = {"code": PositionCode.CLERK, "area": "", "starts_on": day(0).isoformat(), "ends_on": ""} | changes
    return office.post(reverse("staff:position_new", args=[person.pk]), typed, follow=True)


def end(office, position, on):
    return office.post(reverse("staff:position_end", args=[position.pk]), {"ends_on": on.isoformat()}, follow=True)


def only(person):
    return person.positions.get()


@pytest.mark.clause("SEC-01")
def test_a_position_given_today_counts_today(world, office):
    response = add(office, world.nobody, place=f"unit-{world.west.pk}")
    held = Person.objects.get(pk=world.nobody.pk).current_positions
    assert [(position.code, position.branch) for position in held] == [(PositionCode.CLERK, world.west)]
    assert "无岗 has the position customer-service clerk · 西湖分店." in response.content.decode()


def test_one_person_holds_several_positions(world, office):
    for unit in (world.east, world.west):
        add(office, world.nobody, code=PositionCode.OPERATIONS_SPECIALIST, place=f"unit-{unit.pk}")
    assert world.nobody.positions.count() == 2


def test_the_same_position_twice_at_a_time_is_refused(world, office):
    for _time in range(2):
        response = add(office, world.nobody, place=f"unit-{world.west.pk}")
    assert set(response.context["form"].errors) == {"starts_on"}
    assert world.nobody.positions.count() == 1


def test_the_same_headquarters_position_twice_is_refused(world, office):
    held = world.administrator.positions.get()
    response = add(office, world.administrator, code=held.code, place=f"department-{held.department_id}")
    assert set(response.context["form"].errors) == {"starts_on"}


def test_a_position_can_be_held_again_after_it_ended(world, office):
    add(office, world.nobody, place=f"unit-{world.west.pk}", starts_on="2024-01-01", ends_on="2024-06-30")
    add(office, world.nobody, place=f"unit-{world.west.pk}", starts_on="2024-07-01")
    assert world.nobody.positions.count() == 2


@pytest.mark.clause("SEC-01")
def test_ended_yesterday_means_no_access_from_now_on(world, office):
    end(office, only(world.stranger), day(-1))
    assert Person.objects.get(pk=world.stranger.pk).current_positions == []


def test_ended_today_means_access_until_midnight(world, office):
    response = end(office, only(world.stranger), day(0))
    assert len(Person.objects.get(pk=world.stranger.pk).current_positions) == 1
    assert f"until {day(0).isoformat()}" in response.content.decode()


def test_what_somebody_was_on_earlier_days_stays(world, office):
    position = only(world.stranger)
    response = end(office, position, day(-2))
    assert set(response.context["form"].errors) == {"ends_on"}
    position.refresh_from_db()
    assert position.ends_on is None


def test_a_position_is_held_for_a_day_at_least(world):
    person = hire("B001", "将来", PositionCode.CLERK, branch=world.east, since=day(5))
    with pytest.raises(ValidationError):
        actions.end_position(only(person), ends_on=day(4), by=world.administrator, on=day(0))
    actions.end_position(only(person), ends_on=day(5), by=world.administrator, on=day(0))
    assert only(person).ends_on == day(5)


def test_an_end_to_come_can_be_moved(world, office):
    person = hire("B001", "暂代", PositionCode.CLERK, branch=world.east, until=day(5))
    end(office, only(person), day(30))
    assert only(person).ends_on == day(30)


def test_an_end_cannot_run_into_the_next_turn_of_the_same_position(world, office):
    person = hire("B001", "暂代", PositionCode.CLERK, branch=world.east, until=day(5))
    person.positions.create(code=PositionCode.CLERK, branch=world.east, starts_on=day(10))
    response = end(office, person.positions.first(), day(15))
    assert set(response.context["form"].errors) == {"ends_on"}


def test_what_is_over_stays_over(world):
    person = hire("B001", "从前", PositionCode.CLERK, branch=world.east, until=date(2024, 5, 1))
    with pytest.raises(ValidationError):
        actions.end_position(only(person), ends_on=day(3), by=world.administrator, on=day(0))
    assert only(person).ends_on == date(2024, 5, 1)


def test_ending_twice_on_the_same_day_is_no_error(world):
    for _time in range(2):
        actions.end_position(only(world.stranger), ends_on=day(-1), by=world.administrator, on=day(0))
    assert only(world.stranger).ends_on == day(-1)


def test_the_last_administrator_keeps_the_position(world, office):
    response = end(office, only(world.administrator), day(10))
    assert "last system administrator" in response.content.decode()
    assert only(world.administrator).ends_on is None


def test_an_administrator_can_hand_over_to_one_who_begins_the_day_after(world):
    hire("A002", "接任", PositionCode.ADMINISTRATOR, since=day(11))
    with pytest.raises(ValidationError):
        actions.end_position(only(world.administrator), ends_on=day(9), by=world.administrator, on=day(0))
    actions.end_position(only(world.administrator), ends_on=day(10), by=world.administrator, on=day(0))
    assert only(world.administrator).ends_on == day(10)


def test_positions_of_others_do_not_ask_for_an_administrator(world, office):
    end(office, only(world.people[PositionCode.INSPECTOR]), day(0))
    assert only(world.people[PositionCode.INSPECTOR]).ends_on == day(0)


@pytest.mark.clause("SEC-05")
def test_history_knows_who_gave_and_who_ended(world, office):
    add(office, world.nobody, place=f"unit-{world.west.pk}")
    end(office, only(world.nobody), day(0))
    events = Position.pgh_event_model.objects.filter(person=world.nobody.pk).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "update"]
    assert {event.pgh_context["person"] for event in events} == {world.administrator.pk}
