"""What happened below is answered above, each event once by each consumer. Source: architecture ("Settled")."""

import psycopg
import pytest
from django.db import connections, transaction
from django.utils import timezone

from journal.events import take, tell
from journal.models import Event

pytestmark = pytest.mark.clause("REC-14")


@pytest.fixture
def told(world):
    return [tell("tests.moved", subject=world.ours, at=timezone.now(), by=world.clerk) for _n in range(3)]


def test_each_consumer_answers_each_event_once(told):
    for consumer in ("visits", "surveys"):
        seen = []
        assert take(consumer, ["tests.moved"], seen.extend, at=timezone.now()) == 3
        assert seen == told
        assert take(consumer, ["tests.moved"], seen.extend, at=timezone.now()) == 0
        assert len(seen) == 3


def test_other_kinds_are_left_to_others(told):
    assert take("visits", ["tests.archived"], lambda events: None, at=timezone.now()) == 0
    assert take("visits", ["tests.moved"], lambda events: None, at=timezone.now()) == 3


def test_an_answer_that_fails_takes_nothing(told):
    def fail(events):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        take("visits", ["tests.moved"], fail, at=timezone.now())
    assert take("visits", ["tests.moved"], lambda events: None, at=timezone.now()) == 3


def test_an_event_of_a_transaction_that_failed_never_was(world):
    with transaction.atomic():
        tell("tests.moved", subject=world.ours, at=timezone.now())
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_two_takers_at_once_do_not_get_the_same(live_world):
    for _n in range(2):
        tell("tests.moved", subject=live_world.ours, at=timezone.now())
    first = Event.objects.order_by("pk").first()
    parameters = connections["default"].get_connection_params()
    parameters = {
        name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters
    }
    seen = []
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT FROM journal_event WHERE id = %s FOR NO KEY UPDATE", [first.pk])
        take("visits", ["tests.moved"], seen.extend, at=timezone.now())
    assert [event.pk for event in seen] == [first.pk + 1]
