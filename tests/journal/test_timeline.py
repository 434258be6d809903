"""The history on the record: who, in which position, what stood there before and after."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from customers.actions import ContactEntry, edit, entries_of
from customers.models import Need
from customers.values import phones
from journal.timeline import MOMENTS, timeline

pytestmark = pytest.mark.clause("SEC-05")

NeedEvent = apps.get_model("customers.NeedEvent")


@pytest.fixture
def reader(client):
    """`reader(person)` gives a function that reads the timeline of a customer, in English."""

    def _reader(person):
        client.force_login(person)
        client.cookies["language"] = "en"
        return lambda customer, query="": client.get(address(customer) + query, headers={"HX-Request": "true"})

    return _reader


def address(customer):
    return reverse("journal:timeline", args=["customers.customer", customer.pk])


def older(response):
    """The query by which the page asks for older changes; None on the last one."""
    found = re.search(r'hx-get="[^"?]*(\?before=[^"]+)"', response.text)
    return unescape(found[1]) if found else None


def pages(read, customer):
    """All pages of a timeline, first to last."""
    query, found = "", []
    while query is not None:
        assert len(found) < 20, "the pages do not end"
        found.append(read(customer, query))
        query = older(found[-1])
    return found


def test_a_change_shows_who_in_which_position_before_and_after(live_world, client, reader):
    world = live_world
    client.force_login(world.accountant)
    block = reverse("customers:edit_block", args=[world.ours.pk, "interaction"])
    for version, text in enumerate(["喜欢铜版纸", "喜欢哑粉纸"], start=1):
        client.post(block, {"version": version, "preferences": text, "remarks": ""})
    text = reader(world.clerk)(world.ours).text
    newest = text.index("<del>喜欢铜版纸</del> → <ins>喜欢哑粉纸</ins>")
    assert newest < text.index("<ins>喜欢铜版纸</ins>", newest) < text.index(world.ours.name)
    line = f"{world.accountant.name} · branch accountant"
    assert text.count(line) == 2
    assert text.index(line) < newest


def test_contacts_added_changed_and_removed_are_part_of_the_story(live_world, reader):
    world = live_world
    now, version = timezone.now(), 0

    def save(*contacts):
        nonlocal version
        version += 1
        edit(world.ours, version=version, contacts=list(contacts), reason="核对", by=world.accountant, at=now)

    [first] = entries_of(world.ours)
    save(first, ContactEntry(name="周强", role="finance", phones=(phones.read("13811112222"),)))
    first, second = entries_of(world.ours)
    save(ContactEntry(name="李丽娜", role="technical", phones=first.phones, pk=first.pk), second)
    save(ContactEntry(name="李丽娜", role="technical", phones=first.phones, pk=first.pk))

    texts = [part.strip() for part in reader(world.clerk)(world.ours).text.split('<li class="is-change">')[1:]]
    assert "Removed: contact" in texts[0]
    assert "<del>周强</del>" in texts[0]
    assert "Changed: contact" in texts[1]
    assert "<del>李娜</del> → <ins>李丽娜</ins>" in texts[1]
    assert "<del>general contact</del> → <ins>technical contact</ins>" in texts[1]
    assert "New: contact" in texts[2]
    assert "<ins>周强</ins>" in texts[2]


def test_phones_and_addresses_are_masked_even_for_who_sees_them_on_the_record(world, reader):
    contact = ContactEntry(name="周强", phones=(phones.read("13811112222"),), emails=("zhouqiang@haitian.cn",))
    edit(world.ours, version=1, contacts=[*entries_of(world.ours), contact], by=world.accountant, at=timezone.now())
    for person in (world.owner, world.accountant, world.people["executive"]):
        text = reader(person)(world.ours).text
        assert "138****2222" in text
        assert "139****0001" in text
        for secret in ("13811112222", "138 1111 2222", "13910020001", "139 1002 0001", "zhouqiang@haitian.cn"):
            assert secret not in text


def had_needs(customer, person, count, days=1):
    """Events of needs, one a minute, as they would have been written then."""
    at = timezone.now() - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO customers_needevent (pgh_created_at, pgh_label, pgh_obj_id, pgh_context, id, text, noted_at,"
            " customer_id, noted_by_id) VALUES (%s, 'insert', %s, NULL, %s, %s, %s, %s, %s)",
            [
                (at - timedelta(minutes=n), -n, -n, f"need {n:03}", at, customer.pk, person.pk)
                for n in range(1, count + 1)
            ],
        )


def test_older_changes_are_walked_page_by_page_without_loss_or_repeat(world, reader):
    had_needs(world.ours, world.clerk, 130)
    found = pages(reader(world.clerk), world.ours)
    assert len(found) > 3
    needs = re.findall(r"need \d{3}", "".join(page.text for page in found))
    assert needs == [f"need {n:03}" for n in range(1, 131)]
    assert "No change yet" not in found[-1].text


def test_a_long_transaction_is_shown_whole(world, reader):
    """All rows of one transaction bear one instant; a page that ends within it must not lose the rest."""
    now = timezone.now()
    Need.objects.bulk_create(
        Need(customer=world.ours, text=f"need {n:03}", noted_at=now, noted_by=world.clerk) for n in range(70)
    )
    text = "".join(page.text for page in pages(reader(world.clerk), world.ours))
    assert sorted(re.findall(r"need \d{3}", text)) == [f"need {n:03}" for n in range(70)]
    assert world.ours.name in text


def test_a_long_history_takes_as_many_queries_as_a_short_one(world, reader):
    read, numbers = reader(world.clerk), []
    for count in (3, 60):
        had_needs(world.ours, world.clerk, count)
        with CaptureQueriesContext(connection) as queries:
            read(world.ours)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_why_it_is_another_customer_stands_in_the_history_of_both(world, reader):
    twin = world.customer("天虹印务有限公司", phone="13910020001", different_because="同一栋楼的总机")
    for customer in (world.ours, twin):
        assert "同一栋楼的总机" in reader(world.clerk)(customer).text, customer.name


@pytest.mark.clause("SEC-01")
def test_the_history_of_a_record_outside_the_scope_does_not_exist(world, reader):
    response = reader(world.accountant)(world.theirs)
    assert response.status_code == 404
    assert world.theirs.name not in response.text


@pytest.mark.parametrize(
    "label", ["customers.matchkey", "staff.person", "auth.group", "customers.customerevent", "x.y", "x", "a.b.c", "%00"]
)
def test_only_what_has_a_scope_has_a_history_page(label, world, sign_in):
    path = f"/journal/timeline/{label}/{world.ours.pk}/"
    assert sign_in(world.administrator).get(path).status_code == 404


@pytest.mark.parametrize(
    "before",
    ["", "yesterday", "2026-02-30T10:00", "2026-01-01T10:00", "0001-01-01T00:00%2B08:00", "9999-12-31T23:59-08:00",
     "2026-01-01T10:00%2B99:99", "9999-12-31T23:59:59.999999Z", "%00", "2026", "x" * 5000],
)  # fmt: skip
def test_an_instant_that_cannot_be_read_means_the_newest_changes(before, world, reader):
    """Also one that no clock of ours can show, and one that does not say in which time zone it is meant."""
    response = reader(world.clerk)(world.ours, f"?before={before}")
    assert response.status_code == 200
    assert world.ours.name in response.text


def test_before_the_first_change_there_is_no_older_one(world, reader):
    assert "No older change" in reader(world.clerk)(world.ours, "?before=0001-01-02T00:00Z").text


def test_moments_that_show_nothing_do_not_end_the_story(world, reader):
    """Saving without a visible change leaves events too."""
    had_needs(world.ours, world.clerk, 100)
    at = timezone.now() - timedelta(days=30)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_needevent (pgh_created_at, pgh_label, pgh_obj_id, id, text, noted_at, customer_id,"
            " noted_by_id) SELECT %s - make_interval(mins => n), 'update', 9, 9, 'same', %s, %s, %s"
            " FROM generate_series(1, 100) n",
            [at, at, world.ours.pk, world.clerk.pk],
        )
    had_needs(world.ours, world.clerk, 1, days=60)
    found = pages(reader(world.clerk), world.ours)
    assert "need 001" in found[-1].text
    assert not any("No change yet" in page.text for page in found)


def test_a_page_loads_no_more_than_it_shows(world):
    """Nor for the state before a change: a record of ten years is not read whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_needevent (pgh_created_at, pgh_label, pgh_obj_id, id, text, noted_at, customer_id,"
            " noted_by_id) SELECT now() - make_interval(mins => 500 - n), 'update', 9, 9, 'state ' || n, now(), %s, %s"
            " FROM generate_series(1, 400) n",
            [world.ours.pk, world.clerk.pk],
        )
    loaded = []
    post_init.connect(lambda instance, **_: loaded.append(instance), sender=NeedEvent, weak=False, dispatch_uid="count")
    try:
        with translation.override("en"):
            entries, _older = timeline(world.ours)
    finally:
        post_init.disconnect(sender=NeedEvent, dispatch_uid="count")
    changes = [change for entry in entries for part in entry.parts for change in part.changes if part.label == "need"]
    assert (changes[0].before, changes[0].after) == ("state 399", "state 400")
    assert all(change.before for change in changes)
    assert len(loaded) <= 2 * MOMENTS


def test_a_country_is_shown_by_its_name(world, reader):
    abroad = world.customer("Acme Printing", branch=world.abroad, country="JP", phone="13910020077")
    text = reader(world.people["executive"])(abroad).text
    assert "<ins>Japan</ins>" in text
    assert "<ins>JP</ins>" not in text


def test_opened_by_its_address_it_is_a_page_of_its_own(world, sign_in):
    text = sign_in(world.clerk).get(address(world.ours)).text
    assert "<html" in text
    assert f"<h1>{world.ours.name}</h1>" in text
