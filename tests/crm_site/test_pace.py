"""Who has records shown faster than anybody reads is stopped, and the manager hears of it, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from customers.rules import RECORDS_A_MINUTE
from journal.models import Notification
from policy import actions
from staff.models import Department

NOON = datetime(2026, 11, 25, 4, 0, 10, tzinfo=UTC)
LIST = reverse("customers:list")
pytestmark = pytest.mark.clause("SEC-06")


@pytest.fixture
def clock(world):
    with time_machine.travel(NOON, tick=False) as traveller:
        actions.change_rule(RECORDS_A_MINUTE, value=100, starts_on=NOON.date(), reason="test", by=world.administrator,
                            at=NOON)  # fmt: skip
        yield traveller


def spend(person, records, at=NOON):
    """As if the person had been shown so many in this minute."""
    cache.set(f"shown:{person.pk}:{int(at.timestamp()) // 60}", records, 120)


def told():
    return [(row.person, row.kind) for row in Notification.objects.filter(kind="customers.scraping")]


def test_five_hundred_a_minute_is_what_stands_in_the_rules():
    assert RECORDS_A_MINUTE.default == 500
    assert RECORDS_A_MINUTE.clause == "SEC-06"


def test_below_the_limit_nothing_happens(world, clock, sign_in):
    client = sign_in(world.accountant)
    spend(world.accountant, 99)
    assert client.get(LIST).status_code == 200
    assert told() == []


def test_beyond_it_the_answer_is_429_until_the_minute_is_over(world, clock, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    spend(world.accountant, 100)
    answer = client.get(LIST)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "50"
    assert "50 seconds" in answer.text
    assert world.ours.name not in answer.text
    assert "no-store" in answer["Cache-Control"]
    clock.move_to(NOON + timedelta(seconds=50))
    assert client.get(LIST).status_code == 200


def test_lists_count_their_rows_and_records_one_each(world, clock, sign_in):
    client = sign_in(world.accountant)
    spend(world.accountant, 0)
    key = f"shown:{world.accountant.pk}:{int(NOON.timestamp()) // 60}"
    expected = 0
    for path, number in (
        (LIST, 2),
        (reverse("customers:record", args=[world.ours.pk]), 1),
        (f"{LIST}?owner=none", 1),
        (reverse("customers:record", args=[world.theirs.pk]), 0),
        ("/", 0),
        (reverse("policy:clocks"), 0),
    ):
        client.get(path)
        expected += number
        assert cache.get(key) == expected, path
    client.post(reverse("customers:reveal", args=[world.ours.pk]))
    client.post(reverse("customers:search"), {"text": "有限公司"}, headers={"HX-Request": "true"})
    assert cache.get(key) == expected + 3


@pytest.mark.parametrize("way", ["record", "search", "reveal", "timeline", "block"])
def test_every_way_to_records_is_stopped(world, clock, sign_in, way):
    client, fragment = sign_in(world.accountant), {"HX-Request": "true"}
    spend(world.accountant, 100)
    pk = world.ours.pk
    answer = {
        "record": lambda: client.get(reverse("customers:record", args=[pk])),
        "search": lambda: client.post(reverse("customers:search"), {"text": "东方"}, headers=fragment),
        "reveal": lambda: client.post(reverse("customers:reveal", args=[pk]), headers=fragment),
        "timeline": lambda: client.get(reverse("journal:timeline", args=["customers.customer", pk]), headers=fragment),
        "block": lambda: client.get(reverse("customers:block", args=[pk, "identity"]), headers=fragment),
    }[way]()
    assert answer.status_code == 429
    assert world.ours.name not in answer.text


def test_other_pages_and_other_people_go_on(world, clock, sign_in):
    spend(world.accountant, 100)
    assert sign_in(world.accountant).get(reverse("journal:notifications")).status_code == 200
    assert sign_in(world.clerk).get(LIST).status_code == 200


def test_the_manager_of_the_unit_is_told_once(world, clock, sign_in):
    spend(world.accountant, 100)
    client = sign_in(world.accountant)
    client.get(LIST)
    client.get(LIST)
    assert told() == [(world.manager, "customers.scraping")]
    text = Notification.objects.get().text
    assert world.accountant.name in text
    assert "100" in text


@pytest.mark.parametrize("who", ["inspector", "branch_manager"])
def test_at_headquarters_the_head_is_told_and_without_one_the_administrators(world, clock, sign_in, who):
    person = world.people[who]
    if who == "inspector":
        Department.objects.filter(code="customer_service").update(head=world.people["service_head"])
    spend(person, 100)
    sign_in(person).get(LIST)
    wanted = world.people["service_head"] if who == "inspector" else world.administrator
    assert told() == [(wanted, "customers.scraping")]


def test_without_the_cache_nobody_is_stopped(world, clock, sign_in, monkeypatch):
    def gone(*_arguments, **_options):
        raise ValueError

    monkeypatch.setattr(cache, "incr", gone)
    assert sign_in(world.accountant).get(LIST).status_code == 200


def test_the_limit_is_read_on_the_day(world, clock, sign_in):
    later = timezone.now() + timedelta(days=1)
    actions.change_rule(RECORDS_A_MINUTE, value=400, starts_on=later.date(), reason="test", by=world.administrator,
                        at=timezone.now())  # fmt: skip
    clock.move_to(later)
    spend(world.accountant, 399, at=later)
    assert sign_in(world.accountant).get(LIST).status_code == 200
