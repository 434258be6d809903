"""Today: the figures of each position, and that each leads to exactly the rows that it counts."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm_site import waits
from customers.models import Customer
from journal.models import CustomerMessage, Delivery, Notification, State
from policy.models import CalendarYear
from staff import paging
from staff.verbs import PositionCode
from tests.world import hire


def shown_behind(client, figure):
    response = client.get(figure.url)
    assert response.status_code == 200
    if "chosen" in response.context:
        said = response.context["chosen"]
    else:
        form = response.context["form"]
        said = {name: value for name, value in form.data.items() if value}
        assert all(name in form.fields and not form.errors.get(name) for name in said), "a choice that the list knows"
    assert figure.url.partition("?")[2] == "&".join(f"{name}={value}" for name, value in said.items())
    return response.context.get("count", len(response.context["rows"]))


@pytest.fixture
def busy(world):
    """More of everything: customers of yesterday, in charge of several, one disabled without a position."""
    for name, owner in (("昨日甲", world.people["account_manager"]), ("昨日乙", None), ("昨日丙", world.colleague)):
        old = world.customer(name, owner=owner)
        Customer.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=1))
    hire("N002", "离职无岗", disabled_at=timezone.now())
    hire("N003", "曾任", PositionCode.CLERK, branch=world.east, until=date(2021, 1, 1))
    return world


@pytest.mark.clause("GEN-01")
@pytest.mark.parametrize("code", PositionCode.values)
def test_each_figure_leads_to_the_rows_it_counts(code, busy, sign_in):
    client = sign_in(busy.people[code])
    figures = client.get("/").context["figures"]
    assert figures
    for figure in figures:
        assert shown_behind(client, figure) == figure.number, figure.url


@pytest.mark.clause("GEN-01", "SEC-01")
def test_who_holds_several_positions_finds_behind_a_figure_what_it_counts(busy, sign_in):
    """Manager in West, clerk in East: the list shows both units, whatever each position allows there."""
    manager = busy.west_manager
    manager.positions.create(code=PositionCode.CLERK, branch=busy.east, starts_on=date(2020, 1, 1))
    client = sign_in(manager)
    for figure in client.get("/").context["figures"]:
        assert figure.number
        assert shown_behind(client, figure) == figure.number, figure.url


def test_a_figure_counts_no_further_than_the_list(busy, sign_in, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 2)
    monkeypatch.setattr("crm_site.figures.COUNTED", 2)
    client = sign_in(busy.people["executive"])
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/")
    [entered] = response.context["figures"]
    assert entered.shown == "2+"
    assert '<span class="figure-number">2+</span>' in response.text
    counts = [query["sql"] for query in queries if "count(" in query["sql"].lower()]
    assert counts
    assert all("LIMIT" in count for count in counts)


@pytest.mark.clause("GEN-01")
def test_the_menu_says_how_much_waits(busy, sign_in):
    def counts(person):
        return {item.icon: item.count for item in sign_in(person).get("/").context["navigation"] if item.count}

    assert counts(busy.manager) == {"today": "2"}, "customers in nobody's charge"
    assert counts(busy.administrator) == {"today": "2"}, "accounts without a position"
    assert counts(busy.clerk) == counts(busy.nobody) == {}
    busy.theirs.owner = busy.west_manager
    busy.theirs.save()
    assert counts(busy.west_manager) == {}, "nothing to do, no number"


def test_what_one_does_counts_anew_and_what_is_refused_does_not(busy, sign_in):
    client, kept = sign_in(busy.manager), waits.key(busy.manager)
    client.get("/")
    assert client.post("/staff/people/new/").status_code >= 400
    assert cache.get(kept) is not None
    assert client.post("/language/", {"language": "en"}).status_code < 400
    assert cache.get(kept) is None


def test_the_menu_does_not_count_beyond_two_digits(busy, sign_in, monkeypatch):
    monkeypatch.setattr("crm_site.figures.COUNTED_IN_MENU", 1)
    client = sign_in(busy.manager)
    client.cookies["language"] = "en"
    assert '<span class="rail-count">1+<span class="visually-hidden"> waiting</span></span>' in client.get("/").text


@pytest.mark.clause("GEN-02")
def test_an_administrator_finds_what_could_not_be_delivered(busy, sign_in):
    now = timezone.now()
    told = Notification.objects.create(
        person=busy.owner, kind="journal.notice", created_at=now, visible_at=now, push_at=now, dedupe_key="told"
    )
    stuck = {"created_at": now, "next_try_at": now, "state": State.DEAD}
    Delivery.objects.create(notification=told, channel="email", once="told", **stuck)
    for number in range(2):
        CustomerMessage.objects.create(
            purpose="service", channel="sms", subject_type="customers.customer", subject_id=busy.ours.pk,
            branch=busy.east, address="+8613910020001", body="x", gate_decision="yes", dedupe_key=str(number), **stuck,
        )  # fmt: skip
    client = sign_in(busy.administrator)
    figures = [figure for figure in client.get("/").context["figures"] if "outbox" in figure.url]
    assert [figure.number for figure in figures] == [1, 2]
    for figure in figures:
        assert shown_behind(client, figure) == figure.number, figure.url
    assert not [figure for figure in sign_in(busy.manager).get("/").context["figures"] if "outbox" in figure.url]


def test_an_administrator_is_warned_of_a_year_that_is_not_confirmed(world, sign_in):
    CalendarYear.objects.filter(year=timezone.localdate().year).update(confirmed_at=None)
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    assert client.get("/").context["unconfirmed_year"] == timezone.localdate().year
    assert "is not confirmed" in client.get("/").text
    assert "unconfirmed_year" not in sign_in(world.clerk).get("/").context


@pytest.mark.clause("GEN-01", "SEC-01")
def test_the_latest_customers_are_those_of_the_scope(world, sign_in):
    assert sign_in(world.accountant).get("/").context["latest"] == [world.unowned, world.ours]
    assert sign_in(world.people["executive"]).get("/").context["latest"][0] == world.theirs
    assert sign_in(world.people["call_agent"]).get("/").context["latest"] == []


def test_who_holds_no_position_is_told_so(world, sign_in):
    client = sign_in(world.nobody)
    client.cookies["language"] = "en"
    response = client.get("/")
    assert "You hold no position today" in response.text
    assert response.context["figures"] == response.context["latest"] == []


def test_the_rail_shows_only_what_opens(world, sign_in):
    for code in PositionCode.values:
        client = sign_in(world.people[code])
        for destination in client.get("/").context["navigation"]:
            assert client.get(destination.url).status_code == 200, (code, destination.url)
