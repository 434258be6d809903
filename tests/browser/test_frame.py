"""The frame around every page: rule sheets, language, light and dark, the rail. Source: ui.md, ux 41."""

import pytest
from playwright.sync_api import expect

from policy.models import Clause

pytestmark = pytest.mark.browser

# The look of the first frame that is painted, before any script of the page's end has run.
FIRST_LOOK = """
window.firstLook = new Promise(done => requestAnimationFrame(function look() {
  if (!document.body) return requestAnimationFrame(look);
  done({ theme: document.documentElement.dataset.bsTheme, ground: getComputedStyle(document.body).backgroundColor });
}));
"""


def brightness(page):
    """0 (black) to 255 (white) of the ground in the first frame."""
    red, green, blue = page.evaluate("firstLook.then(look => look.ground.match(/[0-9]+/g).slice(0, 3).map(Number))")
    return (red + green + blue) / 3


@pytest.mark.clause("GEN-01")
def test_a_chip_opens_the_rule_and_escape_gives_the_focus_back(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/new/")
    chip = page.locator(".clause-chip").first
    number = chip.locator(".clause-id").inner_text()
    chip.press("Enter")
    sheet = page.locator("#sheet-dialog")
    expect(sheet).to_have_js_property("open", True)
    clause = Clause.objects.get(pk=number)
    expect(page.locator("#sheet-title")).to_have_text(clause.title_zh)
    expect(sheet).to_contain_text(clause.text_zh)
    assert page.evaluate("document.querySelector('#sheet-dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(sheet).to_have_js_property("open", False)
    expect(chip).to_be_focused()
    chip.click()
    expect(page.locator("#sheet-title")).to_have_text(clause.title_zh)
    page.locator("[data-close-sheet]").click()
    expect(chip).to_be_focused()


def test_the_language_is_switched_there_and_back_on_the_same_page(desk, live_world):
    page = desk(live_world.accountant)
    address = f"/customers/?branch={live_world.east.pk}"
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.locator(".menu-person summary").click()
    page.locator("button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(address)
    expect(page.locator("h1")).to_have_text("Customers")
    page.locator(".menu-person summary").click()
    page.locator("button[name=language][value=zh-hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("h1")).to_have_text("客户")


def test_the_first_frame_has_the_chosen_look(desk, live_world):
    for theme, system, shown in (
        ("dark", "light", "dark"),
        ("light", "dark", "light"),
        (None, "dark", "dark"),
        (None, "light", "light"),
    ):
        page = desk(live_world.accountant, theme=theme, color_scheme=system)
        page.context.add_init_script(FIRST_LOOK)
        page.goto("/")
        assert page.evaluate("firstLook.then(look => look.theme)") == shown
        assert (brightness(page) < 128) == (shown == "dark"), f"chosen {theme}, system {system}"


def test_light_and_dark_are_chosen_without_losing_the_page(desk, live_world):
    page = desk(live_world.clerk, color_scheme="light")
    page.goto("/customers/new/")
    page.locator("[name=remarks]").fill("别丢了我")
    page.locator(".menu-person summary").click()
    with page.expect_response("**/theme/"):
        page.locator("button[name=theme][value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("[name=remarks]")).to_have_value("别丢了我")
    page.locator("button[name=theme][value=system]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_rail_folds_and_stays_folded(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/")
    rail = page.locator(".rail")
    wide = rail.evaluate("rail => getComputedStyle(rail).width")
    page.locator("[data-fold-rail]").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-rail", "folded")
    expect(rail).not_to_have_css("width", wide)
    page.goto("/customers/")
    expect(page.locator("html")).to_have_attribute("data-rail", "folded")
    expect(rail).not_to_have_css("width", wide)
    assert rail.bounding_box()["width"] < 100
    page.locator("[data-fold-rail]").press("Enter")
    expect(rail).to_have_css("width", wide)
