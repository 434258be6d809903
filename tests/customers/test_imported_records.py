"""Records that came from files of old ones: no form, and nobody of ours who entered them. Every page reads them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers import archiving, columns, completeness, dossier, exporters
from customers.actions import edit, entries_of
from customers.models import Contact, ContactWay, Customer, MatchKey, Need
from customers.naming import derived_names
from customers.proposals import accept, propose
from customers.values.keys import match_keys
from staff.models import District, Person
from tests.customers.test_record_page import identity

NAME = "旧账印务有限公司"
pytestmark = pytest.mark.clause("REC-01", "REC-15")


def imported(world, name=NAME, phone="+8613910020077", **columns):
    """A record as a file brings it: without form, author, verdicts or person in charge."""
    at = timezone.now()
    customer = Customer.objects.create(
        name=name, **derived_names(name, "company"), kind="company", branch=world.east, channel=world.east.channel,
        source="walk_in", address="中山路 9 号", created_at=at, updated_at=at, created_by=None, updated_by=None,
        **columns,
    )  # fmt: skip
    contact = Contact.objects.create(customer=customer, name="周强", valid_from=None)
    ContactWay.objects.create(customer=customer, contact=contact, kind="phone", value=phone, as_written=phone)
    Need.objects.create(customer=customer, text="旧需求", noted_at=at, noted_by=None)
    keys = match_keys(name=name, credit_code="", phones=[phone], emails=[], is_company=True)
    MatchKey.objects.bulk_create(MatchKey(customer=customer, kind=kind, value=value) for kind, value in keys)
    completeness.judge([customer.pk])
    return customer


@pytest.fixture
def old(world):
    return imported(world)


@pytest.fixture
def office(world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    return client


def test_the_record_says_nothing_where_nobody_is_known(old, office):
    page = office.get(reverse("customers:record", args=[old.pk]))
    assert NAME in page.text
    assert "旧需求" in page.text
    assert "None" not in page.text
    assert "First contact" not in page.text
    assert page.context["form"] is None
    assert page.context["customer"].created_by is None


@pytest.mark.parametrize(
    ("place", "address", "whole"),
    [
        ("上海市浦东新区", "世纪大道 1 号", "上海市浦东新区 世纪大道 1 号"),
        ("上海市浦东新区", "上海市浦东新区世纪大道 1 号", "上海市浦东新区世纪大道 1 号"),
        ("上海市浦东新区", "", "上海市浦东新区"),
        ("", "世纪大道 1 号", "世纪大道 1 号"),
        ("", "", ""),
    ],
)
def test_an_address_does_not_say_its_district_twice(place, address, whole):
    district = District(province="上海市", city="市辖区", name="浦东新区") if place else None
    assert Customer(district=district, address=address).whole_address == whole


@pytest.mark.parametrize("name", ["cards", "archive", "checkout_check", "papers", "consent_new", "parent", "tip_new"])
def test_the_pages_around_a_record_open(name, old, office):
    query = {"customer": old.pk} if name == "tip_new" else {}
    args = [] if name == "tip_new" else [old.pk]
    page = office.get(reverse(f"customers:{name}", args=args), query, follow=True)
    assert page.status_code == 200
    assert "None" not in page.text


@pytest.mark.parametrize("block", ["identity", "business", "interaction"])
def test_every_block_opens_to_be_edited_and_to_be_proposed(block, old, world, office, sign_in):
    assert "None" not in office.get(reverse("customers:edit_block", args=[old.pk, block])).text
    page = sign_in(world.clerk).get(reverse("customers:propose_block", args=[old.pk, block]))
    assert page.status_code == 200
    assert "None" not in page.text


def test_today_and_the_list_with_every_column_show_it(old, office):
    assert NAME in office.get("/").text
    rows = Customer.objects.filter(pk=old.pk).in_rows(*columns.needed(columns.COLUMNS))
    assert "None" not in columns.body(rows, columns.COLUMNS, ticked=True)
    for query in ({}, {"sort": "updated"}, {"completeness": "incomplete"}, {"entered": "today"}):
        page = office.get(reverse("customers:list"), query)
        assert NAME in page.text
        assert "None" not in page.text


def test_a_search_and_the_till_find_it(old, office):
    assert NAME in office.post(reverse("customers:search"), {"text": "旧账"}, headers={"HX-Request": "true"}).text
    assert NAME in office.post(reverse("customers:checkout"), {"text": "0077"}).text


def test_a_file_leaves_the_author_empty(old, world):
    row = exporters.CUSTOMERS.rows(world.accountant, {}).get(pk=old.pk)
    said = {column.code: column.value(row) for column in exporters.CUSTOMERS.every_column}
    assert said["created_by"] == ""
    assert "None" not in map(str, said.values())


def test_its_history_names_nobody(old, office):
    page = office.get(reverse("journal:timeline", args=["customers.customer", old.pk]))
    assert page.status_code == 200
    assert "None" not in page.text


def test_it_is_found_as_a_look_alike(old, world, office):
    typed = {"name": NAME, "kind": "company", "contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "0",
             "contacts-0-phones": "139 1002 0077", "branch": world.east.pk}  # fmt: skip
    card = office.post(reverse("customers:check"), typed, headers={"HX-Request": "true"}).text
    assert NAME in card
    assert "None" not in card


def test_it_is_edited_proposed_archived_and_judged_like_others(old, world):
    now = timezone.now()
    proposal = propose(old, fields={"address": "新路 1 号"}, why="搬了", by=world.clerk, at=now)
    accept(proposal, version=old.version, by=world.accountant, at=now)
    old.refresh_from_db()
    assert (old.address, old.created_by, old.updated_by) == ("新路 1 号", None, world.accountant)
    edit(old, version=old.version, contacts=entries_of(old), new_needs=["新需求"], by=world.accountant, at=now)
    old.refresh_from_db()
    assert completeness.of(old).missing == [completeness.ITEMS[code] for code in old.missing]
    archiving.archive(old, version=old.version, reason="停业", by=world.manager, at=now)
    read = dossier.read(Customer.objects.get(pk=old.pk))
    assert [need.noted_by for need in read["needs"]] == [None, Person(pk=world.accountant.pk)]


def test_a_form_that_is_stale_because_of_a_file_names_somebody(old, office):
    typed = identity(old, address="又一处")
    Customer.objects.filter(pk=old.pk).update(address="文件所写", version=2)
    page = office.post(reverse("customers:edit_block", args=[old.pk, "identity"]), typed)
    assert "Somebody saved this record at" in page.text
