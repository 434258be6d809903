"""A real headless Chromium on a live server. `desk(person)` opens one: a fresh profile with that person signed in.

Whatever goes wrong in the browser fails the test, even when the page still looks right: an error on the console, a
breach of the content security policy, a refused or failed request, a request to another host, a question on leaving.
A test that expects an answer such as 404 says so: `page.watch.expect("/nowhere/")`.
"""

import os
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import expect

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
PATIENCE = 10_000  # milliseconds: two busy cores are slow, a hanging page is none of our waiting
# What htmx says when a newer search replaces one that is still under way.
SUPERSEDED = ("htmx:afterRequest", "htmx:sendAbort")

expect.set_options(timeout=PATIENCE)


class Watch:
    """What happened in one profile that should not have."""

    def __init__(self, context, home):
        self.home = urlsplit(home).netloc
        self.faults = []
        self.expected = []
        self.leaving_asked = 0
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("dialog", self._dialog)

    def expect(self, *parts):
        """Answers of 400 and more, and failures, are expected of addresses that contain one of the parts."""
        self.expected += parts

    def _note(self, fault, url=""):
        if not any(part in url for part in self.expected):
            self.faults.append(fault)

    def _console(self, message):
        if message.type == "error" and not message.text.startswith(SUPERSEDED):
            self._note(f"console: {message.text}", message.location.get("url", ""))

    def _request(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.home:
            self._note(f"another host: {request.url}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # the browser gives up requests of a page that is left
            self._note(f"failed: {request.method} {request.url} {request.failure}", request.url)

    def _response(self, response):
        if response.status >= 400:
            self._note(f"{response.status}: {response.request.method} {response.url}", response.url)

    def _dialog(self, dialog):
        if dialog.type == "beforeunload":
            self.leaving_asked += 1
            dialog.accept()
        else:
            self._note(f"dialog: {dialog.message}")
            dialog.dismiss()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": os.environ.get("KEKE_CHROMIUM") or "/usr/bin/chromium", "args": FLAGS}


@pytest.fixture
def plain_static_files(settings):
    """Styles and scripts straight from their folders: the tests need no `prepare`."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def desk(browser, live_world, live_server, plain_static_files):
    """`desk(person)` gives a page in a fresh profile; further arguments are those of a Playwright context."""
    opened = []

    def _desk(person=None, *, language=None, theme=None, **options):
        options = {
            "viewport": DESK,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "reduced_motion": "reduce",
        } | options
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        cookies = {"language": language, "theme": theme}
        if person:
            cookies[configured.SESSION_COOKIE_NAME] = session_of(person)
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items() if value]
        )
        watch = Watch(context, live_server.url)
        opened.append((context, watch))
        page = context.new_page()
        page.watch = watch
        return page

    yield _desk
    faults = []
    for context, watch in opened:
        context.close()
        faults += watch.faults
        if watch.leaving_asked:
            faults.append("the browser asked whether to leave the page")
    assert not faults, "\n".join(faults)


def session_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies[configured.SESSION_COOKIE_NAME].value


def focused(page):
    """Name of the field in focus, else id, else address, else tag."""
    return page.evaluate(
        """() => { const e = document.activeElement;
        return e.getAttribute("name") || e.id || e.getAttribute("href") || e.tagName.toLowerCase() }"""
    )


def tab_to(page, selector, key="Tab", at_most=60):
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _press in range(at_most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{at_most} times {key} did not reach {selector}; the focus is on {focused(page)}")


def record_url(customer=None):
    """Pattern of a record's address, of this customer or of any."""
    return re.compile(rf"/customers/{customer.pk if customer else '[0-9]+'}/$")
