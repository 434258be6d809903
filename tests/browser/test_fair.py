"""The grid for cards of a fair, as somebody uses it who comes from a spreadsheet. Source: REC-11, ux 1-10."""

import pytest
from playwright.sync_api import expect

from customers.models import CampaignEntry, Customer, Draft
from staff.verbs import PositionCode
from tests.customers.test_campaigns import set_up

from .conftest import PHONE
from .test_accessibility import AXE, breaches

pytestmark = [pytest.mark.browser, pytest.mark.clause("REC-11")]

PASTE = """([name, text]) => { const cell = document.querySelector(`[name=${name}]`); cell.focus();
  const data = new DataTransfer(); data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })) }"""


@pytest.fixture
def page(desk, live_world):
    campaign = set_up(live_world)
    page = desk(live_world.people[PositionCode.INSPECTOR])
    page.goto(f"/customers/campaigns/{campaign.pk}/enter/")
    page.select_option("[name=unit]", str(live_world.east.pk))
    return page


def cell(page, row, name):
    return page.locator(f"[name=cards-{row}-{name}]")


def state(page, row):
    return page.locator("[data-row]").nth(row).locator("[data-state]")


def paste(page, text, row=0, name="name"):
    with page.expect_response("**/check/"):
        page.evaluate(PASTE, [f"cards-{row}-{name}", text])


def leave(page):
    page.locator("#grid").evaluate("form => delete form.dataset.changed")


def test_a_pasted_block_fills_down_and_right_adds_rows_and_is_taken_back(page, live_world):
    lines = [f"第{n}号纸业有限公司\t王芳\t采购\t138111122{n:02}" for n in range(20)]
    lines[1] = f'{live_world.ours.name}\t李娜\t\t13910020001\t\t\t\t"要大样\n带""烫金""\t周二回电"'
    paste(page, "\r\n".join(lines) + "\r\n")
    expect(cell(page, 19, "phones")).to_have_value("13811112219")
    expect(cell(page, 1, "remark")).to_have_value('要大样 带"烫金" 周二回电')
    expect(page.locator("[data-row]")).to_have_count(21)
    expect(state(page, 0)).to_contain_text(text_of_new(page))
    expect(state(page, 1).locator("a")).to_have_text(live_world.ours.name)
    expect(state(page, 20)).to_have_text("")
    page.keyboard.press("Control+z")
    expect(cell(page, 0, "name")).to_have_value("")
    expect(page.locator("[data-row]")).to_have_count(13)
    expect(state(page, 1)).to_have_text("")
    leave(page)


def text_of_new(page):
    return page.locator(".badge-done").first.inner_text()


def test_typed_row_by_row_with_the_keyboard_alone(page, live_world):
    cell(page, 0, "name").focus()
    keys = page.keyboard
    keys.type("海天纸业有限公司")
    keys.press("Tab")
    keys.type("王芳")
    keys.press("ArrowRight")
    keys.press("Tab")
    keys.type("1381111222")
    with page.expect_response("**/check/"):
        keys.press("ArrowDown")
    expect(page.locator(":focus")).to_have_attribute("name", "cards-1-phones")
    expect(page.locator("td.has-error .errorlist")).to_have_count(1)
    keys.press("ArrowUp")
    keys.press("End")
    keys.type("2")
    expect(page.locator("td.has-error")).to_have_count(0)
    with page.expect_response("**/check/"):
        keys.press("Enter")
    expect(state(page, 0).locator(".badge-done")).to_have_count(1)
    keys.press("Control+Enter")
    expect(page.locator(".notice-done a")).to_have_count(1)
    made = Customer.objects.get(name="海天纸业有限公司")
    assert (made.branch, CampaignEntry.objects.get().customer) == (live_world.east, made)
    assert not Draft.objects.exists()


def test_a_look_alike_is_chosen_beside_its_row(page, live_world):
    paste(page, "南山木业有限公司\t李娜\t\t13910020001")
    choice = page.locator("[name=cards-0-same]")
    with page.expect_response("**/check/"):
        choice.select_option("other")
    expect(page.locator("[name=cards-0-different_because]")).to_be_visible()
    with page.expect_response("**/check/"):
        choice.select_option(str(live_world.ours.pk))
    expect(state(page, 0).locator(".badge-accent")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice-done a")).to_have_count(1)
    assert CampaignEntry.objects.get().customer == live_world.ours


def test_removed_rows_close_up_and_come_back(page):
    paste(
        page,
        "甲木纸业有限公司\t王一\t\t13811112201\n乙木纸业有限公司\t王二\t\t13811112202\n丙木纸业有限公司\t王三\t\t13811112203",
    )
    page.locator("[data-row]").nth(1).hover()
    page.locator("[data-remove-card]").nth(1).click()
    expect(cell(page, 1, "name")).to_have_value("丙木纸业有限公司")
    page.locator("[data-undo-grid]").click()
    expect(cell(page, 1, "name")).to_have_value("乙木纸业有限公司")
    expect(cell(page, 2, "name")).to_have_value("丙木纸业有限公司")
    leave(page)


def test_a_reload_offers_the_rows(page):
    paste(page, "海天纸业有限公司\t王芳\t\t13811112222")
    expect(page.locator("#draft-state")).to_contain_text(":")
    page.reload()
    page.locator(".draft-offer a").click()
    expect(cell(page, 0, "phones")).to_have_value("13811112222")
    expect(state(page, 0).locator(".badge-done")).to_have_count(1)


def test_everybody_can_read_and_reach_it(page, live_world):
    paste(page, f"{live_world.ours.name}\t李娜\t\t13910020001\n测试\t\t\t138")
    page.evaluate(AXE)
    assert not breaches(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    leave(page)
