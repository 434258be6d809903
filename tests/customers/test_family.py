"""Parent and subsidiary companies: chosen by search, shown both ways, never in a circle."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from customers.actions import StaleEdit
from customers.family import set_parent
from customers.models import Customer

pytestmark = pytest.mark.clause("REC-01")


def put(child, parent, world, **more):
    child.refresh_from_db()
    set_parent(
        child, **{"parent": parent, "version": child.version, "by": world.accountant, "at": timezone.now()} | more
    )


def test_a_parent_is_saved_once_and_counts_as_an_update(world):
    put(world.ours, world.unowned, world)
    put(world.ours, world.unowned, world)
    world.ours.refresh_from_db()
    assert (world.ours.parent, world.ours.version) == (world.unowned, 2)
    with pytest.raises(StaleEdit):
        put(world.ours, None, world, version=1)
    put(world.ours, None, world)
    assert Customer.objects.get(pk=world.ours.pk).parent is None


def test_no_circle_however_long(world):
    third = world.customer("第三家公司")
    put(world.ours, world.unowned, world)
    put(third, world.ours, world)
    for parent in (world.unowned, world.ours, third):
        with pytest.raises(ValidationError):
            put(world.unowned, parent, world)
    assert Customer.objects.get(pk=world.unowned.pk).parent is None


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_close_a_circle_at_once(live_world):
    world, ready, outcome = live_world, threading.Barrier(2), []

    def close(child, parent):
        try:
            ready.wait(20)
            put(child, parent, world)
            outcome.append("saved")
        except ValidationError:
            outcome.append("refused")
        finally:
            connection.close()

    pairs = [(world.ours, world.unowned), (world.unowned, world.ours)]
    threads = [threading.Thread(target=close, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["refused", "saved"]


def test_it_is_chosen_by_search_and_shown_both_ways(world, sign_in):
    client = sign_in(world.accountant)
    answer = client.post(reverse("customers:parent_find", args=[world.ours.pk]), {"text": "天光"})
    assert world.unowned.name in answer.content.decode()
    chosen = {"parent": world.unowned.pk, "version": world.ours.version}
    assert client.post(reverse("customers:parent", args=[world.ours.pk]), chosen).status_code == 302
    for shown, other in ((world.ours, world.unowned), (world.unowned, world.ours)):
        page = client.get(reverse("customers:record", args=[shown.pk])).content.decode()
        assert reverse("customers:record", args=[other.pk]) in page

    circle = {"parent": world.ours.pk, "version": world.unowned.version}
    answer = client.post(reverse("customers:parent", args=[world.unowned.pk]), circle)
    assert world.ours.name in answer.content.decode()
    assert Customer.objects.get(pk=world.unowned.pk).parent is None


@pytest.mark.clause("SEC-06")
def test_another_units_company_is_neither_on_offer_nor_named(world, sign_in):
    client = sign_in(world.accountant)
    answer = client.post(reverse("customers:parent_find", args=[world.ours.pk]), {"text": "西泠"})
    assert world.theirs.name not in answer.content.decode()
    chosen = {"parent": world.theirs.pk, "version": world.ours.version}
    client.post(reverse("customers:parent", args=[world.ours.pk]), chosen)
    assert Customer.objects.get(pk=world.ours.pk).parent is None

    put(world.ours, world.theirs, world)  # as somebody who sees both would
    page = client.get(reverse("customers:record", args=[world.ours.pk])).content.decode()
    history = client.get(reverse("journal:timeline", args=["customers.customer", world.ours.pk])).content.decode()
    assert world.theirs.name not in page + history
    assert reverse("customers:record", args=[world.theirs.pk]) not in page + history


@pytest.mark.clause("SEC-04")
def test_an_archived_company_is_not_on_offer(world, sign_in):
    Customer.objects.filter(pk=world.unowned.pk).update(archived_at=timezone.now(), archived_by=world.manager)
    answer = sign_in(world.accountant).post(reverse("customers:parent_find", args=[world.ours.pk]), {"text": "天光"})
    assert world.unowned.name not in answer.text
