"""The customer list: filters, orders, pages, and as many queries for many rows as for few."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers import columns
from customers.models import BusinessType, CompanySize, Customer, Industry, MatchKey, Stage, Tier
from customers.naming import derived_names
from customers.views_of_list import choose_columns
from staff.models import Branch, Position

LIST = reverse("customers:list")
ORDERS = {"newest": "-pk", "name": "name_pinyin", "updated": "-updated_at"}

pytestmark = pytest.mark.clause("REC-08")


def names(response):
    return {row.name for row in response.context["rows"]}


@pytest.fixture
def reader(world, sign_in):
    """The list as the head of customer service sees it, who sees the whole company."""
    client = sign_in(world.people["service_head"])
    return lambda **query: client.get(LIST, query)


@pytest.fixture
def odd(world):
    """One customer that differs from the others in every column that can be filtered by."""
    odd = world.customer(
        "异类商贸有限公司", branch=world.online, by=world.people["relations_specialist"], source="exhibition",
        stage=Stage.ACTIVE, industry=Industry.objects.first(), size=CompanySize.objects.first(),
        business_type=BusinessType.objects.first(), owner=world.colleague,
    )  # fmt: skip
    Customer.objects.filter(pk=odd.pk).update(tier=Tier.STRATEGIC)
    Customer.objects.exclude(pk=odd.pk).update(created_at=timezone.now() - timedelta(days=2))
    odd.refresh_from_db()
    return odd


COLUMNS = ("branch", "channel", "source", "tier", "stage", "industry", "size", "business_type", "owner")


@pytest.mark.parametrize("column", COLUMNS)
def test_each_filter_alone_finds_the_odd_one_and_only_it(column, reader, odd):
    value = getattr(odd, column)
    assert names(reader(**{column: getattr(value, "pk", value)})) == {odd.name}


def test_nobody_in_charge_is_a_choice_of_its_own(world, reader, odd):
    assert names(reader(owner="none")) == {world.unowned.name, world.theirs.name}


def test_entered_today(world, reader, odd):
    assert names(reader(entered="today")) == {odd.name}


def test_filters_add_up(world, reader, odd):
    assert names(reader(branch=world.east.pk, owner="none")) == {world.unowned.name}
    assert names(reader(branch=world.east.pk, tier="strategic")) == set()


@pytest.mark.parametrize(
    "value", ["x", "-1", "0", "99999999999999999999", "\x00", "<script>alert(1)</script>", "1 OR 1=1"]
)
@pytest.mark.parametrize("column", [*COLUMNS, "entered", "sort", "after", "before"])
def test_a_value_that_is_no_choice_is_passed_over(column, value, world, reader):
    response = reader(**{column: value})
    assert response.status_code == 200
    assert {world.ours.name, world.theirs.name} <= names(response)
    assert "<script>alert" not in response.text


@pytest.mark.clause("SEC-01")
def test_filters_offer_and_find_only_what_is_in_the_scope(world, sign_in):
    client = sign_in(world.accountant)
    response = client.get(LIST)
    assert world.west.name not in response.text
    assert world.stranger.name not in response.text
    for query in ({"branch": world.west.pk}, {"owner": world.stranger.pk}, {"channel": "ecommerce"}):
        assert names(client.get(LIST, query)) == {world.ours.name, world.unowned.name}


def test_an_empty_list_says_why_and_what_to_do(world, sign_in, reader):
    assert f'<a class="btn" href="{LIST}">' in reader(stage="lost").text
    client = sign_in(world.people["call_agent"])
    client.cookies["language"] = "en"
    assert "No customer is open to you" in client.get(LIST).text


@pytest.fixture
def long_book(world):
    """130 more customers of East; several share a name, and many the moment of their last change."""
    now = timezone.now()
    wanted = [f"{'甲乙丙丁戊'[n % 5]}{'山水火土'[n % 4]}纸业有限公司" for n in range(130)]
    Customer.objects.bulk_create(
        Customer(
            name=name, **derived_names(name, "company"), branch=world.east, channel="branch", source="walk_in",
            created_at=now, created_by=world.clerk, updated_by=world.clerk, updated_at=now - timedelta(hours=n % 3),
        )
        for n, name in enumerate(wanted)
    )  # fmt: skip
    return world


def walk(client, sort, link, start=""):
    """Ids of the rows of each page, following a link to the end."""
    found, address = [], f"{LIST}{start or f'?sort={sort}'}"
    while address:
        assert len(found) < 10, "the pages do not end"
        response = client.get(address)
        found.append([row.pk for row in response.context["rows"]])
        address = response.context[link] and LIST + response.context[link]
    return found, response


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_walk_the_whole_list_forwards_and_backwards_without_loss_or_repeat(sort, long_book, sign_in):
    client = sign_in(long_book.accountant)
    forwards, last = walk(client, sort, "next_url")
    ids = [pk for rows in forwards for pk in rows]
    tie = "-pk" if ORDERS[sort].startswith("-") else "pk"
    visible = Customer.objects.visible_to(long_book.accountant)
    assert ids == list(visible.order_by(ORDERS[sort], tie).values_list("pk", flat=True))
    assert [len(rows) for rows in forwards] == [50, 50, 32]
    backwards, first = walk(client, sort, "previous_url", last.wsgi_request.get_full_path().removeprefix(LIST))
    assert [pk for rows in reversed(backwards) for pk in rows] == ids
    assert first.context["previous_url"] == ""


@pytest.mark.parametrize("sort", ORDERS)
def test_filters_and_order_stay_while_paging(sort, long_book, sign_in):
    response = sign_in(long_book.accountant).get(LIST, {"sort": sort, "owner": "none"})
    assert f"sort={sort}" in response.context["next_url"]
    assert "owner=none" in response.context["next_url"]


def test_a_row_that_comes_or_goes_while_paging_shifts_nothing(long_book, sign_in):
    client = sign_in(long_book.accountant)
    first = client.get(LIST)
    expected = list(
        Customer.objects.visible_to(long_book.accountant).order_by("-pk").values_list("pk", flat=True)[50:100]
    )
    long_book.customer("新来的客户有限公司")
    second = client.get(LIST + first.context["next_url"])
    assert [row.pk for row in second.context["rows"]] == expected


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_row_outside_the_scope_is_no_place_in_the_list(way, sort, long_book, sign_in):
    """Otherwise the place tells where the name of another branch's customer stands in the alphabet."""
    client = sign_in(long_book.accountant)
    unknown = client.get(LIST, {"sort": sort, way: 10**9}).context["rows"]
    theirs = client.get(LIST, {"sort": sort, way: long_book.theirs.pk}).context["rows"]
    assert [row.pk for row in theirs] == [row.pk for row in unknown]


def test_the_number_of_rows_is_counted_up_to_a_thousand(long_book, sign_in):
    client = sign_in(long_book.accountant)
    assert client.get(LIST).context["count"] == 132
    assert client.get(LIST, {"source": "exhibition"}).context["count"] == 0


def test_a_list_of_sixty_takes_as_many_queries_as_one_of_three(world, sign_in):
    client, numbers = sign_in(world.accountant), []
    client.get(LIST)
    for more in (1, 57):
        for n in range(more):
            world.customer(f"第{more}{n:02}纸业有限公司", phone=f"137{more:02}23{n:04}", owner=world.owner)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(LIST)
        numbers.append((len(response.context["rows"]), len(queries)))
    assert [rows for rows, _queries in numbers] == [3, 50]
    assert numbers[0][1] == numbers[1][1] <= 15


@pytest.mark.clause("SEC-06")
def test_phones_are_masked_for_everybody(world, sign_in):
    for person in (world.owner, world.accountant, world.people["executive"]):
        text = sign_in(person).get(LIST).text
        assert "139****0001" in text
        assert "0020001" not in text.replace(" ", "")


def test_a_customer_without_contact_is_a_row_too(world, reader):
    plain = world.customer("无联系人有限公司")
    assert plain.name in names(reader())
    assert not MatchKey.objects.filter(customer=plain, kind="phone").exists()


def test_closed_units_stay_in_the_filter(world, reader):
    Branch.objects.filter(pk=world.west.pk).update(closed_on=timezone.localdate())
    assert names(reader(branch=world.west.pk)) == {world.theirs.name}


def options(client, select, **query):
    """{value: whether it is chosen} of one select of the list."""
    markup = client.get(LIST, query).text.partition(f'name="{select}"')[2].partition("</select>")[0]
    return {value: bool(chosen) for value, chosen in re.findall(r'<option value="([^"]*)"( selected)?>', markup)}


def test_kept_selects_say_what_is_chosen_and_forget_it(world, sign_in):
    client = sign_in(world.people["executive"])
    for _kept in range(2):
        for tier in ("key", "", "normal", "nonsense", '"><b>', "key"):
            chosen = {value for value, said in options(client, "tier", tier=tier).items() if said}
            assert chosen == ({tier} if tier in ("key", "normal", "") else set()), tier
        assert options(client, "owner", owner="none")["none"]
        assert options(client, "branch", branch=world.west.pk, tier="key")[str(world.west.pk)]


def test_kept_selects_are_in_the_language_of_the_reader(world, sign_in):
    client = sign_in(world.people["executive"])
    for _kept in range(2):
        for language, words in (("en", "any tier"), ("zh-hans", "")):
            client.cookies["language"] = language
            assert ("any tier" in client.get(LIST).text) is bool(words)


@pytest.mark.clause("SEC-01", "SEC-03")
def test_what_is_kept_for_a_person_ends_with_the_position(world, sign_in):
    """Units and people of a place that one has left are offered no more, and no filter speaks of them, at once."""
    person = world.stranger
    Position.objects.create(person=person, code="accountant", branch=world.east, starts_on=timezone.localdate())
    assert str(world.west.pk) in options(sign_in(person), "branch")
    assert world.west_manager.name in sign_in(person).get(LIST).text
    person.positions.filter(branch=world.west).update(ends_on=timezone.localdate() - timedelta(days=1))
    page = sign_in(person).get(LIST, {"branch": world.west.pk})
    assert world.west.name not in page.text
    assert world.west_manager.name not in page.text
    assert names(page) == {world.ours.name, world.unowned.name}


@pytest.mark.clause("SEC-01")
def test_nobody_gets_the_selects_that_are_kept_for_another(world, sign_in):
    for person, other in ((world.people["executive"], True), (world.accountant, False)) * 2:
        assert (world.stranger.name in sign_in(person).get(LIST).text) is other


def test_that_there_are_more_than_a_list_counts_is_known_for_a_moment(world, sign_in, monkeypatch):
    monkeypatch.setattr("staff.paging.COUNTED", 1)
    monkeypatch.setattr("customers.views.listing.COUNTED", 1)
    client, address = sign_in(world.manager), reverse("customers:list")

    def counted(query):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address, query)
        return page.context["count"], sum("cardinality" in asked["sql"] for asked in queries)

    assert [counted({}), counted({})] == [(2, 1), (2, 0)]
    few = {"owner": world.owner.pk}
    assert [counted(few), counted(few)] == [(1, 1), (1, 1)], "few are counted each time"
    Customer.objects.filter(pk=world.ours.pk).update(owner=None)
    assert counted(few) == (0, 1)
    assert counted({"owner": "none"}) == (2, 1), "each choice for itself"


def test_columns_that_no_screen_holds_scroll_by_themselves(world, sign_in):
    client = sign_in(world.manager)
    assert "wide-rows" not in client.get(reverse("customers:list")).text
    usual = [column.code for column in columns.chosen(())]
    choose_columns([*(code for code in usual if code != "stage"), "industry"], by=world.manager)
    assert "wide-rows" in client.get(reverse("customers:list")).text
