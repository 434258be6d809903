"""Form after form at the counter: quick, and on the same page all the time. Source: ux 12."""

import time
from statistics import median

import pytest
from playwright.sync_api import expect

from customers.models import Customer

from .conftest import focused

pytestmark = pytest.mark.browser

FORMS = 3
LONGEST = 12.0  # seconds a form, as a script types
NAMES = ["海天纸业有限公司", "宏图标牌制作中心", "青松会展服务有限公司"]


def typed(number):
    return {
        "serial": f"000080{number}",
        "name": NAMES[number],
        "contacts-0-name": "王芳",
        "contacts-0-phones": f"138111122{number}3",
        "address": "建国路 88 号",
        "needs": "名片 500 盒",
    }


@pytest.mark.clause("REC-04", "REC-05")
def test_forms_are_entered_one_after_the_other_without_loading_the_page_again(desk, live_world):
    page = desk(live_world.clerk)
    page.goto("/customers/new/")
    page.evaluate("window.same = true")
    seconds = []
    for number in range(FORMS):
        words, started = typed(number), time.monotonic()
        expect(page.locator("[name=serial]")).to_be_focused()
        while (name := focused(page)) != "consents":
            if name in words:
                page.keyboard.type(words[name])
            elif name == "source":
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
        with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/new/")):
            page.keyboard.press("Control+Shift+Enter")
        expect(page.locator("#messages")).to_contain_text(words["name"])
        expect(page.locator("[name=name]")).to_have_value("")
        seconds.append(time.monotonic() - started)
    assert page.evaluate("window.same"), "the page was loaded again"
    assert Customer.objects.filter(name__in=NAMES).count() == FORMS
    assert median(seconds) <= LONGEST, seconds
