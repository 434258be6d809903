#!/usr/bin/env python3
"""Take the README's screenshots of a running demo: `.venv/bin/python tools/screenshots.py http://127.0.0.1:8000`."""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PASSWORD = "keke-demo-2026"  # noqa: S105  (of the demo company, shown on its sign-in page)
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--lang=zh-CN"]


def register(page):
    known = page.locator("[data-row-link]").first.inner_text()
    page.locator("a[href='/customers/new/']:visible").first.click()
    page.fill("[name=name]", known[:-4])
    page.wait_for_selector(".duplicate")


def customers(page):
    page.locator("a[href='/customers/']:visible").first.click()


def record(page):
    customers(page)
    page.click(".cell-name a")
    page.wait_for_selector(".timeline")


def people(page):
    page.locator("a[href='/staff/people/']:visible").first.click()


PICTURES = [
    ("clerk-register", "K0103", DESK, register),
    ("rep-list", "K0105", PHONE, customers),
    ("manager-record", "K0104", DESK, record),
    ("inspector-list", "K2004", DESK, customers),
    ("administrator-people", "K2014", DESK, people),
]


def main(address):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = os.environ.get("KEKE_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name, number, viewport, go in PICTURES:
            page = browser.new_context(viewport=viewport, base_url=address, timezone_id="Asia/Shanghai").new_page()
            page.goto("/sign-in/")
            page.fill("[name=username]", number)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_selector(".rail", state="attached")
            go(page)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
