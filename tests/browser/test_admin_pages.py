"""The administrator's pages as they are used: dependent choices, ticks that stay, the link that is copied."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from staff.models import Area, Branch, Person
from staff.verbs import PositionCode

pytestmark = pytest.mark.browser


@pytest.fixture
def office(desk, live_world):
    return desk(live_world.administrator, language="en", permissions=["clipboard-read", "clipboard-write"])


def options(page, name):
    return page.locator(f"#id_{name} option")


def test_a_new_province_offers_its_cities_and_forgets_the_old_district(office):
    office.goto(reverse("staff:branch_new"))
    office.select_option("#id_province", "江苏省")
    expect(options(office, "city")).to_have_count(14)
    expect(options(office, "district")).to_have_count(1)
    office.select_option("#id_city", "南京市")
    expect(options(office, "district")).to_have_count(12)
    office.select_option("#id_district", label="玄武区")
    office.select_option("#id_province", "北京市")
    expect(office.locator("#id_city")).to_have_value("市辖区")
    expect(options(office, "district")).to_have_count(17)
    expect(office.locator("#id_district")).to_have_value("")


def test_ticks_in_one_city_stay_while_another_is_looked_at(office, live_world):
    office.goto(reverse("staff:area_new", args=[live_world.west.pk]))
    office.fill("#id_name", "两城")
    office.get_by_label("拱墅区").check()
    office.select_option("#id_province", "江苏省")
    expect(options(office, "city")).to_have_count(14)
    office.select_option("#id_city", "南京市")
    office.get_by_label("玄武区").check()
    expect(office.get_by_label("拱墅区")).to_be_checked()
    office.keyboard.press("Control+Enter")
    expect(office.get_by_role("status")).to_contain_text("两城")
    assert {district.name for district in Area.objects.get(name="两城").districts.all()} == {"拱墅区", "玄武区"}


def test_what_is_wrong_takes_the_focus_and_leads_to_the_field(office):
    office.goto(reverse("staff:branch_new"))
    office.fill("#id_name", "南城分店")
    office.fill("#id_code", "east")
    office.fill("#id_hours_0", "9-12，11-18")
    office.keyboard.press("Control+Enter")
    summary = office.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="overlap").click()
    expect(office.locator("#id_hours_0")).to_be_focused()
    expect(office.locator("#id_name")).to_have_value("南城分店")
    office.fill("#id_hours_0", "9-12")
    office.keyboard.press("Control+Enter")
    expect(office.locator("#id_code_error")).to_be_visible()
    office.fill("#id_code", "south")
    office.keyboard.press("Control+Enter")
    expect(office.get_by_role("status")).to_contain_text("南城分店")
    assert Branch.objects.get(code="south").opening_periods.filter(weekday=0).count() == 1


def test_a_person_is_added_by_keyboard_and_the_link_opens_the_account(office, desk, live_world):
    office.goto(reverse("staff:person_new"))
    keys = office.keyboard
    keys.type("K900")
    for text in ("Tab", "Xin", "Tab", "Tab", "Tab"):
        keys.press("Tab") if text == "Tab" else keys.type(text)
    office.locator("#id_code").select_option(PositionCode.CLERK)
    office.locator("#id_place").select_option(label="西湖分店")
    keys.press("Control+Enter")
    office.get_by_role("button", name="Copy link").click()
    expect(office.get_by_role("button", name="Copied")).to_be_visible()
    link = office.evaluate("navigator.clipboard.readText()")
    theirs = desk(language="en")
    theirs.goto(link)
    for field in ("new_password1", "new_password2"):
        theirs.fill(f"[name={field}]", "a long word for 900")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_text("Xin").first).to_be_attached()
    assert Person.objects.get(staff_number="K900").last_login


def test_disabling_asks_once_and_signs_the_person_out(office, desk, live_world):
    theirs = desk(live_world.stranger)
    theirs.goto("/")
    office.goto(reverse("staff:person", args=[live_world.stranger.pk]))
    office.get_by_text("Disable account…").click()
    office.get_by_role("button", name="Disable account").click()
    expect(office.get_by_role("status")).to_contain_text("is disabled")
    theirs.goto("/")
    expect(theirs.locator("input[name=username]")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_scrolls_sideways_on_a_narrow_phone(desk, live_world, language):
    width = 320
    world = live_world
    page = desk(world.administrator, language=language, viewport={"width": width, "height": 700})
    places = [reverse(f"staff:{name}") for name in ("people", "person_new", "branches", "branch_new", "departments")]
    places += [
        reverse("staff:person", args=[world.owner.pk]),
        reverse("staff:position_end", args=[world.owner.positions.get().pk]),
        reverse("staff:branch", args=[world.east.pk]),
        reverse("staff:branch_edit", args=[world.east.pk]),
        reverse("staff:area_edit", args=[world.east.areas.get().pk]),
        reverse("customers:codes"),
        reverse("customers:code_list", args=["industries"]),
        reverse("customers:code_new", args=["industries"]),
    ]
    for place in places:
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
