"""Whose history has a page, and what a history must not give away. Every case but these stands in the access matrix."""

import pytest
from django.apps import apps
from django.utils import timezone, translation

from customers.actions import ContactEntry, edit, entries_of
from customers.models import ContactWay, Customer, CustomerGrant
from journal.timeline import _columns, _tables, timeline

pytestmark = pytest.mark.clause("SEC-01", "SEC-06")

SECRETS = ("13910020001", "139 1002 0001")


@pytest.fixture
def parts(world):
    """(label, id) of a row of each model that belongs to the customer `ours`, and of a person."""
    edit(world.ours, version=1, new_needs=["名片"], by=world.accountant, at=timezone.now())
    CustomerGrant.objects.create(customer=world.ours, person=world.nobody, subject_type="tests.call", subject_id=1)
    related = ("contacts", "ways", "needs", "grants", "match_keys")
    rows = [getattr(world.ours, name).first() for name in related] + [world.ours.registration, world.owner]
    return [(row._meta.label_lower, row.pk) for row in rows]


@pytest.mark.parametrize("who", ["sales_rep", "accountant", "executive", "administrator"])
def test_a_part_of_a_record_has_no_history_page_of_its_own(who, parts, world, sign_in):
    client = sign_in(world.people[who])
    for label, pk in parts:
        response = client.get(f"/journal/timeline/{label}/{pk}/")
        assert response.status_code == 404, label
        assert not any(secret in response.text for secret in SECRETS)


def test_a_history_page_has_a_scope():
    with_page = [model for model in apps.get_models() if getattr(model, "history_page", False)]
    assert [model._meta.label for model in with_page] == ["customers.Customer", "policy.Clock"]
    assert all(hasattr(model._default_manager.all(), "visible_to") for model in with_page)


def test_the_name_of_a_way_to_reach_somebody_is_masked(world):
    contact = ContactEntry(name="周强", emails=("zhouqiang@haitian.cn",))
    edit(world.ours, version=1, contacts=[*entries_of(world.ours), contact], by=world.accountant, at=timezone.now())
    assert [str(way) for way in ContactWay.objects.filter(customer=world.ours)] == ["139****0001", "z****@haitian.cn"]


def shown(customer):
    """{label of the part: {label of the column: value}} of the parts that were added."""
    with translation.override("en"):
        entries, _older = timeline(customer)
    parts = [part for entry in entries for part in entry.parts]
    return {part.label: {change.label: change.after for change in part.changes} for part in parts}


def test_a_look_alike_of_another_unit_is_not_named_to_either_side(world):
    twin = world.customer("西泠图文有限公司", phone="13910020003", different_because="同一栋楼的总机")
    for customer in (twin, world.theirs):
        assert shown(customer)["look-alike judged different"] == {"reason": "同一栋楼的总机"}


def test_a_grant_says_to_whom_and_until_when(world):
    CustomerGrant.objects.create(
        customer=world.ours, person=world.nobody, subject_type="tests.call", subject_id=4711, until="2026-12-31"
    )
    assert shown(world.ours)["temporary access"] == {"person": world.nobody.name, "until": "2026-12-31"}


def test_every_column_and_table_of_a_history_has_a_name_of_its_own():
    """Django makes up a name where the model gives none; it cannot be translated."""
    for event in _tables(Customer):
        tracked = event.pgh_tracked_model
        assert "verbose_name" in tracked._meta.original_attrs, tracked
        unnamed = [column.name for column in _columns(event) if column._verbose_name is None]
        assert not unnamed, tracked
