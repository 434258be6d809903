"""The action `edit`: no change is lost, no look-alike made unasked, nothing of it without a trace."""

import pytest
from django.utils import timezone

from customers.actions import ContactEntry, DuplicatesFound, StaleEdit, assign_owner, edit, entries_of
from customers.models import Contact, Customer, MatchKey
from customers.values import phones
from journal.models import Notification


def change(world, customer=None, **arguments):
    customer = customer or world.ours
    return edit(
        customer,
        **{"version": customer.version, "by": world.accountant, "at": timezone.now(), "reason": "核对"} | arguments,
    )


@pytest.mark.clause("REC-01")
def test_a_new_name_is_searched_sorted_and_matched_by(world):
    edited = change(world, fields={"name": "沈阳长江图文有限公司"})
    assert (edited.name_core, edited.initials, edited.core_initials) == ("沈阳长江图文", "sycjtwyxgs", "cjtw")
    assert set(edited.match_keys.filter(kind="name").values_list("value", flat=True)) == {"沈阳长江图文"}
    assert edited.updated_by == world.accountant


def test_a_stale_form_saves_nothing_and_gets_what_is_stored(world):
    change(world, fields={"address": "先到的地址"})
    with pytest.raises(StaleEdit) as stale:
        change(world, fields={"address": "后到的地址"})
    assert stale.value.current.address == "先到的地址"
    world.ours.refresh_from_db()
    assert (world.ours.address, world.ours.version) == ("先到的地址", 2)


@pytest.mark.clause("REC-18")
def test_taking_another_customers_phone_asks_for_a_reason(world):
    contacts = [ContactEntry(name="周明", phones=(phones.read("13910020002"),))]
    with pytest.raises(DuplicatesFound) as found:
        change(world, contacts=contacts)
    assert [match.customer for match in found.value.matches] == [world.unowned]
    assert world.ours.ways.get().value == "+8613910020001"

    change(world, contacts=contacts, different_because="夫妻两家店")
    assert world.ours.ways.get().value == "+8613910020002"


def test_a_duplicate_known_before_the_edit_is_not_asked_about_again(world):
    twin = world.customer("东方红印务二部", phone="13910020001", different_because="分部")
    change(world, twin, contacts=[*entries_of(twin), ContactEntry(name="新人", phones=(phones.read("13722221111"),))])
    assert twin.ways.count() == 2


def test_contacts_are_changed_added_and_removed(world):
    first = entries_of(world.ours)[0]
    change(world, contacts=[ContactEntry(name="李娜", title="经理", phones=first.phones, pk=first.pk),
                            ContactEntry(name="何静", emails=("he@dfh.cn",))])  # fmt: skip
    assert list(world.ours.contacts.values_list("name", "title")) == [("李娜", "经理"), ("何静", "")]

    world.ours.refresh_from_db()
    change(world, contacts=[entry for entry in entries_of(world.ours) if entry.name == "何静"])
    assert [contact.name for contact in Contact.objects.filter(customer=world.ours)] == ["何静"]
    assert not MatchKey.objects.filter(customer=world.ours, kind="phone").exists()


def test_new_needs_are_rows_of_their_own(world):
    change(world, new_needs=["画册", "名片"])
    assert [need.text for need in world.ours.needs.all()] == ["画册", "名片"]


def test_an_owner_is_assigned_unless_somebody_saved_meanwhile(world):
    said = {"by": world.manager, "at": timezone.now(), "reason": "片区调整"}
    assign_owner(world.unowned, owner=world.colleague, version=1, **said)
    assert Customer.objects.get(pk=world.unowned.pk).owner == world.colleague
    with pytest.raises(StaleEdit):
        assign_owner(world.unowned, owner=None, version=1, **said)


@pytest.mark.clause("SEC-04")
def test_the_new_and_the_former_person_in_charge_are_told(world):
    said = {"by": world.manager, "at": timezone.now(), "reason": "片区调整"}
    assign_owner(world.ours, owner=world.colleague, version=1, **said)
    assign_owner(world.ours, owner=None, version=2, **said)
    told = Notification.objects.filter(kind__startswith="customers.").values_list("person", "kind", "subject_id")
    assert set(told) == {
        (world.colleague.pk, "customers.assigned", world.ours.pk),
        (world.owner.pk, "customers.taken_over", None),
        (world.colleague.pk, "customers.in_no_charge", None),
    }
