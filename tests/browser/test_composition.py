"""Chinese is typed through an input method; the page must not take its keys for its own. Source: ux 3, 4."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class InputMethod:
    """The browser's own interface to input methods, driven as one types pinyin."""

    def __init__(self, page):
        self.protocol = page.context.new_cdp_session(page)

    def compose(self, letters):
        """Half-typed letters, underlined in the field, one more at each step."""
        for length in range(1, len(letters) + 1):
            shown = letters[:length]
            self.protocol.send(
                "Input.imeSetComposition", {"text": shown, "selectionStart": length, "selectionEnd": length}
            )

    def commit(self, text):
        self.protocol.send("Input.insertText", {"text": text})

    def enter(self):
        """Enter as it arrives while the input method has the keyboard: key code 229."""
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        self.protocol.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        self.protocol.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


@pytest.fixture
def page(desk, live_world):
    page = desk(live_world.accountant)
    page.goto("/customers/new/")
    return page


def test_enter_while_composing_leaves_focus_and_value_alone(page):
    field = page.locator("[name=name]")
    field.focus()
    method = InputMethod(page)
    method.compose("haitian")
    method.enter()
    expect(field).to_be_focused()
    expect(field).to_have_value("haitian")
    method.commit("海天")
    expect(field).to_have_value("海天")
    expect(field).to_be_focused()
    page.wait_for_timeout(50)  # an Enter right after the composition still belongs to it
    page.keyboard.press("Enter")
    expect(page.locator("[name=kind]")).to_be_focused()


def test_control_enter_while_composing_saves_nothing(page):
    page.evaluate("""() => { window.sent = 0; document.addEventListener("htmx:beforeRequest", event => {
        if (event.detail.elt.id === "registration") window.sent += 1 }) }""")
    page.locator("[name=name]").focus()
    method = InputMethod(page)
    method.compose("hai")
    page.keyboard.press("Control+Enter")
    method.commit("海")
    expect(page.locator("[name=name]")).to_have_value("海")
    assert page.evaluate("window.sent") == 0


@pytest.mark.clause("REC-08")
def test_a_pinyin_search_asks_once_and_for_the_character(page):
    asked = []
    page.on("request", lambda request: request.url.endswith("/customers/search/") and asked.append(request.post_data))
    page.keyboard.press("Escape")
    page.locator("[data-search]").focus()
    method = InputMethod(page)
    method.compose("wang")
    page.wait_for_timeout(400)  # longer than the rest after which a search goes out: what is half typed must not
    with page.expect_response("**/customers/search/"):
        method.commit("王")
    page.wait_for_timeout(400)  # nor may a second one follow
    assert [parse_qs(body)["text"] for body in asked] == [["王"]]
