"""A record is edited in its place; phones that are masked are shown on request, for a minute. Source: ux 40."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.actions import edit
from journal.models import AccessLog

from .conftest import record_url, tab_to

pytestmark = pytest.mark.browser


@pytest.fixture
def page(desk, live_world):
    page = desk(live_world.accountant)
    page.goto(f"/customers/{live_world.ours.pk}/")
    return page


def open_block(page, block):
    page.locator(f"#{block} a[hx-get]").press("Enter")
    # The block takes the focus once it has settled: keys pressed before that would go astray.
    expect(page.locator(f"form#{block} :focus")).to_be_visible()


@pytest.mark.clause("REC-01", "SEC-05")
def test_a_block_is_edited_in_its_place_and_the_history_tells(page, live_world):
    open_block(page, "interaction")
    expect(page.locator("[name=preferences]")).to_be_focused()
    page.keyboard.type("喜欢先看样")
    page.keyboard.press("Control+Enter")
    expect(page.locator("section#interaction")).to_contain_text("喜欢先看样")
    expect(page).to_have_url(record_url(live_world.ours))
    expect(page.locator("#messages .message")).to_have_count(1)
    expect(page.locator("#record-head")).to_contain_text(live_world.accountant.name)
    expect(page.locator(".timeline li").first).to_contain_text("喜欢先看样")
    live_world.ours.refresh_from_db()
    assert live_world.ours.preferences == "喜欢先看样"


def test_cancel_puts_the_block_back_as_it_was(page, live_world):
    purchases = page.locator("#business #purchases .btn")
    expect(purchases).to_be_visible()
    before = page.locator("#business").inner_text()
    open_block(page, "business")
    page.locator("[name=needs]").fill("宣传册")
    tab_to(page, "#business .block-actions a")
    page.keyboard.press("Enter")
    expect(page.locator("section#business")).to_be_visible()
    expect(purchases).to_be_visible()
    assert page.locator("#business").inner_text() == before
    assert not live_world.ours.needs.exists()
    expect(page).to_have_url(record_url(live_world.ours))


def test_who_saves_second_sees_both_values_and_decides(page, live_world):
    open_block(page, "interaction")
    page.locator("[name=remarks]").fill("我写的备注")
    edit(
        live_world.ours, version=live_world.ours.version, fields={"remarks": "店长先写的"},
        by=live_world.manager, at=timezone.now(),
    )  # fmt: skip
    page.keyboard.press("Control+Enter")
    notice = page.locator("form#interaction [data-error-summary]")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text(live_world.manager.name)
    expect(notice.locator("td")).to_have_text(["店长先写的", "我写的备注"])
    expect(page.locator("[name=remarks]")).to_have_value("我写的备注")
    live_world.ours.refresh_from_db()
    assert live_world.ours.remarks == "店长先写的"

    page.keyboard.press("Control+Enter")
    expect(page.locator("section#interaction")).to_contain_text("我写的备注")
    live_world.ours.refresh_from_db()
    assert live_world.ours.remarks == "我写的备注"


def test_leaving_a_block_with_unsaved_words_is_asked_about(page):
    open_block(page, "interaction")
    page.keyboard.type("还没存")
    page.locator(".rail a[href='/customers/']").press("Enter")
    expect(page).to_have_url("/customers/")
    assert page.watch.leaving_asked == 1
    page.watch.leaving_asked = 0


@pytest.mark.clause("SEC-06")
def test_masked_phones_are_shown_on_request_logged_and_masked_again(desk, live_world):
    page = desk(live_world.people["executive"])
    page.clock.install()
    page.goto(f"/customers/{live_world.ours.pk}/")
    contacts = page.locator("#contacts")
    expect(contacts).to_contain_text(re.compile(r"139\D*0001"))
    assert "1391002" not in contacts.inner_html().replace(" ", "")
    contacts.get_by_role("combobox").select_option("order")
    contacts.get_by_role("button").first.press("Enter")
    expect(contacts.locator("a[href='tel:+8613910020001']")).to_be_visible()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # from then on the minute runs
    assert AccessLog.objects.filter(action=AccessLog.Action.REVEAL, subject_id=live_world.ours.pk).count() == 1
    page.clock.fast_forward(58_000)
    expect(contacts.locator("a[href^='tel:']")).to_be_visible()
    page.clock.fast_forward(3_000)
    expect(contacts.locator("a[href^='tel:']")).to_have_count(0)
    expect(contacts.locator("form")).to_be_visible()
    assert "1391002" not in contacts.inner_html().replace(" ", "")
