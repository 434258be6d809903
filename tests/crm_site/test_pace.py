"""Who has records shown faster than anybody reads is stopped, and the manager hears of it, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache, caches
from django.urls import reverse
from django.utils import timezone

from customers import checkout
from customers.proposals import propose
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


WAYS = {
    "record": ("customers:record", ["pk"]),
    "form": ("customers:edit_block", ["pk", "identity"]),
    "till": ("customers:checkout_check", ["pk"]),
    "cards": ("customers:cards", ["pk"]),
    "papers": ("customers:papers", ["pk"]),
    "timeline": ("journal:timeline", ["customers.customer", "pk"]),
    "block": ("customers:block", ["pk", "identity"]),
    "forms": ("customers:received", []),
    "checks": ("customers:checks", []),
    "proposals": ("customers:proposals", []),
    "proposal": ("customers:proposal", ["proposal"]),
}
POSTED = {
    "search": ("customers:search", [], {"text": "东方"}),
    "reveal": ("customers:reveal", ["pk"], {"purpose": "order"}),
    "stale form": ("customers:edit_block", ["pk", "business"], {"version": 0, "source": "walk_in"}),
    "find at the till": ("customers:checkout", [], {"text": "东方"}),
    "parent": ("customers:parent_find", ["other"], {"text": "东方"}),
    "whom a tip means": ("customers:tip_find", [], {"about": "东方红印务有限公司"}),
    "look-alikes": ("customers:check", [], {"contacts-TOTAL_FORMS": 1, "contacts-INITIAL_FORMS": 0,
                                            "contacts-0-phones": "13910020001"}),
}  # fmt: skip


@pytest.mark.parametrize("way", [*WAYS, *POSTED])
def test_every_way_to_records_is_stopped(world, clock, sign_in, way):
    checkout.check(world.ours, version=1, by=world.accountant, at=timezone.now())
    proposal = propose(world.ours, fields={"remarks": "周末不营业"}, why="听说", by=world.clerk, at=timezone.now())
    client, fragment = sign_in(world.accountant), {"HX-Request": "true"}
    name, arguments, *data = WAYS.get(way) or POSTED[way]
    known = {"pk": world.ours.pk, "other": world.unowned.pk, "proposal": proposal.pk}
    address = reverse(name, args=[known.get(argument, argument) for argument in arguments])

    def asked():
        return client.post(address, *data, headers=fragment) if data else client.get(address, headers=fragment)

    assert world.ours.name in asked().text or way in ("papers", "timeline", "block", "form", "reveal", "stale form")
    spend(world.accountant, 100)
    answer = asked()
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
    client = sign_in(world.accountant)
    spend(world.accountant, 100)
    assert client.get(LIST).status_code == 429
    monkeypatch.setattr(caches["default"], "_away_until", float("inf"))
    assert client.get(LIST).status_code == 200


def test_the_limit_is_read_on_the_day(world, clock, sign_in):
    later = timezone.now() + timedelta(days=1)
    actions.change_rule(RECORDS_A_MINUTE, value=400, starts_on=later.date(), reason="test", by=world.administrator,
                        at=timezone.now())  # fmt: skip
    clock.move_to(later)
    spend(world.accountant, 399, at=later)
    assert sign_in(world.accountant).get(LIST).status_code == 200
