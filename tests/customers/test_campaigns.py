"""Campaigns: who sets them up, who sees them and their members. Source: REC-11, SEC-01."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from customers import campaigns
from customers.models import Campaign, CampaignEntry
from journal import exports
from staff.verbs import PositionCode

pytestmark = pytest.mark.clause("REC-11")


def set_up(world, name="秋季展", **values):
    values = {"kind": "fair", "starts_on": timezone.localdate(), "ends_on": None, "place": "上海"} | values
    return campaigns.set_up(name=name, **values, by=world.people[PositionCode.MARKETING], at=timezone.now())


def member(campaign, customer, *, was_new=False):
    return CampaignEntry.objects.create(
        campaign=campaign,
        customer=customer,
        entered_at=timezone.now(),
        was_new=was_new,
        card_text="卡片",
        remark="要样品",
    )


@pytest.fixture
def fair(world):
    campaign = set_up(world)
    member(campaign, world.ours)
    member(campaign, world.theirs, was_new=True)
    return campaign


def test_marketing_sets_one_up_and_corrects_it(world, sign_in):
    client = sign_in(world.people[PositionCode.MARKETING])
    data = {"name": "春季展", "kind": "fair", "starts_on": "2026-03-01", "ends_on": "2026-03-03", "place": "北京"}
    client.post(reverse("customers:campaign_new"), data)
    made = Campaign.objects.get()
    assert (made.name, made.place, made.created_by) == ("春季展", "北京", world.people[PositionCode.MARKETING])
    client.post(reverse("customers:campaign_edit", args=[made.pk]), data | {"place": "天津"})
    made.refresh_from_db()
    assert made.place == "天津"


def test_a_name_is_given_once_and_the_last_day_comes_last(world, sign_in, fair):
    client = sign_in(world.people[PositionCode.MARKETING])
    data = {"name": fair.name, "kind": "fair", "starts_on": "2026-03-02", "ends_on": "2026-03-01", "place": ""}
    errors = client.post(reverse("customers:campaign_new"), data).context["form"].errors
    assert {*errors} == {"name", "ends_on"}
    with pytest.raises(ValidationError) as refused:  # two people at once
        set_up(world, name=fair.name)
    assert "name" in refused.value.message_dict


def test_closing_twice_keeps_the_first_and_it_can_be_opened_again(world, sign_in, fair):
    client = sign_in(world.people[PositionCode.MARKETING])
    for _again in range(2):
        client.post(reverse("customers:campaign_close", args=[fair.pk]))
    fair.refresh_from_db()
    assert fair.closed_by == world.people[PositionCode.MARKETING]
    client.post(reverse("customers:campaign_reopen", args=[fair.pk]))
    fair.refresh_from_db()
    assert (fair.closed_at, fair.closed_by) == (None, None)


@pytest.mark.clause("SEC-01")
def test_members_are_seen_by_whoever_sees_the_customers(world, fair):
    entries = CampaignEntry.objects.all()
    seen = {code: {e.customer for e in entries.visible_to(person)} for code, person in world.people.items()}
    assert seen[PositionCode.ACCOUNTANT] == {world.ours}
    assert seen[PositionCode.INSPECTOR] == {world.ours, world.theirs}
    assert seen[PositionCode.MARKETING] == set()
    assert {e.customer for e in entries.visible_to(world.stranger)} == {world.theirs}


def test_the_list_is_filtered_and_says_how_many(world, sign_in, fair):
    set_up(world, name="促销", kind="marketing", starts_on=timezone.localdate() - timedelta(days=30))
    client = sign_in(world.people[PositionCode.INSPECTOR])
    rows = client.get(reverse("customers:campaigns")).context["rows"]
    assert [(str(campaign), members, new) for campaign, members, new in rows] == [("秋季展", 2, 1), ("促销", 0, 0)]
    rows = client.get(reverse("customers:campaigns"), {"kind": "marketing", "state": "open"}).context["rows"]
    assert [str(campaign) for campaign, *_numbers in rows] == ["促销"]
    assert not client.get(reverse("customers:campaigns"), {"state": "closed"}).context["rows"]


def test_members_are_listed_by_how_they_came(world, sign_in, fair):
    client = sign_in(world.people[PositionCode.INSPECTOR])
    page = client.get(reverse("customers:campaign", args=[fair.pk]), {"came": "new"})
    assert [row.customer for row in page.context["rows"]] == [world.theirs]
    page = client.get(reverse("customers:campaign", args=[fair.pk]), {"came": "before"})
    assert [row.customer for row in page.context["rows"]] == [world.ours]


@pytest.mark.clause("GEN-03")
def test_both_lists_go_into_files(world, fair):
    person = world.people[PositionCode.INSPECTOR]
    members, listed = exports.get("campaign-members"), exports.get("campaigns")
    choices = members.keep(person, {"campaign": str(fair.pk), "came": "new"})
    assert [row.customer for row in members.rows(person, choices)] == [world.theirs]
    assert members.words(person, choices)[0][1] == fair.name
    assert not members.rows(world.people[PositionCode.MARKETING], choices)
    rows = list(listed.rows(person, listed.keep(person, {"kind": "fair"})))
    listed.prepare(person, rows)
    assert [(row.members, row.new_members) for row in rows] == [(2, 1)]


def test_the_pages_ask_as_often_for_many_as_for_few(world, sign_in, fair, django_assert_max_num_queries):
    client = sign_in(world.people[PositionCode.INSPECTOR])
    for number in range(5):
        member(set_up(world, name=f"展 {number}"), world.unowned)
        member(fair, world.customer(f"第{number}号印务有限公司", phone=f"1381111220{number}"))
    for address in (reverse("customers:campaigns"), reverse("customers:campaign", args=[fair.pk])):
        client.get(address)
        with django_assert_max_num_queries(15):
            client.get(address)
