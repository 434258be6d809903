"""On a phone: nothing runs out sideways, fields do not make the page zoom, buttons fit a thumb. Ux 13, 15, 16, 37."""

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, PHONE
from .pages import visits

pytestmark = pytest.mark.browser

# Elements that stand out of the page, with how far; those inside an element that scrolls by itself do not count.
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  scrollTo(9999, 0);
  if (scrollX === 0 && document.documentElement.scrollWidth <= wide) return [];
  const right = e => e.getBoundingClientRect().right + scrollX;
  const out = [...document.querySelectorAll("body *")].filter(e => right(e) > wide + 1);
  return [`${document.documentElement.scrollWidth} instead of ${wide} pixels`,
    ...out.slice(-4).map(e => `${e.tagName}.${e.className} ${(e.textContent || "").trim().slice(0, 30)}`)];
}"""
SMALL = """() => {
  const seen = e => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
  const small = [];
  for (const e of document.querySelectorAll("input, select, textarea"))
    if (seen(e) && !/^(checkbox|radio|hidden)$/.test(e.type) && parseFloat(getComputedStyle(e).fontSize) < 16)
      small.push(`${e.name || e.id}: letters of ${getComputedStyle(e).fontSize}`);
  for (const e of document.querySelectorAll(".btn-primary"))
    if (seen(e) && e.getBoundingClientRect().height < 44)
      small.push(`${e.textContent.trim().slice(0, 20)}: ${e.getBoundingClientRect().height} pixels high`);
  return small;
}"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_runs_out_sideways_and_everything_fits_a_thumb(desk, live_world, language):
    problems = []
    for person, group in visits(live_world).items():
        page = desk(person, language=language, viewport=PHONE, has_touch=True, is_mobile=True)
        for visit in group:
            page.set_viewport_size(PHONE)
            visit.open(page)
            problems += [f"{visit.path}: {small}" for small in page.evaluate(SMALL)]
            for size in (PHONE, NARROW):
                page.set_viewport_size(size)
                problems += [f"{visit.path} at {size['width']}: {out}" for out in page.evaluate(SIDEWAYS)]
    assert not problems, "\n".join(problems)


def test_the_save_button_stays_in_reach_of_the_thumb(desk, live_world):
    page = desk(live_world.clerk, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/customers/new/")
    box = page.locator("[data-save]").bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    assert box["y"] > PHONE["height"] * 0.6
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    on_top = page.evaluate("point => !!document.elementFromPoint(...point).closest('[data-save]')", middle)
    assert on_top, "something covers the save button"


def test_a_field_in_focus_is_not_under_a_bar(desk, live_world):
    """WCAG 2.4.11: walking through the form, no field hides behind the top, bottom or save bar."""
    page = desk(live_world.clerk, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/customers/new/")
    covered = []
    for _step in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate("""() => {
          const e = document.activeElement, box = e.getBoundingClientRect();
          if (!e.closest("#registration")) return "";
          const x = box.x + Math.min(box.width / 2, 20), y = box.y + Math.min(box.height / 2, 20);
          const top = document.elementFromPoint(x, y);
          const free = top && (e.contains(top) || top.contains(e) || top.closest("label"));
          return free ? "" : e.name || e.textContent.trim();
        }""")
        covered += [name] if name else []
    assert not covered


def test_the_search_and_the_menu_work_by_touch(desk, live_world):
    page = desk(live_world.accountant, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    page.locator("[data-search]").tap()
    page.keyboard.type("东方")
    page.locator("#search-results a").tap()
    expect(page.locator("h1")).to_have_text(live_world.ours.name)
    page.locator(".bottombar a[href='/customers/']").tap()
    expect(page).to_have_url("/customers/")
    expect(page.locator("[data-row-link]")).to_have_count(2)


@pytest.mark.clause("GEN-01")
def test_the_keyboard_of_the_phone_fits_what_is_typed(desk, live_world):
    page = desk(live_world.accountant, viewport=PHONE, has_touch=True, is_mobile=True)
    for path in ("/customers/new/", f"/customers/{live_world.ours.pk}/identity/edit/"):
        page.goto(path)
        expect(page.locator("[name=contacts-0-phones]")).to_have_attribute("inputmode", "tel")
        expect(page.locator("[name=contacts-0-emails]")).to_have_attribute("inputmode", "email")


@pytest.mark.clause("REC-04")
def test_on_a_phone_the_paste_box_stands_before_the_form_and_every_button_says_what_it_does(desk, live_world):
    page = desk(live_world.clerk, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/customers/new/")
    box, serial = (page.locator(part).bounding_box() for part in ("[name=pasted]", "[name=serial]"))
    assert box["y"] + box["height"] <= serial["y"]
    remove = page.locator("[data-rows] [data-remove-row]").first
    assert remove.inner_text().strip() == remove.get_attribute("aria-label")


@pytest.mark.clause("GEN-01")
def test_long_names_are_read_whole_on_the_narrowest_phone(desk, live_world):
    name = "北京新奥特硅谷视频技术与供应链管理咨询服务集团股份有限责任公司第一分公司"
    live_world.customer(name, by=live_world.accountant)
    page = desk(live_world.accountant, viewport=NARROW, has_touch=True, is_mobile=True)
    page.goto("/customers/")
    cell = page.locator(".cell-name", has_text=name)
    assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth + 1")
