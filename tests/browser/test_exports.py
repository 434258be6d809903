"""A list taken out as a file, as a person does it."""

import csv

import pytest
from playwright.sync_api import expect

from journal import tasks

pytestmark = [pytest.mark.browser, pytest.mark.clause("GEN-03", "SEC-06")]


def test_from_the_list_to_the_file_while_another_page_is_open(live_world, desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = desk(live_world.accountant, language="en")
    page.goto("/customers/?owner=none")
    page.locator(".looks summary").click()
    page.get_by_label("Credit code").check()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="Credit code")).to_be_visible()
    page.get_by_role("link", name="Export").click()
    expect(page.get_by_label("Credit code")).to_be_checked()
    expect(page.get_by_label("Remarks")).not_to_be_checked()
    page.get_by_role("button", name="Write the file").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.get_by_label("What for").fill("Monthly figures")
    page.get_by_label("text with commas").check()
    page.get_by_role("button", name="Write the file").click()
    expect(page.get_by_text("waiting for its turn")).to_be_visible()
    page.goto("/")
    tasks.write_exports()
    page.goto("/journal/exports/")
    expect(page.get_by_text("ready", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=".csv").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        head, row, mark = csv.reader(file)
    assert "Credit code" in head
    assert row[0] == live_world.unowned.name
    assert "Monthly figures" in mark[0]


def test_progress_arrives_without_reloading(live_world, desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = desk(live_world.accountant, language="en")
    page.goto("/journal/exports/new/customers/")
    page.get_by_label("What for").fill("Monthly figures")
    page.get_by_role("button", name="Write the file").click()
    expect(page.get_by_text("waiting for its turn")).to_be_visible()
    tasks.write_exports()
    expect(page.get_by_role("link", name=".xlsx")).to_be_visible()
