"""A clerk works without a mouse: from signing in to the saved record, and back to it by search. Source: ux 1, 2."""

import re

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from tests.world import PASSWORD

from .conftest import focused, record_url, tab_to

pytestmark = pytest.mark.browser

COUNT_POINTERS = """
addEventListener("pointerdown", () => { sessionStorage.setItem("pointer", "used") }, true);
addEventListener("mousedown", () => { sessionStorage.setItem("pointer", "used") }, true);
"""
TYPED = {
    "serial": "0000777",
    "name": "海天纸业有限公司",
    "contacts-0-name": "王芳",
    "contacts-0-title": "采购主管",
    "contacts-0-phones": "13811112222",
    "contacts-0-emails": "wang@haitian.cn",
    "address": "建国路 88 号",
    "needs": "名片 500 盒",
    "remarks": "上午来电",
}
CHOSEN = {"industry": "ArrowDown", "source": "ArrowDown"}


def fill(page):
    """From the field in focus to the save button: type, Enter; Tab where Enter is a new line. Gives the fields met."""
    met = []
    for _step in range(60):
        name = focused(page)
        if page.evaluate("document.activeElement.matches('[data-save]')"):
            return met
        met.append(name)
        if name in TYPED:
            page.keyboard.type(TYPED[name])
        elif name in CHOSEN:
            page.keyboard.press(CHOSEN[name])
        elif name == "consents":
            page.keyboard.press("Space")
        is_textarea = page.evaluate("document.activeElement.tagName === 'TEXTAREA'")
        page.keyboard.press("Tab" if is_textarea else "Enter")
    raise AssertionError(f"never came to the save button: {met}")


@pytest.mark.clause("REC-04", "REC-08")
def test_a_clerk_registers_a_customer_and_finds_it_again_without_a_mouse(desk, live_world):
    page = desk()
    page.context.add_init_script(COUNT_POINTERS)
    page.goto("/")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type(live_world.clerk.staff_number)
    tab_to(page, "[name=password]", at_most=2)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/$"))

    tab_to(page, "main a[href='/customers/new/']")
    page.keyboard.press("Enter")
    expect(page.locator("[name=serial]")).to_be_focused()
    met = fill(page)
    assert met[0] == "serial"
    assert set(TYPED) | set(CHOSEN) | {"received_by", "branch", "kind", "credit_code", "district"} <= set(met)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(record_url())
    expect(page.locator("h1")).to_have_text(TYPED["name"])
    expect(page.locator("#messages")).to_contain_text(TYPED["name"])

    customer = Customer.objects.get(name=TYPED["name"])
    assert customer.created_by == live_world.clerk
    assert customer.industry
    assert customer.source
    assert customer.remarks == TYPED["remarks"]
    assert [need.text for need in customer.needs.all()] == [TYPED["needs"]]
    assert customer.consents.exists()

    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("海天")
    expect(page.locator("#search-results a")).to_contain_text([TYPED["name"]])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(record_url(customer))
    assert page.evaluate("sessionStorage.getItem('pointer')") is None
