"""A clerk works without a mouse: from signing in to the saved record, and back to it by search. Source: ux 1, 2."""

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
        elif name == "consents" and not page.evaluate("document.activeElement.value.startsWith('no-')"):
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
    expect(page).to_have_url("/")

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


def test_save_and_new_keeps_the_pinned_field_and_says_who_is_registered(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/new/")
    page.locator("[name=source]").select_option("exhibition")
    pin = page.locator(".field:has([name=source]) .pin")
    pin.focus()
    page.keyboard.press("Space")
    expect(pin).to_have_attribute("aria-pressed", "true")
    page.locator("[name=name]").fill(TYPED["name"])
    page.locator("[name=contacts-0-phones]").fill(TYPED["contacts-0-phones"])
    with page.expect_response(lambda response: response.request.method == "POST" and response.url.endswith("/new/")):
        page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#messages")).to_contain_text(TYPED["name"])
    expect(page.locator("[name=serial]")).to_be_focused()
    expect(page.locator("[name=source]")).to_have_value("exhibition")
    expect(page.locator(".field:has([name=source]) .pin")).to_have_attribute("aria-pressed", "true")
    for name in ("serial", "name", "contacts-0-phones"):
        expect(page.locator(f"[name={name}]")).to_have_value("")
    assert Customer.objects.filter(name=TYPED["name"]).count() == 1


def test_a_contact_is_added_and_removed_by_keyboard(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/new/")
    add = page.locator("[data-add-row=contacts]")
    rows = page.locator("[data-formset=contacts] [data-rows] > [data-row]:visible")
    add.focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(page.locator("[name=contacts-1-name]")).to_be_focused()
    page.keyboard.type("赵六")
    page.keyboard.press("Enter")
    expect(page.locator("[name=contacts-1-role]")).to_be_focused()
    tab_to(page, "[data-remove-row]", at_most=6)
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(add).to_be_focused()
    expect(page.locator("[name=contacts-1-DELETE]")).to_be_checked()

    page.locator("[name=name]").fill(TYPED["name"])
    page.locator("[name=source]").select_option("walk_in")
    page.locator("[name=contacts-0-phones]").fill(TYPED["contacts-0-phones"])
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(record_url())
    assert [contact.name for contact in Customer.objects.get(name=TYPED["name"]).contacts.all()] == [""]


def test_enter_on_the_first_row_of_a_list_is_reached_by_j(desk, live_world):
    page = desk(live_world.accountant)
    page.goto("/customers/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-row-link]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(record_url())


@pytest.mark.clause("SEC-09")
def test_a_password_may_come_from_a_password_manager(desk, live_world):
    """WCAG 3.3.8: nothing has to be remembered or copied by hand."""
    page = desk()
    page.goto("/sign-in/")
    password = page.locator("[name=password]")
    expect(password).to_have_attribute("autocomplete", "current-password")
    expect(page.locator("[name=username]")).to_have_attribute("autocomplete", "username")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", PASSWORD)
    password.focus()
    page.keyboard.press("Control+v")
    expect(password).to_have_value(PASSWORD)
