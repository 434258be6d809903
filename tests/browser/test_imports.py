"""A legacy spreadsheet from the upload to the register and back out of it, as an administrator does it."""

import pytest
from playwright.sync_api import expect

from customers.importing import working
from customers.models import Customer, Source
from tests.browser.conftest import record_url
from tests.customers.importing.workbooks import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.clause("REC-15")]
ROWS = [
    ["2012 年老客户"],
    ["客户名称", "联系人", "电话", "所属分店", "来源", "会员号"],
    ["海天图文有限公司", "王芳", "13911112222", "东城分店", "老客介绍", "A-17"],
    ["长城印务有限公司", "李强", "13911113333", "东城分店", "上门", "A-18"],
    ["坏客户有限公司", "", "", "东城分店", "上门", ""],
    ["合计", "3"],
]


def test_the_campaign_is_asked_for_where_the_file_holds_leads(live_world, desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    page = desk(live_world.administrator, language="en")
    page.goto("/customers/imports/new/")
    campaign = page.get_by_label("Campaign")
    expect(page.get_by_label("What it holds")).to_have_value("customers")
    expect(campaign).to_be_hidden()
    page.get_by_label("What it holds").select_option("leads")
    expect(campaign).to_be_visible()
    page.get_by_label("Spreadsheet").set_input_files(xlsx(tmp_path / "线索.xlsx", ("线索", ROWS)))
    page.get_by_role("button", name="Upload the file").click()
    expect(page.get_by_role("alert").get_by_text("Say which campaign the leads are of.")).to_be_visible()
    expect(campaign).to_be_visible()
    page.get_by_label("What it holds").select_option("purchases")
    expect(campaign).to_be_hidden()


def test_without_a_script_the_campaign_says_of_which_files_it_is(live_world, desk):
    page = desk(live_world.administrator, language="en", java_script_enabled=False)
    page.goto("/customers/imports/new/")
    expect(page.get_by_label("Campaign")).to_be_visible()
    expect(page.get_by_text("Of leads only")).to_be_visible()


def test_from_the_spreadsheet_to_the_record_and_back(live_world, desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    before = Customer.objects.count()
    page = desk(live_world.administrator, language="en")
    page.goto("/customers/")
    page.get_by_role("link", name="Imports").click()
    page.get_by_role("link", name="Upload a spreadsheet").first.click()
    page.get_by_label("Spreadsheet").set_input_files(xlsx(tmp_path / "老客户.xlsx", ("老客户", ROWS)))
    page.get_by_role("button", name="Upload the file").click()
    expect(page.get_by_text("The file is being read")).to_be_visible()
    working.work()
    expect(page.get_by_label("客户名称")).to_have_value("name")  # the bar has led on by itself
    expect(page.get_by_label("会员号")).to_have_value("")
    page.get_by_role("button", name="Start the dry run").click()
    expect(page.get_by_text("nothing is written into the register")).to_be_visible()
    working.work()
    expect(page.get_by_text("exactly the 5 rows of the file")).to_be_visible()
    page.get_by_role("link", name="Say what they mean").click()
    page.get_by_label("老客介绍").select_option(Source.CUSTOMER_REFERRAL)
    page.get_by_role("button", name="Check with these words").click()
    working.work()
    expect(page.get_by_role("link", name="Take over 2 rows")).to_be_visible()
    assert Customer.objects.count() == before
    page.get_by_role("link", name="no phone, e-mail or address").click()
    expect(page.get_by_text("坏客户有限公司")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Take over 2 rows").click()
    page.get_by_role("button", name="Take over 2 rows").click()
    working.work()
    expect(page.get_by_text("What became of the rows")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download rows to correct").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.locator(".figures a").first.click()
    page.get_by_role("link", name="海天图文有限公司").click()
    expect(page).to_have_url(record_url())
    expect(page.get_by_text("老客户.xlsx, row 3")).to_be_visible()
    expect(page.get_by_text("A-17")).to_be_visible()
    assert Customer.objects.get(name="海天图文有限公司").source == Source.CUSTOMER_REFERRAL
    page.goto("/customers/imports/")
    page.get_by_role("link", name="老客户.xlsx").click()
    page.get_by_role("link", name="Undo the import").click()
    page.get_by_role("button", name="Undo the import").click()
    working.work()
    expect(page.get_by_text("What was taken back")).to_be_visible()
    assert Customer.objects.count() == before


def test_the_row_of_the_headings_is_pressed_with_the_keyboard_alone(live_world, desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    rows = [["老店名录"], ["宝号", "千里传音"], ["海天图文有限公司", "13911112222"]]
    page = desk(live_world.administrator, language="en")
    page.goto("/customers/imports/new/")
    expect(page.get_by_label("Spreadsheet")).to_be_focused()
    page.get_by_label("Spreadsheet").set_input_files(xlsx(tmp_path / "名录.xlsx", ("名录", rows)))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("The file is being read")).to_be_visible()
    working.work()
    expect(page.get_by_role("button", name="Start the dry run")).to_have_count(0)
    expect(page.get_by_role("cell", name="千里传音")).to_be_visible()
    page.get_by_role("button", name="Row 2").press("Enter")
    expect(page.get_by_text("The file is being read")).to_be_visible()
    working.work()
    expect(page.get_by_label("Row of the headings 名录")).to_have_value("2")
    expect(page.get_by_role("button", name="Start the dry run")).to_be_visible()
