"""Saving twice, going back, and sessions that end: one customer, nothing lost, nothing left behind. Source: ux 39."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import expect

from customers.models import Customer
from tests.world import PASSWORD

from .conftest import record_url

pytestmark = pytest.mark.browser

NAME = "海天纸业有限公司"
PHONE = "13811112222"


def fill(page):
    """Type a customer, until the search for duplicates has had its say."""
    page.goto("/customers/new/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=source]").select_option("walk_in")
    with page.expect_response(lambda answer: PHONE in (answer.request.post_data or "")):
        page.locator("[name=contacts-0-phones]").fill(PHONE)
    page.locator("[name=remarks]").fill("别丢了我")
    page.wait_for_load_state("networkidle")  # else a part that is still being sent finds the session ended first


def end_sessions():
    Session.objects.all().delete()
    cache.clear()


def sign_in(page, person):
    page.locator("[name=username]").fill(person.staff_number)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def entered():
    return Customer.objects.filter(name=NAME).count()


def test_a_double_click_on_save_makes_one_customer(desk, live_world):
    page = desk(live_world.clerk)
    fill(page)
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.locator("[data-save]").dblclick()
    expect(page).to_have_url(record_url())
    assert sum(url.endswith("/customers/new/") for url in sent) == 1
    assert entered() == 1


def test_going_back_and_saving_again_makes_one_customer(desk, live_world):
    page = desk(live_world.clerk)
    fill(page)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(record_url())
    page.go_back()
    expect(page).to_have_url("/customers/new/")
    expect(page.locator("[data-save]")).to_be_enabled()
    page.locator("[data-save]").press("Enter")
    # Either the browser kept the form and the server knows it, or it is empty and asks for its fields.
    expect(page.locator("[data-error-summary], #record-head")).to_have_count(1)
    assert entered() == 1


@pytest.mark.clause("SEC-02")
def test_a_form_whose_session_ended_is_back_after_signing_in(desk, live_world):
    page = desk(live_world.clerk)
    fill(page)
    end_sessions()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=password]")).to_be_visible()
    expect(page).to_have_url("/sign-in/?next=/customers/new/")
    assert entered() == 0
    sign_in(page, live_world.clerk)
    expect(page).to_have_url("/customers/new/")
    expect(page.locator("[name=name]")).to_have_value(NAME)
    expect(page.locator("[name=remarks]")).to_have_value("别丢了我")
    expect(page.locator("[name=contacts-0-phones]")).to_have_value(PHONE)
    expect(page.locator("[name=source]")).to_have_value("walk_in")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(record_url())
    assert entered() == 1


def test_a_form_whose_session_ended_while_typing_is_back_too(desk, live_world):
    """The search for duplicates, which goes out by itself, is the first to meet the end of the session."""
    page = desk(live_world.clerk)
    fill(page)
    page.wait_for_load_state("networkidle")  # what was typed first has been kept and looked for
    end_sessions()
    page.locator("[name=name]").fill(f"{NAME}2")
    expect(page).to_have_url("/sign-in/?next=/customers/new/")
    sign_in(page, live_world.clerk)
    expect(page.locator("[name=name]")).to_have_value(f"{NAME}2")
    expect(page.locator("[name=remarks]")).to_have_value("别丢了我")


@pytest.mark.clause("SEC-02")
def test_what_is_being_typed_stays_when_the_bell_finds_the_session_ended(desk, live_world):
    page = desk(live_world.clerk)
    fill(page)
    end_sessions()
    with page.expect_response("**/journal/bell/"):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".message-warning")).to_have_count(1)
    expect(page).to_have_url("/customers/new/")
    expect(page.locator("[name=remarks]")).to_have_value("别丢了我")
    page.keyboard.press("Control+Enter")
    sign_in(page, live_world.clerk)
    expect(page.locator("[name=remarks]")).to_have_value("别丢了我")


def test_without_anything_typed_the_bell_leads_to_the_sign_in_page(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/")
    end_sessions()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page).to_have_url("/sign-in/?next=/customers/")


def test_a_block_whose_session_ended_is_back_after_signing_in(desk, live_world):
    page = desk(live_world.accountant)
    page.goto(f"/customers/{live_world.ours.pk}/")
    page.locator("#interaction a[hx-get]").press("Enter")
    page.locator("[name=remarks]").fill("别丢了我")
    page.wait_for_load_state("networkidle")  # else a part that is still being read finds the session ended first
    end_sessions()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=password]")).to_be_visible()
    sign_in(page, live_world.accountant)
    expect(page.locator("[name=remarks]")).to_have_value("别丢了我")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(record_url(live_world.ours))
    expect(page.locator("section#interaction")).to_contain_text("别丢了我")


def test_a_search_whose_session_ended_leads_to_the_sign_in_page_and_back(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/")
    end_sessions()
    page.locator("[data-search]").fill("东方")
    expect(page).to_have_url("/sign-in/?next=/customers/")
    expect(page.locator("form[action='/sign-in/']")).to_have_count(1)
    expect(page.locator(".rail, #search-results")).to_have_count(0)
    sign_in(page, live_world.clerk)
    expect(page).to_have_url("/customers/")


def test_signed_out_the_way_back_shows_nothing_of_a_record(desk, live_world):
    page = desk(live_world.accountant)
    page.goto(f"/customers/{live_world.ours.pk}/")
    expect(page.locator("h1")).to_have_text(live_world.ours.name)
    page.locator(".menu-person summary").click()
    page.locator("form[action='/sign-out/'] button").click()
    expect(page).to_have_url("/sign-in/")
    page.go_back()
    expect(page).to_have_url(re.compile("/sign-in/"))
    assert live_world.ours.name not in page.content()


@pytest.mark.clause("SEC-06")
def test_no_phone_stays_in_the_browser_or_in_an_address(desk, live_world):
    page = desk(live_world.clerk)
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    fill(page)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(record_url())
    page.locator("[data-search]").fill("13910020001")
    expect(page.locator("#search-results a")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/customers/\?q="))
    expect(page.locator("[data-row-link]")).to_have_count(1)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    for number in (PHONE, "13910020001"):
        assert number not in kept
        assert not [url for url in addresses if number in url]
