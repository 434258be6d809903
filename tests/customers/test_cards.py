"""Customer cards on paper: one for each contact, phones by right, printing logged."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.actions import ContactEntry, edit, entries_of
from customers.values import phones
from journal.models import AccessLog

pytestmark = pytest.mark.clause("REC-14", "SEC-06")


@pytest.fixture
def two(world):
    more = ContactEntry(name="何静", title="经理", phones=(phones.read("13722223333"),))
    contacts = [*entries_of(world.ours), more]
    edit(world.ours, version=1, contacts=contacts, by=world.accountant, at=timezone.now())
    return world


def printed(world, client, *contacts, paper="a4"):
    data = {"contacts": [contact.pk for contact in contacts], "paper": paper}
    return client.post(reverse("customers:cards", args=[world.ours.pk]), data).content.decode()


def test_several_cards_of_one_customer_are_printed_at_once_and_logged(two, sign_in):
    page = printed(two, sign_in(two.accountant), *two.ours.contacts.all())
    assert page.count('<article class="card">') == 2
    for text in ("李娜", "何静", "经理", two.ours.name, "中山路 1 号", "139 1002 0001", "137 2222 3333"):
        assert text in page
    logged = AccessLog.objects.get(action=AccessLog.Action.REVEAL)
    assert (logged.person, logged.subject_id) == (two.accountant, two.ours.pk)
    assert logged.detail == {"cards": [contact.pk for contact in two.ours.contacts.all()], "masked": False}


def test_only_the_chosen_ones_on_the_chosen_paper(two, sign_in):
    page = printed(two, sign_in(two.accountant), two.ours.contacts.get(name="何静"), paper="a6")
    assert "李娜" not in page
    assert "card_a6" in page


def test_without_the_right_phones_stay_masked(two, sign_in):
    page = printed(two, sign_in(two.people["executive"]), *two.ours.contacts.all())
    assert "139****0001" in page
    assert "1391002" not in page.replace(" ", "")
    assert AccessLog.objects.get(action=AccessLog.Action.REVEAL).detail["masked"] is True


def test_choosing_nobody_or_another_customers_contact_prints_nothing(two, sign_in):
    client = sign_in(two.accountant)
    assert '<article class="card">' not in printed(two, client)
    assert '<article class="card">' not in printed(two, client, two.theirs.contacts.get())
    assert not AccessLog.objects.filter(action=AccessLog.Action.REVEAL).exists()
