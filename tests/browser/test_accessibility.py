"""The rules of WCAG 2.2 AA that a program can check, on every kind of page, light and dark. Source: ux 36."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from .pages import visits

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ALL_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast"]}  # all that differs between light and dark
RUN = """async rules => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.filter(rule => ["serious", "critical"].includes(rule.impact)).flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")} ${node.any.map(check => check.message).join("; ")}`));
}"""


def breaches(page):
    found = []
    for theme, rules in (("light", ALL_RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        found += [f"{theme}: {line}" for line in page.evaluate(RUN, rules)]
    return found


@pytest.mark.clause("GEN-01")
def test_no_page_breaks_a_serious_rule(desk, live_world):
    problems = []
    for person, group in visits(live_world).items():
        page = desk(person)
        for visit in group:
            visit.open(page)
            page.evaluate(AXE)
            problems += [f"{visit.path} {line}" for line in breaches(page)]
    assert not problems, "\n".join(problems)


def test_what_opens_on_a_page_breaks_no_serious_rule(desk, live_world):
    """The person's menu, the side sheet, search results, the duplicate card, errors."""
    page = desk(live_world.clerk)
    page.goto("/customers/new/")
    page.locator("[name=contacts-0-phones]").fill("13910020001")
    page.locator(".duplicate-card").wait_for()
    page.locator("[data-save]").press("Enter")
    page.locator("[data-error-summary]").wait_for()
    page.evaluate(AXE)
    problems = [f"errors {line}" for line in breaches(page)]
    page.locator("[data-search]").fill("东方")
    page.locator("#search-results a").wait_for()
    problems += [f"search {line}" for line in breaches(page)]
    page.keyboard.press("Escape")
    page.locator(".menu-person summary").click()
    problems += [f"menu {line}" for line in breaches(page)]
    page.keyboard.press("Escape")
    page.locator(".clause-chip").first.click()
    page.locator("#sheet-title").wait_for()
    problems += [f"sheet {line}" for line in breaches(page)]
    assert not problems, "\n".join(problems)
