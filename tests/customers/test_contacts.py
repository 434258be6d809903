"""Contacts have validity dates: who leaves is ended and stays in sight, who is purchasing contact is told. REC-14."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers import search
from customers.actions import ContactEntry, edit, entries_of
from customers.archiving import archive
from customers.contact_changes import PURCHASING_CONTACT_CHANGED, another_person
from customers.former import bring_back
from customers.models import Contact, Customer
from customers.values import phones
from journal.models import Event

pytestmark = pytest.mark.clause("REC-14")
LONG_AGO = date(2026, 1, 5)


def entry(name, phone="", role="purchasing", **more):
    return ContactEntry(name=name, role=role, phones=(phones.read(phone),) if phone else (), **more)


def save(world, *contacts, **more):
    world.ours.refresh_from_db()
    arguments = {"by": world.accountant, "at": timezone.now()} | more
    return edit(world.ours, version=world.ours.version, contacts=list(contacts), **{"reason": "来电告知"} | arguments)


@pytest.fixture
def known(world):
    """`ours` with a purchasing contact since January."""
    save(world, entry("李娜", "13910020001", pk=world.ours.contacts.get().pk))
    Contact.objects.filter(customer=world.ours).update(valid_from=LONG_AGO)
    Event.objects.all().delete()
    return world


def told(world):
    events = Event.objects.filter(kind=PURCHASING_CONTACT_CHANGED, subject_id=world.ours.pk)
    return [(event.params["old"], event.params["new"]) for event in events]


def test_whoever_leaves_is_ended_not_deleted(known):
    before = known.ours.contacts.get()
    save(known, entry("何静"))
    before.refresh_from_db()
    assert (before.valid_from, before.valid_until) == (LONG_AGO, timezone.localdate())
    assert before.ways.get().value == "+8613910020001"
    assert [item.name for item in entries_of(known.ours)] == ["何静"]
    assert known.ours.contacts.current().get().valid_from == timezone.localdate()


def test_who_was_entered_today_by_mistake_goes(world):
    save(world, entry("何静"), *entries_of(world.ours))
    save(world, *[item for item in entries_of(world.ours) if item.name == "李娜"])
    assert not world.ours.contacts.filter(name="何静").exists()


def test_a_former_contacts_phone_makes_no_duplicate(known):
    save(known, entry("何静", "13722223333"))
    assert set(known.ours.match_keys.filter(kind="phone").values_list("value", flat=True)) == {"+8613722223333"}
    known.customer("别的公司", phone="13910020001")  # the person works there now


def test_another_purchasing_contact_is_told_in_the_same_transaction(known):
    old = known.ours.contacts.get()
    save(known, entry("何静"))
    new = known.ours.contacts.current().get()
    assert told(known) == [(old.pk, new.pk)]
    event = Event.objects.get(kind=PURCHASING_CONTACT_CHANGED)
    assert (event.by, event.subject_type) == (known.accountant, "customers.customer")


def test_a_name_typed_over_another_is_another_person(known):
    old = known.ours.contacts.get()
    save(known, entry("何静", "13910020001", pk=old.pk))
    old.refresh_from_db()
    assert (old.name, old.valid_until) == ("李娜", timezone.localdate())
    assert told(known) == [(old.pk, known.ours.contacts.current().get().pk)]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("李娜", "何静", True),
        ("李娜", "李强", True),
        ("欧阳娜", "欧阳静", True),
        ("Hans Müller", "Petra Schulz", True),
        ("李娜", "李那", False),
        ("李娜", "李娜娜", False),
        ("张晓丽", "张小丽", False),
        ("Hans Muller", "Hans Müller", False),
        ("", "何静", False),
        ("李娜", "", False),
    ],
)
def test_a_mended_name_is_the_same_person(before, after, changed):
    assert another_person(before, after) is changed


def test_the_end_of_a_purchasing_contact_and_a_later_successor_are_told(known):
    old = known.ours.contacts.get()
    save(known)
    assert told(known) == [(old.pk, None)]
    save(known, entry("何静"))
    assert told(known) == [(old.pk, None), (old.pk, known.ours.contacts.current().get().pk)]


def test_another_role_for_the_same_person_ends_the_purchasing_contact(known):
    old = known.ours.contacts.get()
    save(known, entry("李娜", "13910020001", role="finance", pk=old.pk))
    assert told(known) == [(old.pk, None)]
    assert known.ours.contacts.get().valid_until is None


@pytest.mark.parametrize("role", ["general", "technical"])
def test_other_contacts_come_and_go_untold(known, role):
    first = entries_of(known.ours)
    save(known, *first, entry("何静", role=role))
    save(known, *first)
    save(known, *first)
    assert told(known) == []


def test_a_first_or_a_further_purchasing_contact_is_no_change(world):
    unnamed = world.customer("新来的公司")
    edit(unnamed, version=1, contacts=[entry("何静")], by=world.accountant, at=timezone.now())
    edit(unnamed, version=2, contacts=[*entries_of(unnamed), entry("周明")], by=world.accountant, at=timezone.now())
    assert not Event.objects.filter(kind=PURCHASING_CONTACT_CHANGED).exists()


def test_the_record_shows_former_contacts_folded_and_the_list_current_ones(known, sign_in):
    save(known, entry("何静", "13722223333"))
    client = sign_in(known.accountant)
    page = client.get(reverse("customers:record", args=[known.ours.pk])).content.decode()
    former = page[page.index('id="former"') :]
    assert "李娜" in former
    assert "2026-01-05" in former
    assert "何静" in page[: page.index('id="former"')]
    rows = client.get(reverse("customers:list")).content.decode()
    assert "何静" in rows
    assert "138****" not in rows
    assert "137****3333" in rows


@pytest.mark.clause("SEC-06")
def test_former_contacts_are_masked_like_current_ones(known, sign_in):
    save(known, entry("何静", "13722223333"))
    page = sign_in(known.people["executive"]).get(reverse("customers:record", args=[known.ours.pk])).content.decode()
    assert "139****0001" in page
    assert "1391002" not in page.replace(" ", "")


def test_a_stale_form_cannot_bring_a_former_contact_back(known, sign_in):
    old = known.ours.contacts.get()
    save(known, entry("何静"))
    known.ours.refresh_from_db()
    lines = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1", "contacts-0-pk": old.pk,
             "contacts-0-name": "李娜", "contacts-0-role": "purchasing"}  # fmt: skip
    data = {"version": known.ours.version, "name": known.ours.name, "kind": "company", "country": "CN", **lines}
    sign_in(known.accountant).post(reverse("customers:edit_block", args=[known.ours.pk, "identity"]), data)
    old.refresh_from_db()
    assert old.valid_until == timezone.localdate()
    assert [item.name for item in entries_of(known.ours)] == ["何静"]


@pytest.mark.parametrize("text", ["李娜", "李 娜 ", "娜娜"])
def test_a_customer_is_found_by_the_contacts_name(world, text):
    named = world.customer("无关名字公司", phone="13722224444", contact="李娜娜")
    found = set(search.matching(Customer.objects.visible_to(world.accountant), text))
    assert (named in found) is (text != "李 娜 ")
    assert world.theirs not in found


def test_a_former_contacts_name_finds_nothing(known):
    save(known, entry("何静"))
    visible = Customer.objects.visible_to(known.accountant)
    assert known.ours in search.matching(visible, "何静")
    assert known.ours not in search.matching(visible, "李娜")


def test_a_latin_contact_is_found_whatever_the_case(world):
    named = world.customer("外企代表处", phone="13722224444", contact="Hans Meier")
    assert named in search.matching(Customer.objects.visible_to(world.accountant), "meier")


def test_a_customer_is_found_by_the_own_number(world):
    for text in (f"#{world.ours.pk}", f"＃{world.ours.pk}", f" #{world.ours.pk} "):
        assert list(search.matching(Customer.objects.visible_to(world.accountant), text)) == [world.ours]
    assert not search.matching(Customer.objects.visible_to(world.accountant), f"#{world.theirs.pk}")
    assert not search.matching(Customer.objects.visible_to(world.accountant), "#" + "9" * 30)


def test_valid_until_is_never_before_valid_from(world):
    tomorrow = timezone.localdate() + timedelta(days=1)
    Contact.objects.filter(customer=world.ours).update(valid_from=tomorrow)  # another machine's clock runs ahead
    with pytest.raises(Exception, match="contact_ends_after_it_begins"):
        save(world)


# Bringing back


def back(world, contact, **more):
    return bring_back(contact, by=world.accountant, at=timezone.now(), **more)


def test_a_former_contact_is_brought_back_with_its_numbers_and_history(known):
    before = known.ours.contacts.get()
    save(known)
    back(known, Contact.objects.get(pk=before.pk))
    before.refresh_from_db()
    assert (before.valid_from, before.valid_until) == (LONG_AGO, None)
    assert known.ours.match_keys.filter(kind="phone").get().value == "+8613910020001"
    ends = Contact.pgh_event_model.objects.filter(pgh_obj_id=before.pk).order_by("pgh_id").values("valid_until")
    assert [row["valid_until"] for row in ends][-2:] == [timezone.localdate(), None]
    assert told(known) == [(before.pk, None)], "the same person again is no change of person"


def test_who_comes_back_in_place_of_a_successor_who_left_is_told(known):
    first = known.ours.contacts.get()
    save(known, entry("何静"))
    second = known.ours.contacts.current().get()
    Contact.objects.filter(pk=second.pk).update(valid_from=LONG_AGO)
    save(known)
    Event.objects.all().delete()
    back(known, Contact.objects.get(pk=first.pk))
    assert told(known) == [(second.pk, first.pk)]


def test_a_number_that_a_successor_has_stays_with_the_successor(known):
    first = known.ours.contacts.get()
    save(known, entry("何静", "13910020001", pk=first.pk))
    back(known, Contact.objects.get(pk=first.pk))
    assert {item.name: len(item.phones) for item in entries_of(known.ours)} == {"李娜": 0, "何静": 1}


def test_a_second_press_of_the_button_changes_nothing(known):
    before = known.ours.contacts.get()
    save(known)
    back(known, Contact.objects.get(pk=before.pk))
    version = Customer.objects.get(pk=known.ours.pk).version
    back(known, Contact.objects.get(pk=before.pk))
    assert Customer.objects.get(pk=known.ours.pk).version == version


def test_the_button_on_the_record_brings_back(known, sign_in):
    before = known.ours.contacts.get()
    save(known)
    address = reverse("customers:contact_back", args=[known.ours.pk, before.pk])
    record = reverse("customers:record", args=[known.ours.pk])
    assert address not in sign_in(known.clerk).get(record).content.decode(), "who may not edit"
    client = sign_in(known.accountant)
    assert address in client.get(record).content.decode()
    assert client.post(address).url == record
    assert known.ours.contacts.current().get() == before


def test_a_contact_whose_number_another_customer_has_by_now_comes_back_with_a_reason(known, sign_in):
    before = known.ours.contacts.get()
    save(known)
    other = known.customer("别的公司", phone="13910020001")
    client, address = sign_in(known.accountant), reverse("customers:contact_back", args=[known.ours.pk, before.pk])
    asked = client.post(address)
    assert other.name in asked.content.decode()
    assert not known.ours.contacts.current().exists()
    client.post(address, {"different_because": "两家共用总机"})
    assert known.ours.contacts.current().get() == before


def test_an_archived_record_brings_nobody_back(known, sign_in):
    before = known.ours.contacts.get()
    save(known)
    known.ours.refresh_from_db()
    archive(known.ours, version=known.ours.version, reason="重复", by=known.manager, at=timezone.now())
    sign_in(known.accountant).post(reverse("customers:contact_back", args=[known.ours.pk, before.pk]))
    assert not known.ours.contacts.current().exists()


def test_a_form_cannot_bring_back_by_the_way(known, sign_in):
    """Who forges the line of a former contact gets the record as it stands."""
    before = known.ours.contacts.get()
    save(known)
    known.ours.refresh_from_db()
    lines = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "0", "contacts-0-pk": before.pk,
             "contacts-0-name": "李娜"}  # fmt: skip
    data = {"version": known.ours.version, "name": known.ours.name, "kind": "company", "country": "CN"} | lines
    sign_in(known.accountant).post(reverse("customers:edit_block", args=[known.ours.pk, "identity"]), data)
    before.refresh_from_db()
    assert before.valid_until


@pytest.mark.clause("SEC-04")
def test_the_number_of_a_former_contact_asks_for_no_reason(known):
    """It does not change when the other contacts do."""
    save(known, entry("何静", "13722223333"))
    save(known, *entries_of(known.ours), entry("周涛", role="general"), reason="")
    assert len(entries_of(known.ours)) == 2
