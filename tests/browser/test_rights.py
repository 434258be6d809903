"""Proposing instead of editing, and putting many customers in somebody's charge, by mouse, key and thumb."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer, ProposedChange

from .conftest import PHONE, record_url

pytestmark = [pytest.mark.browser, pytest.mark.clause("SEC-04", "REC-19")]


def test_a_clerk_proposes_in_place_and_the_accountant_accepts_on_the_record(desk, live_world):
    page = desk(live_world.clerk)
    page.goto(f"/customers/{live_world.ours.pk}/")
    page.locator("#identity a[hx-get]").press("Enter")
    expect(page.locator("form#identity :focus")).to_be_visible()
    page.locator("[name=address]").fill("新地址 8 号")
    page.locator("[name=reason]").fill("客户说搬了")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages .message")).to_have_count(1)
    expect(page).to_have_url(record_url(live_world.ours))
    expect(page.locator(".proposal")).to_contain_text("新地址 8 号")
    expect(page.locator(".proposal button")).to_have_count(0)
    assert ProposedChange.objects.get().by == live_world.clerk

    page = desk(live_world.accountant)
    page.goto(f"/customers/{live_world.ours.pk}/")
    page.locator(".proposal button[name=accept]").click()
    expect(page.locator("section#identity")).to_contain_text("新地址 8 号")
    expect(page.locator(".proposal")).to_have_count(0)


def test_the_reason_shows_itself_when_a_name_or_a_phone_changes(desk, live_world):
    page = desk(live_world.accountant)
    page.goto(f"/customers/{live_world.ours.pk}/identity/edit/")
    reason = page.locator("[name=reason]")
    expect(reason).to_be_hidden()
    page.locator("[name=address]").fill("新地址")
    expect(reason).to_be_hidden()
    page.locator("[name=contacts-0-phones]").fill("13722221111")
    expect(reason).to_be_visible()


def test_customers_are_chosen_and_moved_on_a_phone(desk, live_world):
    page = desk(live_world.manager, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/customers/")
    bar = page.locator(".bulk-bar")
    expect(bar).to_be_hidden()
    for customer in (live_world.ours, live_world.unowned):
        page.locator(f"[data-tick][value^='{customer.pk}:']").tap()
    expect(page).to_have_url("/customers/")
    expect(bar.locator("[data-tick-count]")).to_have_text("2")
    bar.locator("button").tap()
    page.locator("[name=owner]").select_option(str(live_world.colleague.pk))
    page.locator("[name=reason]").fill("片区调整")
    page.locator("[data-save]").tap()
    page.locator("button[value=confirm]").tap()
    expect(page).to_have_url("/customers/")
    expect(page.locator("#messages .message")).to_have_count(1)
    assert Customer.objects.filter(owner=live_world.colleague).count() == 2
