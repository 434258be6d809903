"""What happens to a clock: started, met, breached, waived, paused, graded anew. Source: clocks.md."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import clocks, rules
from policy.models import CalendarDay, CalendarYear, Clock, RuleValue
from policy.rules import Rule
from policy.terms import Kind

from .clocktime import at, local


@pytest.fixture
def pausable():
    """While the test lasts, clocks of CMP-08 may be paused."""
    rule = Rule("test.claims.pausable", default=True, kind="boolean", clause="CMP-08", label="may be paused")
    yield rule
    del rules.registry[rule.key]


@pytest.fixture
def reply():
    rule = Rule("test.reply", default="24h", kind="term", clause="CMP-09", label="reply")
    yield rule
    del rules.registry[rule.key]


def test_a_clock_keeps_its_due_time_with_the_term(clock_of, world):
    clock = clock_of("3workdays", start="2026-09-30 10:00")
    assert (local(clock.due_at), clock.term, clock.kind) == ("2026-10-10 18:00", "3workdays", Kind.WORKDAYS)
    assert (clock.subject_type, clock.subject_id, clock.state) == ("customers.customer", world.ours.pk, "running")
    CalendarDay.objects.create(date="2026-10-10", works=False, name="盘点", origin="own")
    assert local(Clock.objects.get(pk=clock.pk).due_at) == "2026-10-10 18:00"


def test_a_clock_takes_the_parameter_in_force_and_keeps_it(clock_of, reply, world, now):
    RuleValue.objects.create(
        rule=reply.key, branch=world.east, value="2h", reason="试行", starts_on="2026-11-23",
        set_by=world.administrator, set_at=at("2026-11-23 08:00"),
    )  # fmt: skip
    here = clock_of(None, rule=reply)
    there = clock_of(None, rule=reply, branch=world.west, subject=world.theirs)
    assert (here.rule, here.term, there.term) == ("test.reply", "2h", "24h")
    RuleValue.objects.create(
        rule=reply.key, branch=world.east, value="8h", reason="太紧", starts_on="2026-11-23",
        set_by=world.administrator, set_at=at("2026-11-23 10:00"),
    )  # fmt: skip
    assert now(here).term == "2h"
    assert clock_of(None, rule=reply, key="later").term == "8h"


def test_starting_twice_keeps_the_first(clock_of):
    first = clock_of("24h")
    assert clock_of("30min", start="2026-11-23 10:00") == first
    assert clock_of("30min", key="another").pk != first.pk
    clocks.meet(SimpleNamespace(_meta=first._meta, pk=0), "CMP-03", at=first.due_at)
    assert Clock.objects.count() == 2


def test_many_clocks_start_in_few_statements(world, django_assert_max_num_queries):
    people = [*world.people.values(), world.colleague, world.stranger]
    starts = [
        clocks.Start(subject=person, clause="AUD-01", at=at("2026-11-23 09:00"), title=person.name, branch=world.east,
                     term="3workdays")
        for person in people
    ]  # fmt: skip
    with django_assert_max_num_queries(20):
        clocks.start_many(starts)
        clocks.start_many(starts)
    assert Clock.objects.count() == len(people)


def test_met_in_time_is_no_breach(clock_of, world, now):
    clock = clock_of("24h")
    met = clocks.meet(world.ours, "CMP-03", at=clock.due_at, by=world.accountant)  # the due time itself is in time
    assert (met.state, met.breached_at, now(met).next_at) == ("met", None, None)
    assert clocks.meet(world.ours, "CMP-03", at=clock.due_at) is None
    assert clock_of("24h") != clock  # the next duty has a clock of its own


def test_met_late_is_a_breach_although_no_tick_came(clock_of, world):
    clock = clock_of("24h")
    late = clocks.meet(world.ours, "CMP-03", at=clock.due_at + timedelta(microseconds=1), by=world.accountant)
    assert (late.state, late.breached_at) == ("late", clock.due_at)


def test_a_breach_stays_when_met_later(clock_of, world, now):
    clock = clock_of("24h")
    clocks.tick(at("2026-11-24 09:01"))
    clocks.meet(world.ours, "CMP-03", at=at("2026-11-24 10:00"), by=world.accountant)
    assert (now(clock).state, now(clock).breached_at) == ("late", clock.due_at)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_clock SET breached_at = NULL, level = 0",
        "UPDATE policy_clock SET breached_at = breached_at + interval '1 day'",
        "DELETE FROM policy_clock",
    ],
)
def test_the_database_refuses_to_take_a_breach_back(clock_of, statement):
    clock_of("24h")
    clocks.tick(at("2026-11-25 09:00"))
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "columns",
    [
        "waived_at = now(), closed_at = now()",
        "waiver_reason = 'x'",
        "paused_at = now()",
        "met_at = now()",
        "met_by_id = responsible_id",
        "level = 3",
        "due_at = started_at - interval '1 second'",
        "branch_id = NULL",
    ],
)
def test_the_database_refuses_halves_of_pairs(clock_of, columns):
    clock_of("24h")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE policy_clock SET " + columns)  # noqa: S608


# Waivers


def test_a_manager_waives_a_breach_which_stays_and_counts(clock_of, world, now):
    clock = clock_of("24h")
    clocks.tick(at("2026-11-25 09:00"))
    waived = clocks.waive(clock, reason="系统停机", by=world.manager, at=at("2026-11-25 10:00"))
    assert (waived.state, waived.breached_at, waived.waiver_reason) == ("waived", clock.due_at, "系统停机")
    assert now(clock).next_at is None
    with pytest.raises(ValidationError, match="waived already"):
        clocks.waive(clock, reason="再次", by=world.manager, at=at("2026-11-25 11:00"))


def test_who_may_not_waive(clock_of, world):
    clock = clock_of("24h", responsible=world.manager)
    for person, said in [
        (world.manager, "your own clock"),
        (world.west_manager, "Only the unit's manager"),
        (world.accountant, "Only the unit's manager"),
        (world.administrator, "Only the unit's manager"),
    ]:
        with pytest.raises(ValidationError, match=said):
            clocks.waive(clock, reason="理由", by=person, at=at("2026-11-23 10:00"))
    with pytest.raises(ValidationError, match="Say why"):
        clocks.waive(clock, reason="  ", by=world.people["service_head"], at=at("2026-11-23 10:00"))
    assert clocks.waive(clock, reason="理由", by=world.people["service_head"], at=at("2026-11-23 10:00")).closed_at


def test_what_was_met_in_time_needs_no_waiver(clock_of, world):
    clock = clock_of("24h")
    clocks.meet(world.ours, "CMP-03", at=at("2026-11-23 10:00"))
    with pytest.raises(ValidationError, match="nothing to waive"):
        clocks.waive(clock, reason="理由", by=world.manager, at=at("2026-11-23 11:00"))


# Pauses


def test_without_a_parameter_no_clock_is_paused(clock_of, world):
    with pytest.raises(ValidationError, match="CMP-03 cannot be paused"):
        clocks.pause(clock_of("24h"), reason="等客户", by=world.accountant, at=at("2026-11-23 10:00"))


def test_a_pause_moves_the_due_time_and_the_percentages_by_its_length(clock_of, world, pausable, now):
    clock = clock_of("10h", clause="CMP-08")
    paused = clocks.pause(clock, reason="等客户", by=world.accountant, at=at("2026-11-23 12:00"))
    assert (paused.state, paused.next_at) == ("paused", None)
    assert clocks.tick(at("2026-11-25 12:00")).moved == 0
    running = clocks.resume(clock, by=world.accountant, at=at("2026-11-25 12:00"))
    assert (local(running.due_at), local(running.next_at)) == ("2026-11-25 19:00", "2026-11-25 14:00")
    assert (running.state, running.paused_for) == ("running", timedelta(days=2))
    assert clocks.resume(clock, by=world.accountant, at=at("2026-11-25 13:00")).due_at == running.due_at


def test_what_may_not_be_paused(clock_of, world, pausable):
    clock = clock_of("10h", clause="CMP-08")
    with pytest.raises(ValidationError, match="Say why"):
        clocks.pause(clock, reason="", by=world.accountant, at=at("2026-11-23 12:00"))
    with pytest.raises(ValidationError, match="cannot be paused"):
        clocks.pause(clock, reason="迟了", by=world.accountant, at=at("2026-11-23 20:00"))
    clocks.pause(clock, reason="等客户", by=world.accountant, at=at("2026-11-23 12:00"))
    with pytest.raises(ValidationError, match="paused already"):
        clocks.pause(clock, reason="等客户", by=world.accountant, at=at("2026-11-23 13:00"))


def test_met_during_a_pause_is_in_time(clock_of, world, pausable):
    clock = clock_of("10h", clause="CMP-08")
    clocks.pause(clock, reason="等客户", by=world.accountant, at=at("2026-11-23 12:00"))
    met = clocks.meet(world.ours, "CMP-08", at=at("2026-11-30 12:00"))
    assert (met.state, met.paused_for) == ("met", timedelta(days=7))


# Grades, persons, lapses


def test_another_grade_counts_again_from_the_start(clock_of, world, now):
    clock = clock_of("48h")
    clocks.tick(at("2026-11-24 10:00"))
    assert now(clock).level == 1
    graded = clocks.change_grade(clock, term="24h", reason="升级为紧急", by=world.manager, at=at("2026-11-24 11:00"))
    assert (local(graded.due_at), graded.level, graded.regrade_reason) == ("2026-11-24 09:00", 0, "升级为紧急")
    assert clocks.tick(at("2026-11-24 11:01")).breached == 1
    longer = clocks.change_grade(clock, term="5workdays", reason="降级", by=world.manager, at=at("2026-11-24 12:00"))
    assert (local(longer.due_at), longer.state, longer.level) == ("2026-11-30 18:00", "breached", 3)
    with pytest.raises(ValidationError, match="Say why"):
        clocks.change_grade(clock, term="2h", reason="", by=world.manager, at=at("2026-11-24 13:00"))


def test_another_person_is_in_charge_from_now_on(clock_of, world):
    clock = clock_of("24h")
    assert (
        clocks.reassign(clock, to=world.owner, by=world.manager, at=at("2026-11-23 10:00")).responsible == world.owner
    )


def test_a_duty_that_lapsed_ends_without_being_met(clock_of, world):
    clock = clocks.close(clock_of("24h"), reason="重复登记", by=world.manager, at=at("2026-11-23 10:00"))
    assert (clock.state, clock.breached_at, clock.next_at) == ("over", None, None)
    with pytest.raises(ValidationError, match="ended already"):
        clocks.close(clock, reason="重复登记", by=world.manager, at=at("2026-11-23 11:00"))
    late = clocks.close(clock_of("24h"), reason="重复登记", by=world.manager, at=at("2026-11-30 10:00"))
    assert late.breached_at == late.due_at


# Who sees them


@pytest.mark.clause("SEC-01")
def test_clocks_are_seen_by_whom_they_concern(clock_of, world):
    technical = world.people["technical"]
    department = technical.current_positions[0].department
    department.head = world.colleague
    department.save()
    clock_of("24h")
    clock_of("24h", key="hq", department=department, responsible=technical)
    seen = {code: Clock.objects.visible_to(person).count() for code, person in world.people.items()}
    everybody = {"inspector": 2, "service_head": 2, "executive": 2}
    unit = {"accountant": 1, "branch_manager": 1, "operations_specialist": 1, "technical": 1}
    assert {code: number for code, number in seen.items() if number} == everybody | unit
    assert Clock.objects.visible_to(world.colleague).get().key == "hq"
    assert not Clock.objects.visible_to(world.west_manager).exists()
    assert not Clock.objects.visible_to(world.nobody).exists()


# The calendar is confirmed


def test_confirming_a_year_moves_open_due_times_only(clock_of, world, now):
    CalendarYear.objects.filter(year=2026).update(confirmed_at=None, notice="")
    moved = clock_of("3workdays", start="2026-09-30 10:00")
    assert local(moved.due_at) == "2026-10-07 18:00"
    same = clock_of("1workdays", key="same", start="2026-11-23 10:00")
    elapsed = clock_of("240h", key="elapsed", start="2026-09-30 10:00")
    met = clock_of("3workdays", key="met", start="2026-09-30 10:00")
    clocks.meet(world.ours, "CMP-03", key="met", at=at("2026-09-30 11:00"))
    breached = clock_of("1workdays", key="breached", start="2026-09-30 10:00")
    clocks.tick(at("2026-10-05 20:00"))
    assert now(breached).breached_at
    CalendarYear.objects.filter(year=2026).update(confirmed_at=at("2026-10-05 21:00"), confirmed_by=world.administrator)
    result = clocks.recount(2026)
    assert (result.looked_at, result.moved, result.wrongly_breached) == (3, 1, 1)
    assert local(now(moved).due_at) == "2026-10-10 18:00"
    assert [now(clock).due_at == clock.due_at for clock in (same, elapsed, met, breached)] == [True] * 4
    assert clocks.recount(2026).moved == 0


# The database derives when the next level comes


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10**7), st.integers(0, 10**6), st.integers(-10, 3 * 10**7))
def test_levels_of_the_database_are_those_of_the_percentages(seconds, paused, elapsed):
    start = at("2026-11-23 09:00")
    span, base = timedelta(seconds=seconds), start + timedelta(seconds=paused)
    due, moment = base + span, base + timedelta(seconds=elapsed)
    steps = [base + span * 0.5, base + span * 0.8, due + timedelta(microseconds=1)]
    steps += [base + span * share + timedelta(microseconds=1) for share in (1.5, 2)]
    expected = sum(moment >= step for step in steps)
    with connection.cursor() as cursor:
        cursor.execute("SELECT policy_clock_level(%s, %s, %s, %s)", [moment, start, timedelta(seconds=paused), due])
        assert cursor.fetchone()[0] == expected
