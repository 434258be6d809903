"""Contacts that end, notes, files and tips in a real browser. Source: REC-14, REC-20, SEC-06."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Tip

from .conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.mark.clause("REC-14")
def test_a_contact_removed_in_the_block_stays_folded_as_a_former_one(desk, live_world):
    live_world.ours.contacts.update(valid_from="2026-01-05")
    page = desk(live_world.accountant)
    page.goto(f"/customers/{live_world.ours.pk}/")
    page.locator("#identity a[hx-get]").first.press("Enter")
    expect(page.locator("form#identity :focus")).to_be_visible()
    page.locator("form#identity [data-remove-row]").first.press("Enter")
    page.locator("form#identity [name=reason]").fill("客户来电")
    page.keyboard.press("Control+Enter")
    former = page.locator("#contacts details")
    expect(former).to_be_visible()
    expect(former.locator("tbody tr")).to_be_hidden()
    former.locator("summary").press("Enter")
    expect(former.locator("tbody tr")).to_contain_text("李娜")
    assert live_world.ours.contacts.get().valid_until == timezone.localdate()


@pytest.mark.clause("SEC-06")
def test_a_note_and_a_file_are_added_on_the_record_and_the_file_is_downloaded(desk, live_world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = desk(live_world.accountant)
    page.goto(f"/customers/{live_world.ours.pk}/")
    page.locator("#papers [name=text]").fill("周五前回电")
    page.locator("#papers form[action$='/notes/new/'] button").press("Enter")
    expect(page.locator("#papers .notes li")).to_contain_text("周五前回电")
    content = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.locator("#papers [name=files]").set_input_files(content)
    page.locator("#papers form[action$='/files/new/'] button").press("Enter")
    link = page.locator("#papers .files a[href^='/customers/files/']").first
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "合同.pdf"


@pytest.mark.clause("REC-20", "SEC-06")
@pytest.mark.parametrize("viewport", [None, PHONE])
def test_anybody_sends_a_tip_about_another_units_customer(desk, live_world, viewport):
    page = desk(live_world.stranger, **({"viewport": viewport} if viewport else {}))
    page.goto("/")
    page.locator(".tip-button").press("Enter")
    page.locator("#id_text").fill("要搬到开发区")
    page.locator("[name=about]").fill(live_world.ours.name[:4])
    expect(page.locator("#tip-found")).not_to_contain_text(live_world.ours.name)
    page.locator("[name=about]").fill(live_world.ours.name)
    expect(page.locator("#tip-found")).to_contain_text(live_world.east.name)
    expect(page.locator("#tip-found input[type=radio]")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[data-save]").press("Enter")
    expect(page.locator(".prose")).to_contain_text("要搬到开发区")
    assert Tip.objects.get().customer == live_world.ours
