"""Three doors to one form: the phone without scripts, the clerk who confirms, the paper. Source: REC-04."""

import re
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers import books
from customers import desk as front_desk
from customers.models import Customer, DeskForm

from .conftest import PHONE, record_url
from .test_accessibility import ALL_RULES, AXE, RUN
from .test_phone import SIDEWAYS, SMALL

pytestmark = [pytest.mark.browser, pytest.mark.clause("REC-04")]

TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
LIGHT = 40 * 1024  # bytes of the whole page with its style and icon: under two seconds on a slow phone
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
ON_SCREEN = """() => [...new Set([...document.querySelectorAll("#registration [name]")]
  .filter(e => e.type !== "hidden" && e.tagName !== "BUTTON" && e.getClientRects().length).map(e => e.name))]"""


def link(unit):
    return f"/desk/{unit.pk}/{front_desk.key(unit.pk, timezone.localdate())}/"


@pytest.fixture
def today(live_world):
    """The link of East's stand."""
    return link(live_world.east)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_customer_registers_on_a_slow_phone_without_scripts(desk, live_world, today, language):
    page = desk(None, language=language, java_script_enabled=False, **TOUCH)
    bodies = []
    page.context.on("response", lambda response: bodies.append(response))
    page.goto(today)
    assert sum(len(response.body()) for response in bodies) < LIGHT
    page.locator("[name=name]").fill("海天纸业有限公司")
    page.locator("[name=contact]").fill("王芳")
    page.locator("[name=phone]").fill("1381111222")  # one digit is missing
    page.locator("[name=needs]").fill("名片")
    page.locator("main button").tap()
    summary = page.locator("[role=alert]")
    expect(summary.locator("li")).to_have_count(2)
    for name, text in {"name": "海天纸业有限公司", "contact": "王芳", "phone": "1381111222", "needs": "名片"}.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    summary.locator("a[href='#id_phone']").tap()
    page.locator("[name=phone]").fill("138 1111 2222")
    page.locator("[name=service]").check()
    page.locator("main button").tap()
    expect(page).to_have_url(f"{today}sent/")
    assert DeskForm.objects.get().name == "海天纸业有限公司"
    page.reload()
    assert DeskForm.objects.count() == 1


@pytest.mark.clause("GEN-01")
def test_the_customers_page_fits_phone_and_thumb(desk, live_world, today):
    page = desk(None, **TOUCH)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(today)
        assert not page.evaluate(SIDEWAYS)
        assert not page.evaluate(SMALL)
    assert page.locator("main button").bounding_box()["height"] >= 44


@pytest.mark.clause("GEN-01")
def test_the_customers_page_breaks_no_serious_rule(desk, live_world, today):
    page = desk(None, **TOUCH)
    page.goto(today)
    page.locator("main button").tap()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.evaluate(AXE)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert not page.evaluate(RUN, ALL_RULES), theme


@pytest.fixture
def sent(live_world):
    """A form that waits in East's inbox; its phone is that of `ours`."""
    written = {
        "name": "海天纸业有限公司", "kind": "company", "credit_code": "", "contact": "王芳", "title": "采购",
        "phone": "139 1002 0001", "email": "", "address": "中山路 1 号", "needs": "名片", "consents": ["service"],
    }  # fmt: skip
    submission = uuid.uuid4()
    form, _new = front_desk.receive(
        branch=live_world.east, submission=submission, written=written, at=timezone.now()
    )  # fmt: skip
    return form


@pytest.mark.clause("REC-18")
@pytest.mark.parametrize("size", [{}, TOUCH], ids=["desk", "phone"])
def test_a_clerk_checks_and_confirms_what_was_sent(desk, live_world, sent, size):
    page = desk(live_world.clerk, **size)
    page.goto("/customers/desk/")
    page.locator("[data-row-link]").click()
    expect(page.locator("#duplicates .duplicate")).to_contain_text(live_world.ours.name)
    expect(page.locator("[name=contacts-0-phones]")).to_have_value("139 1002 0001")
    page.locator("[name=contacts-0-phones]").fill("138 1111 2222")
    expect(page.locator(".duplicate-card")).to_have_count(0)
    page.locator("[data-save]").click()
    expect(page).to_have_url(record_url())
    expect(page.locator("h1")).to_have_text("海天纸业有限公司")
    assert Customer.objects.get(name="海天纸业有限公司").registration.door == "desk"
    page.goto("/customers/desk/")
    expect(page.locator("[data-row-link]")).to_have_count(0)


def test_a_clerk_confirms_without_scripts_too(desk, live_world, sent):
    page = desk(live_world.clerk, java_script_enabled=False, **TOUCH)
    page.goto(f"/customers/desk/{sent.pk}/")
    page.locator("[data-save]").click()
    page.locator("[name=different_because]").fill("总机相同")
    page.locator("[data-save]").click()
    expect(page).to_have_url(record_url())


def test_the_desk_pages_fit_the_phone(desk, live_world, sent):
    book = books.bind(
        branch=live_world.east, first="0000751", last="0000755", by=live_world.accountant, at=timezone.now()
    )
    page = desk(live_world.accountant, **TOUCH)
    east = live_world.east.pk
    for path in ("desk/", f"desk/{sent.pk}/", f"desk/{sent.pk}/dismiss/", f"desk/stand/{east}/", f"desk/blank/{east}/",
                 "desk/books/", "desk/books/new/", f"desk/books/{book.pk}/"):  # fmt: skip
        page.goto(f"/customers/{path}")
        assert not page.evaluate(SIDEWAYS), path
        assert not page.evaluate(SMALL), path


def pages(page):
    return len(PAGE.findall(page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_blank_is_exactly_one_page(desk, live_world, language):
    page = desk(live_world.clerk, language=language)
    page.goto(f"/customers/desk/blank/{live_world.east.pk}/")
    assert pages(page) == 1
    page.emulate_media(media="print")
    expect(page.locator(".rail, .topbar, .on-screen").first).to_be_hidden()
    for part in ("[data-field=serial]", ".blank-signature", ".slip"):
        expect(page.locator(part)).to_be_visible()
    expect(page.locator(".blank")).to_contain_text("LC 16.06.302.01")


def test_the_order_on_paper_is_the_order_of_the_tab_key(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/new/")
    on_screen = page.evaluate(ON_SCREEN)
    expect(page.locator("#registration [tabindex]:not([tabindex='0']):not([tabindex='-1'])")).to_have_count(0)
    page.goto(f"/customers/desk/blank/{live_world.east.pk}/")
    on_paper = page.locator("[data-field]").evaluate_all("cells => cells.map(cell => cell.dataset.field)")
    assert on_paper == [name for name in on_screen if name != "pasted"], "the box to paste into is none of the form's"


def test_a_book_prints_as_many_pages_as_it_has_serials(desk, live_world):
    book = books.bind(
        branch=live_world.east, first="0000751", last="0000755", by=live_world.accountant, at=timezone.now()
    )
    page = desk(live_world.accountant)
    page.goto(f"/customers/desk/books/{book.pk}/print/")
    assert page.locator("dd.serial").all_inner_texts() == list(book.serials())
    assert pages(page) == book.size == 5


def test_the_stand_is_one_page_with_its_code(desk, live_world):
    page = desk(live_world.clerk)
    page.goto(f"/customers/desk/stand/{live_world.east.pk}/")
    assert page.locator(".stand img").evaluate("image => image.complete && image.naturalWidth > 100")
    assert pages(page) == 1


def test_a_missing_serial_is_marked_as_spoiled(desk, live_world):
    book = books.bind(
        branch=live_world.east, first="0000751", last="0000755", by=live_world.accountant, at=timezone.now()
    )
    page = desk(live_world.accountant)
    page.goto(f"/customers/desk/books/{book.pk}/")
    page.locator("[name=to]").select_option(str(live_world.clerk.pk))
    page.locator("form[action$='/issue/'] button").click()
    page.locator("[name=serial]").fill("751")
    page.locator("[name=reason]").fill("印坏")
    page.locator("form[action$='/spoil/'] button").click()
    expect(page.locator("table", has_text="印坏")).to_contain_text("0000751")
