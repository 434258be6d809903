"""Warnings, breaches and who is told. Source: clocks.md, "Warnings and breach"."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from journal import kinds, outbox
from journal.models import Delivery, GroupRobot, Notification
from policy import clocks
from policy.clocks.ticking import COMING
from policy.models import Clock
from policy.notifications import CLOCK_KINDS
from policy.tasks import tick as tick_task
from staff.models import Position
from staff.verbs import PositionCode
from tests.world import hire

from .clocktime import at, local

pytestmark = pytest.mark.clause("GEN-02")


def told():
    """(kind without prefix, name) of every notification in the order of writing."""
    rows = Notification.objects.order_by("pk").values_list("kind", "person__name")
    return [(kind.removeprefix("policy.clock_"), name) for kind, name in rows]


def walk(clock, *shares):
    """Tick at shares of the term, a minute late."""
    span = clock.due_at - clock.started_at
    for share in shares:
        clocks.tick(clock.started_at + span * share + timedelta(minutes=1))


def test_each_level_tells_the_next_position_up_once(clock_of, world, now):
    clock = clock_of("20h")
    walk(clock, 0.4, 0.5, 0.5, 0.6, 0.8, 0.9, 1, 1, 1.2, 1.5, 1.5, 2, 2, 3)
    assert told() == [
        ("half", "东branch accountant"),
        ("soon", "东branch accountant"),
        ("breached", "东branch manager"),
        ("far_over", "东chain-operations specialist"),
        ("twice_over", "东head of customer service"),
    ]
    assert (now(clock).level, now(clock).next_at, now(clock).breached_at) == (5, None, clock.due_at)


def test_the_due_instant_itself_is_no_breach(clock_of, now):
    clock = clock_of("20h")
    clocks.tick(clock.due_at)
    assert now(clock).breached_at is None
    assert clocks.tick(clock.due_at + timedelta(microseconds=1)).breached == 1


def test_a_scheduler_three_days_late_tells_each_once(clock_of, world):
    clock = clock_of("20h")
    clocks.tick(clock.due_at + timedelta(days=3))
    assert sorted(told()) == [
        ("breached", "东branch manager"),
        ("far_over", "东chain-operations specialist"),
        ("twice_over", "东branch accountant"),  # the person in charge gets the last word, not five
        ("twice_over", "东head of customer service"),
    ]
    clocks.tick(clock.due_at + timedelta(days=4))
    assert len(told()) == 4


def test_a_clock_met_in_between_tells_nobody_more(clock_of, world):
    clock = clock_of("20h")
    walk(clock, 0.5)
    clocks.meet(world.ours, "CMP-03", at=at("2026-11-23 20:00"))
    walk(clock, 0.8, 1, 2)
    assert [kind for kind, _name in told()] == ["half"]


# The chain


def vacate(code):
    Position.objects.filter(code=code).update(ends_on="2026-11-01")


def test_a_vacant_position_is_skipped(clock_of, world):
    vacate("branch_manager")
    walk(clock_of("20h"), 1, 1.5, 2)
    assert told()[1:] == [
        ("breached", "东chain-operations specialist"),
        ("far_over", "东head of customer service"),
        ("twice_over", "东management"),
    ]


def test_a_disabled_person_leaves_the_position_vacant(clock_of, world):
    world.manager.disabled_at = timezone.now()
    world.manager.save()
    walk(clock_of("20h"), 1)
    assert told()[1:] == [("breached", "东chain-operations specialist")]


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("clerk", ["branch manager", "chain-operations specialist", "head of customer service"]),
        ("sales_rep", ["branch manager", "chain-operations specialist", "head of customer service"]),
        ("account_manager", ["branch manager", "chain-operations specialist", "head of customer service"]),
        ("branch_manager", ["chain-operations specialist", "head of customer service", "management"]),
        ("operations_specialist", ["head of customer service", "management"]),
        ("service_head", ["management"]),
        ("executive", []),
    ],
)
def test_whose_clock_it_is_decides_who_is_above(clock_of, world, code, above):
    person = world.people[code]
    walk(clock_of("20h", responsible=person), 0.5, 0.8, 1, 1.5, 2)
    assert told()[0] == ("half", person.name)
    assert [name for _kind, name in told()[2:]] == [f"东{label}" for label in above]


def test_with_nobody_in_charge_the_manager_is(clock_of, world):
    walk(clock_of("20h", responsible=None), 0.5, 0.8, 1)
    assert [name for _kind, name in told()] == [
        "东branch manager", "东branch manager", "东chain-operations specialist"
    ]  # fmt: skip


def test_a_person_who_has_left_is_nobody(clock_of, world):
    walk(clock_of("20h", responsible=world.disabled), 0.5)
    assert told() == [("half", "东branch manager")]


def test_headquarters_go_by_the_department(clock_of, world):
    technical = world.people["technical"]
    department = technical.current_positions[0].department
    department.head = head = hire("T001", "技术主管", PositionCode.TECHNICAL)
    department.save()
    walk(clock_of("20h", department=department, responsible=technical), 0.5, 0.8, 1, 1.5, 2)
    assert told()[1:] == [("soon", technical.name), ("breached", "技术主管"), ("far_over", "东management")]
    Notification.objects.all().delete()
    walk(clock_of("20h", key="own", department=department, responsible=head), 1)
    assert ("breached", "东management") in told()


def test_another_branch_hears_nothing(clock_of, world):
    walk(clock_of("20h"), 0.5, 1, 1.5, 2)
    assert not Notification.objects.filter(person__in=[world.west_manager, world.stranger]).exists()


def test_after_another_grade_the_levels_are_told_anew(clock_of, world):
    clock = clock_of("20h")
    walk(clock, 0.5)
    clock = clocks.change_grade(clock, term="40h", reason="降级", by=world.manager, at=at("2026-11-23 20:00"))
    walk(clock, 0.4, 0.5)
    assert [kind for kind, _name in told()] == ["half", "half"]


# What is written


def test_a_warning_outside_opening_hours_is_shown_at_once_and_pushed_at_the_next_opening(clock_of, world):
    clock_of("20h", start="2026-11-20 17:00")  # half of it at three in the night of a Saturday
    clocks.tick(at("2026-11-21 03:01"))
    row = Notification.objects.get()
    assert (local(row.visible_at), local(row.push_at)) == ("2026-11-21 03:01", "2026-11-23 08:30")
    clock_of("2h", key="day", start="2026-11-23 10:00")
    clocks.tick(at("2026-11-23 11:01"))
    assert local(Notification.objects.latest("pk").push_at) == "2026-11-23 11:01"


def test_a_notification_leads_to_the_record_and_says_when(clock_of, world):
    walk(clock_of("20h", url_name="customers:record"), 0.5)
    row = Notification.objects.get()
    assert row.text == "Half of the time is gone: 投诉 17, due 2026-11-24 05:00"
    assert (row.url_name, row.subject_type, row.subject_id) == ("customers:record", "customers.customer", world.ours.pk)
    assert row.branch == world.east


def test_without_a_page_of_its_own_it_leads_to_the_clock(clock_of):
    clock = clock_of("20h")
    walk(clock, 0.5)
    row = Notification.objects.get()
    assert (row.url_name, row.subject_id) == ("policy:clock", clock.pk)


def test_a_breach_reaches_the_group_of_the_unit_once_and_a_warning_does_not(clock_of, world):
    group = GroupRobot.objects.create(
        kind="wecom", name="东城群", webhook="https://qyapi.weixin.qq.com/1", branch=world.east
    )  # fmt: skip
    hire("M002", "第二店长", PositionCode.BRANCH_MANAGER, branch=world.east)
    clock = clock_of("2h", start="2026-11-23 10:00")
    walk(clock, 0.5, 0.8)
    outbox.plan(at=clock.due_at)
    assert not Delivery.objects.exists()
    walk(clock, 1)
    assert len(told()) == 4, "two managers"
    for _again in range(2):
        outbox.plan(at=clock.due_at + timedelta(minutes=1))
    assert [(post.robot, post.notification.kind) for post in Delivery.objects.all()] == [
        (group, "policy.clock_breached")
    ]  # fmt: skip


@pytest.mark.parametrize("code", CLOCK_KINDS)
def test_every_level_is_a_declared_kind_that_is_mailed_where_it_matters(code):
    late = CLOCK_KINDS.index(code) >= 2
    assert (kinds.get(code).important, kinds.get(code).to_group) == (code != CLOCK_KINDS[0], late)


# Many, and several at once


def test_more_clocks_than_a_batch_are_all_told(clock_of, world, monkeypatch):
    monkeypatch.setattr("policy.clocks.ticking.BATCH", 3)
    for number in range(10):
        clock_of("20h", key=str(number))
    assert clocks.tick(at("2026-11-23 20:00")).moved == 10
    assert len(told()) == 10


def test_a_tick_asks_the_same_number_of_queries_for_one_and_for_many(clock_of, django_assert_num_queries):
    clock_of("20h")
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        clocks.tick(at("2026-11-23 20:00"))
    for number in range(30):
        clock_of("20h", key=str(number))
    with django_assert_num_queries(len(one)):
        clocks.tick(at("2026-11-23 20:00"))


def test_the_plan_uses_the_index_of_what_comes_next(clock_of):
    clock_of("20h")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {COMING}", {"at": at("2026-11-23 20:00")})
        assert "clock_next" in "".join(line for (line,) in cursor.fetchall())


def test_two_schedulers_at_once_tell_each_once(live_world):
    starts = [
        clocks.Start(subject=live_world.ours, clause="CMP-03", key=str(number), at=at("2026-11-23 09:00"), title="投诉",
                     branch=live_world.east, responsible=live_world.accountant, term="20h")
        for number in range(200)
    ]  # fmt: skip
    clocks.start_many(starts)
    gate, moved = threading.Barrier(2), []

    def beat():
        try:
            gate.wait()
            moved.append(clocks.tick(at("2026-11-25 09:00")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=beat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clocks.tick(at("2026-11-25 09:00"))  # whatever both skipped for each other
    assert sum(part.moved for part in moved) == 200
    assert Clock.objects.filter(level=5).count() == 200
    assert Notification.objects.count() == 800


def test_the_task_ticks_now_and_again(world, clock_of):
    clock_of("1h", start="2026-01-05 09:00")
    tick_task()
    tick_task()
    assert len(told()) == 4
