"""Archive instead of delete: out of the way, read only, never gone."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.actions import ArchivedRecord, DuplicatesFound, StaleEdit, edit
from customers.archiving import archive, restore
from customers.assigning import assign_owner
from customers.family import set_parent
from customers.models import Customer
from customers.papers import write_note
from journal.models import Event
from tests.customers.test_record_page import edit_url, identity

pytestmark = pytest.mark.clause("SEC-04")
LIST = reverse("customers:list")


def put_away(world, customer=None, **arguments):
    customer = customer or world.ours
    given = {"version": customer.version, "reason": "客户歇业", "by": world.manager, "at": timezone.now()}
    archive(customer, **given | arguments)
    customer.refresh_from_db()
    return customer


def test_archiving_is_told_with_its_reason_and_undone(world):
    put_away(world)
    assert (world.ours.archived_by, world.ours.version) == (world.manager, 2)
    assert world.ours.events.order_by("pgh_id").last().pgh_context["reason"] == "客户歇业"
    put_away(world)  # once more says nothing
    restore(world.ours, reason="又开业了", by=world.accountant, at=timezone.now())
    world.ours.refresh_from_db()
    assert world.ours.archived_at is None
    assert [(event.kind, event.subject_id) for event in Event.objects.order_by("pk")] == [
        ("customers.archived", world.ours.pk), ("customers.restored", world.ours.pk),
    ]  # fmt: skip


def test_who_looked_at_an_older_version_archives_nothing(world):
    edit(world.ours, version=1, fields={"address": "新地址"}, by=world.owner, at=timezone.now())
    with pytest.raises(StaleEdit):
        put_away(world)


def test_it_leaves_lists_searches_and_figures_and_a_filter_shows_it(world, sign_in):
    client = sign_in(world.owner)
    found = {"text": "东方红"}
    assert world.ours.name in client.post(reverse("customers:search"), found, headers={"HX-Request": "true"}).text
    put_away(world)
    assert world.ours.name not in client.post(reverse("customers:search"), found, headers={"HX-Request": "true"}).text
    assert world.ours.name not in client.get(LIST).text
    assert world.ours.name not in client.get("/").text
    assert [row.pk for row in client.get(LIST, {"archive": "archived"}).context["rows"]] == [world.ours.pk]


def test_it_is_read_only_with_a_banner_for_everybody(world, client):
    put_away(world)
    page = reverse("customers:record", args=[world.ours.pk])
    for person, restores in ((world.accountant, True), (world.owner, False), (world.clerk, False)):
        client.force_login(person)
        text = client.get(page).text
        assert "archived-banner" in text
        assert (reverse("customers:restore", args=[world.ours.pk]) in text) is restores
        for name in ("edit_block", "propose_block"):
            assert reverse(f"customers:{name}", args=[world.ours.pk, "identity"]) not in text
    client.force_login(world.accountant)
    for url, data in ((edit_url(world.ours, "identity"), identity(world.ours, address="新地址")),):
        assert client.post(url, data).headers["Location"] == page
    client.force_login(world.manager)
    data = {"owner": "", "version": 2, "reason": "x"}
    assert client.post(reverse("customers:owner", args=[world.ours.pk]), data).headers["Location"] == page
    world.ours.refresh_from_db()
    assert (world.ours.address, world.ours.owner) == ("中山路 1 号", world.owner)


def test_no_action_changes_it(world):
    put_away(world)
    said = {"version": 2, "by": world.accountant, "at": timezone.now(), "reason": "x"}
    with pytest.raises(ArchivedRecord):
        edit(world.ours, fields={"address": "新地址"}, **said)
    with pytest.raises(ArchivedRecord):
        assign_owner(world.ours, owner=None, **said)


@pytest.mark.clause("REC-18")
def test_no_note_no_file_no_consent_and_no_parent_comes_to_it(world, sign_in):
    note = write_note(world.ours, text="先前的", by=world.accountant, at=timezone.now())
    put_away(world)
    client = sign_in(world.accountant)
    for name, args, data in (
        ("note_new", [world.ours.pk], {"text": "又一条"}),
        ("note_edit", [note.pk], {"text": "改了"}),
        ("file_new", [world.ours.pk], {}),
        ("consent_new", [world.ours.pk], {"answer": "yes", "purpose": "survey", "channel": "phone", "note": "来电"}),
    ):
        assert client.post(reverse(f"customers:{name}", args=args), data).status_code == 404, name
    page = client.get(reverse("customers:papers", args=[world.ours.pk])).text
    assert "先前的" in page
    assert reverse("customers:note_new", args=[world.ours.pk]) not in page
    with pytest.raises(ArchivedRecord):
        set_parent(world.ours, parent=world.unowned, version=2, by=world.accountant, at=timezone.now())


def test_it_still_counts_as_a_possible_duplicate(world, sign_in):
    put_away(world)
    with pytest.raises(DuplicatesFound):
        world.customer("另一家店", phone="13910020001")
    data = {"name": world.ours.name, "kind": "company", "contacts-TOTAL_FORMS": 0, "contacts-INITIAL_FORMS": 0}
    card = sign_in(world.clerk).post(reverse("customers:check"), data, headers={"HX-Request": "true"}).text
    assert world.ours.name in card
    assert 'class="badge"' in card


def test_the_page_asks_why_and_loses_nothing(world, sign_in):
    client, url = sign_in(world.accountant), reverse("customers:archive", args=[world.ours.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"version": 1, "reason": " "}).context["form"].errors["reason"]
    assert Customer.objects.get(pk=world.ours.pk).archived_at is None
    client.post(url, {"version": 1, "reason": "重复"})
    assert Customer.objects.get(pk=world.ours.pk).archived_at
    client.post(reverse("customers:restore", args=[world.ours.pk]), {"reason": "弄错了"})
    assert Customer.objects.get(pk=world.ours.pk).archived_at is None


def test_archiving_needs_the_token_of_the_session(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.accountant)
    url = reverse("customers:archive", args=[world.ours.pk])
    assert client.post(url, {"version": 1, "reason": "x"}).status_code == 403


# Reasons: a name, a phone, the tier and the person in charge do not change without one.


@pytest.mark.clause("SEC-05")
@pytest.mark.parametrize("change", [{"name": "东方红彩印有限公司"}, {"contacts-0-phones": "13722221111"},
                                    {"contacts-0-DELETE": "on"}])  # fmt: skip
def test_without_a_reason_nothing_is_saved_and_nothing_typed_is_lost(world, sign_in, change):
    client = sign_in(world.accountant)
    data = identity(world.ours, address="别丢了我") | change
    response = client.post(edit_url(world.ours, "identity"), data, headers={"HX-Request": "true"})
    assert response.context["form"].errors["reason"]
    assert "别丢了我" in response.text
    assert next(iter(change.values())) in response.text or "DELETE" in next(iter(change))
    world.ours.refresh_from_db()
    assert (world.ours.version, world.ours.ways.count()) == (1, 1)
    client.post(edit_url(world.ours, "identity"), data | {"reason": "更名"})
    assert world.ours.events.order_by("pgh_id").last().pgh_context["reason"] == "更名"
    assert Customer.objects.get(pk=world.ours.pk).version == 2


@pytest.mark.clause("SEC-05")
def test_adding_a_phone_or_changing_another_field_needs_none(world, sign_in):
    client = sign_in(world.accountant)
    data = identity(world.ours, address="新地址") | {"contacts-0-phones": "13910020001 / 13722221111"}
    client.post(edit_url(world.ours, "identity"), data)
    assert world.ours.ways.count() == 2


@pytest.mark.clause("SEC-05")
def test_the_person_in_charge_changes_with_a_reason(world, sign_in):
    client, url = sign_in(world.manager), reverse("customers:owner", args=[world.ours.pk])
    response = client.post(url, {"owner": world.colleague.pk, "version": 1})
    assert response.context["form"].errors["reason"]
    assert f'value="{world.colleague.pk}" selected' in response.text
    client.post(url, {"owner": world.colleague.pk, "version": 1, "reason": "片区调整"})
    world.ours.refresh_from_db()
    assert world.ours.owner == world.colleague
    assert world.ours.events.order_by("pgh_id").last().pgh_context["reason"] == "片区调整"


@pytest.mark.clause("SEC-04")
def test_posting_columns_that_no_block_has_changes_none_of_them(world, sign_in):
    data = identity(world.ours, address="新地址", owner=world.colleague.pk, tier="key", branch=world.west.pk,
                    stage="lost", archived_at="2026-01-01", created_by=world.stranger.pk, custom="{}")  # fmt: skip
    sign_in(world.accountant).post(edit_url(world.ours, "identity"), data)
    edited = Customer.objects.get(pk=world.ours.pk)
    assert edited.address == "新地址"
    for name in ("owner_id", "tier", "branch_id", "stage", "archived_at", "created_by_id"):
        assert getattr(edited, name) == getattr(world.ours, name)


def test_a_contact_of_another_customer_cannot_be_taken_over(world, sign_in):
    theirs = world.theirs.contacts.get()
    data = identity(world.ours) | {"contacts-0-pk": theirs.pk, "reason": "x"}
    sign_in(world.accountant).post(edit_url(world.ours, "identity"), data)
    theirs.refresh_from_db()
    assert theirs.customer == world.theirs
    assert world.ours.ways.get().value == "+8613910020001"
