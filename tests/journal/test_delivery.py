"""Nothing is lost and nothing leaves twice: what a crash, a second sender or a bad line may do."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from journal import delivery, tasks
from journal.models import CustomerMessage, Delivery, Notification, State
from journal.senders.outcomes import NotSent, PossiblySent, Refused, Sent
from staff.locks import only_one
from staff.paging import counted_together

from .conftest import NOON

pytestmark = pytest.mark.clause("GEN-02")


class Crash(BaseException):
    """The process is gone."""


class Courier:
    """Takes what is due and answers as told; remembers what it was given."""

    def __init__(self, *outcomes, line="line"):
        self.outcomes, self.given, self.name, self.closed = list(outcomes), [], line, False

    def rows(self, down=()):
        return Delivery.objects.none() if down else Delivery.objects.filter(channel="email")

    def line(self, row):
        return self.name

    def send(self, row):
        assert Delivery.objects.get(pk=row.pk).state == State.INFLIGHT
        self.given.append(row.pk)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        if isinstance(outcome, type):
            raise outcome
        return outcome

    def close(self):
        self.closed = True


def queue(world, count=1, at=NOON):
    told = Notification.objects.bulk_create(
        Notification(
            person=world.owner, kind="test.plain", created_at=at, visible_at=at, push_at=at, dedupe_key=f"{at}{number}",
            pushed=True,
        )
        for number in range(count)
    )  # fmt: skip
    return Delivery.objects.bulk_create(
        Delivery(notification=n, channel="email", once=f"email:{n.pk}", created_at=at, next_try_at=at) for n in told
    )


def run(courier, at=NOON):
    return delivery.deliver(courier, now=lambda: at)


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


def test_what_is_due_is_sent_once(world):
    queue(world, 3)
    queue(world, 1, at=NOON + timedelta(seconds=1))
    courier = Courier()
    assert run(courier) == 3
    assert run(courier) == 0
    assert len(set(courier.given)) == 3
    assert courier.closed
    assert states() == [State.QUEUED, *[State.SENT] * 3]


def test_a_crash_before_anything_is_marked_loses_nothing(world, monkeypatch):
    queue(world, 3)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "take", lambda *args, **kwargs: (_ for _ in ()).throw(Crash))
        with pytest.raises(Crash):
            run(Courier())
    assert states() == [State.QUEUED] * 3
    assert run(Courier()) == 3


def test_a_crash_while_sending_is_never_sent_again_blindly(world):
    queue(world, 3)
    with pytest.raises(Crash):
        run(Courier(Sent(), Crash))
    assert states() == [State.INFLIGHT, State.QUEUED, State.SENT]
    later = NOON + delivery.STALE
    assert delivery.flag_stale(Delivery, at=NOON + timedelta(minutes=1), because="x") == 0
    assert delivery.flag_stale(Delivery, at=later, because="stopped") == 1
    assert run(Courier(), at=later) == 1
    assert states() == [State.POSSIBLY_SENT, State.SENT, State.SENT]
    assert run(Courier(), at=later + timedelta(days=1)) == 0


def test_an_outcome_that_comes_late_is_believed(world):
    [row] = queue(world)
    taken = delivery.take(Courier().rows(), at=NOON)
    delivery.flag_stale(Delivery, at=NOON + timedelta(hours=1), because="slow")
    delivery.finish(taken, Sent(), at=NOON + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.state, row.problem) == (State.SENT, "")


def test_an_outcome_that_comes_after_a_persons_decision_changes_nothing(world):
    [row] = queue(world)
    taken = delivery.take(Courier().rows(), at=NOON)
    delivery.flag_stale(Delivery, at=NOON + timedelta(hours=1), because="slow")
    delivery.close(row, by=world.administrator, at=NOON + timedelta(hours=1))
    delivery.finish(taken, NotSent("late"), at=NOON + timedelta(hours=2))
    assert states() == [State.CLOSED]


def test_tries_pause_longer_and_longer_and_end(world):
    queue(world)
    at, pauses = NOON, []
    for _try in range(delivery.ATTEMPTS):
        assert run(Courier(NotSent("busy")), at=at) == 1
        row = Delivery.objects.get()
        pauses.append(row.next_try_at - at)
        at = row.next_try_at
    assert row.state == State.DEAD
    assert row.problem == "busy"
    assert row.attempts == delivery.ATTEMPTS
    assert pauses[:4] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(pauses) == delivery.LONGEST_PAUSE
    assert run(Courier(), at=at + timedelta(days=9)) == 0


def test_waiting_for_a_busy_other_side_does_not_use_up_the_tries(world):
    queue(world)
    at = NOON
    for _try in range(delivery.ATTEMPTS + 3):
        run(Courier(NotSent("too fast", wait=timedelta(minutes=1), counts=False)), at=at)
        at += timedelta(minutes=1)
    assert states() == [State.QUEUED]
    assert Delivery.objects.get().attempts == 0


def test_when_the_line_is_down_the_others_wait_without_a_try(world):
    queue(world, 5)
    courier = Courier(NotSent("no line", line_down=True))
    assert run(courier) == 1
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert run(Courier(), at=NOON + delivery.FIRST_PAUSE) == 5
    assert states() == [State.SENT] * 5


def test_what_the_other_side_refuses_is_given_up_at_once(world):
    queue(world, 2)
    run(Courier(Refused("550 unknown"), PossiblySent("cut")))
    assert states() == [State.DEAD, State.POSSIBLY_SENT]
    assert run(Courier(), at=NOON + timedelta(days=1)) == 0


def test_a_person_decides_about_what_is_stuck_once(world):
    rows = queue(world, 2)
    run(Courier(Refused("550"), PossiblySent("cut")))
    dead, doubtful = (Delivery.objects.get(pk=row.pk) for row in rows)
    assert delivery.send_again(dead, by=world.administrator, at=NOON)
    assert not delivery.send_again(dead, by=world.administrator, at=NOON)
    assert delivery.close(doubtful, by=world.administrator, at=NOON)
    assert not delivery.close(doubtful, by=world.administrator, at=NOON)
    assert not delivery.send_again(doubtful, by=world.administrator, at=NOON)
    assert run(Courier()) == 1
    assert states() == [State.CLOSED, State.SENT]
    assert Delivery.objects.get(state=State.SENT).decided_by == world.administrator


def test_a_run_ends_after_its_time_and_the_next_goes_on(world):
    queue(world, 6)
    clock = iter(NOON + timedelta(seconds=20 * step) for step in range(99))
    sent = delivery.deliver(Courier(), now=lambda: next(clock))
    assert 0 < sent < 6
    assert states().count(State.SENT) == sent
    assert State.INFLIGHT not in states()
    assert delivery.deliver(Courier(), now=lambda: NOON + timedelta(hours=1)) == 6 - sent


def test_two_senders_at_once_send_each_row_once(live_world):
    queue(live_world, 40)
    couriers, barrier = [Courier(), Courier()], threading.Barrier(2)

    def work(courier):
        barrier.wait()
        try:
            run(courier)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[courier]) for courier in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [pk for courier in couriers for pk in courier.given]
    assert len(given) == len(set(given)) == 40
    assert states() == [State.SENT] * 40


def test_two_sweeps_at_once_decide_once(live_world, mail_on, monkeypatch):
    monkeypatch.setattr(tasks.deliver, "delay", lambda **kwargs: None)
    live_world.owner.email = "owner@keke.example"
    live_world.owner.save(update_fields=["email"])
    Notification.objects.bulk_create(
        Notification(
            person=live_world.owner, kind="test.important", created_at=NOON, visible_at=NOON, push_at=NOON,
            dedupe_key=str(number),
        )
        for number in range(30)
    )  # fmt: skip
    barrier = threading.Barrier(2)

    def work():
        barrier.wait()
        try:
            tasks.sweep(unknown="argument")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _both in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tasks.sweep()
    assert Delivery.objects.count() == 30


def test_only_one_gets_the_lock_and_it_is_free_afterwards(live_world):
    heard = []

    def other():
        with only_one("name") as mine:
            heard.append(mine)
        with only_one("another name") as mine:
            heard.append(mine)
        connections.close_all()

    with only_one("name") as mine:
        assert mine
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert heard == [False, True]
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert heard == [False, True, True, True]


def test_what_waits_for_a_decision_is_counted_up_to_a_number(world):
    assert counted_together([Delivery.objects.stuck(), CustomerMessage.objects.stuck()]) == [0, 0]
    queue(world, 4)
    run(Courier(Refused("no"), PossiblySent("cut"), NotSent("busy"), Sent()))
    stuck = [Delivery.objects.stuck(), CustomerMessage.objects.stuck()]
    assert (counted_together(stuck, 5), counted_together(stuck, 1)) == ([2, 0], [2, 0])


def test_the_figures_count_what_is_unfinished(world):
    queue(world, 4)
    run(Courier(Refused("no"), PossiblySent("cut"), NotSent("busy"), Sent()))
    assert delivery.figures(at=NOON) == {"dead": 1, "possibly_sent": 1, "queued": 1, "overdue": 0}
    assert delivery.figures(at=NOON + timedelta(hours=1))["overdue"] == 1
