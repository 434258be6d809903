"""The registration form while it is being filled: advice in time, errors in place, nothing typed lost. Ux 6-8."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from journal.models import AccessLog

from .conftest import focused

pytestmark = pytest.mark.browser

# Milliseconds from the last key to the card, by the page's own clock.
CLOCK_THE_CARD = """() => {
  document.addEventListener("input", () => { window.typed = performance.now() });
  new MutationObserver(() => { window.waited ??= performance.now() - window.typed })
    .observe(document.querySelector("#duplicates"), { childList: true, subtree: true });
}"""


@pytest.fixture
def page(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/new/")
    return page


def checked(response):
    return response.url.endswith("/customers/new/check/")


def test_half_a_phone_is_no_error_and_no_match(page):
    with page.expect_response(checked):
        page.locator("[name=contacts-0-phones]").press_sequentially("139100")
    expect(page.locator(".duplicate-card, .has-error, [data-error-summary], [aria-invalid]")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.locator(".has-error, [data-error-summary]")).to_have_count(0)


@pytest.mark.clause("REC-18")
def test_a_known_phone_shows_its_customer_within_a_second(page, live_world):
    with page.expect_response(checked):
        page.locator("[name=contacts-0-phones]").press_sequentially("1391002000")  # one digit is missing
    page.evaluate(CLOCK_THE_CARD)
    page.keyboard.type("1")
    link = page.locator("#duplicates .duplicate a")
    expect(link).to_have_text(live_world.ours.name)
    assert page.evaluate("window.waited") < 1000
    expect(link).to_have_attribute("href", f"/customers/{live_world.ours.pk}/")
    expect(page.locator("[name=different_because]")).to_be_visible()
    expect(page.locator("[name=contacts-0-phones]")).to_be_focused()


@pytest.mark.clause("REC-18", "SEC-01", "SEC-06")
def test_a_phone_known_to_another_branch_shows_name_branch_and_nothing_else(page, live_world):
    page.locator("[name=contacts-0-phones]").fill("139 1002 0003")
    card = page.locator("#duplicates .duplicate")
    expect(card).to_contain_text(live_world.theirs.name)
    expect(card).to_contain_text(live_world.west.name)
    expect(card.locator("a")).to_have_count(0)
    assert "1391002" not in page.locator("#duplicates").inner_html().replace(" ", "")
    assert AccessLog.objects.filter(action=AccessLog.Action.MASKED_MATCH, subject_id=live_world.theirs.pk).exists()


@pytest.mark.clause("REC-18")
def test_still_creating_asks_for_a_reason_and_takes_it(page, live_world):
    page.locator("[name=name]").fill("另一家广告公司")
    page.locator("[name=source]").select_option("walk_in")
    page.locator("[name=contacts-0-phones]").fill("13910020001")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("[data-error-summary] a").first.press("Enter")
    expect(page.locator("[name=different_because]")).to_be_focused()
    page.keyboard.type("总机相同")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("另一家广告公司")
    assert Customer.objects.filter(name="另一家广告公司").count() == 1


@pytest.mark.clause("REC-03", "REC-07")
def test_errors_take_the_focus_lead_to_their_fields_and_keep_all_input(page):
    typed = {
        "serial": "0000778",
        "contacts-0-name": "王芳",
        "contacts-0-phones": "1381111222",
        "remarks": "客户很急",
        "needs": "名片",
    }
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=received_at]").fill("2026-01-05T10:20")
    page.keyboard.press("Control+Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    links = summary.locator("a")
    assert {"#id_name", "#id_source", "#id_contacts-0-phones"} == {link.get_attribute("href") for link in links.all()}
    for name, text in (typed | {"received_at": "2026-01-05T10:20"}).items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    for link in links.all():
        target = link.get_attribute("href")
        field = page.locator(target)
        expect(page.locator(f".field:has({target}) .errorlist")).to_have_text(link.inner_text())
        described = (field.get_attribute("aria-describedby") or "").split()
        assert f"{target[1:]}_error" in described
        link.press("Enter")
        expect(field).to_be_focused()
        expect(field).to_be_in_viewport()
    assert Customer.objects.count() == 3


def test_an_error_goes_as_soon_as_its_field_is_being_mended(page):
    page.locator("[name=contacts-0-phones]").fill("1381111222")
    page.keyboard.press("Control+Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary.locator("li")).to_have_count(3)
    page.locator("[name=name]").press_sequentially("海")
    expect(page.locator(".has-error [name=name]")).to_have_count(0)
    expect(summary.locator("li")).to_have_count(2)
    page.locator("[name=source]").select_option("walk_in")
    page.locator("[name=contacts-0-phones]").fill("13811112222")
    expect(summary).to_have_count(0)
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    assert focused(page) == "contacts-0-phones"
    page.locator("form[data-guard]").evaluate("form => delete form.dataset.changed")


def test_the_cities_follow_the_province_and_the_districts_the_city(page):
    page.locator("[name=province]").select_option("浙江省")
    expect(page.locator("[name=city] option", has_text="杭州市")).to_have_count(1)
    page.locator("[name=city]").select_option("杭州市")
    expect(page.locator("[name=district] option", has_text="西湖区")).to_have_count(1)
    page.locator("[name=province]").select_option("北京市")
    expect(page.locator("[name=district] option", has_text="朝阳区")).to_have_count(1)
    expect(page.locator("[name=district] option", has_text="西湖区")).to_have_count(0)
