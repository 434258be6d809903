"""What a first visit costs, and that a page talks to nobody else. Source: issue 2 (look and feel), stack.md."""

import gzip

import pytest
from playwright.sync_api import expect

from .pages import visits

pytestmark = pytest.mark.browser

FIRST_LOAD = 200 * 1024  # bytes, compressed
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile || ""}:${event.lineNumber}`));
"""


def compressed(response):
    """Bytes on the wire; the tests' server does not compress, the real one does."""
    if response.status >= 300:
        return 0
    body = response.body()
    is_packed = response.headers.get("content-type", "").startswith(("image/png", "image/webp", "font/"))
    return len(body) if is_packed else len(gzip.compress(body, 6))


@pytest.mark.parametrize("path", ["/sign-in/", "/customers/", "/customers/new/"])
def test_the_first_load_is_small(desk, live_world, path):
    page = desk(None if path == "/sign-in/" else live_world.clerk)
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto(path, wait_until="networkidle")
    sizes = {response.url: compressed(response) for response in responses}
    assert any(url.endswith(".css") for url in sizes)
    assert any(url.endswith(".js") for url in sizes)
    total = sum(sizes.values())
    assert total < FIRST_LOAD, "\n".join(f"{size:8} {url}" for url, size in sizes.items())


@pytest.mark.clause("SEC-05")
def test_every_page_has_the_strict_policy_and_keeps_it(desk, live_world):
    for person, group in visits(live_world).items():
        page = desk(person)
        page.context.add_init_script(VIOLATIONS)
        for visit in group:
            with page.expect_response(lambda response, path=visit.path: response.url.endswith(path)) as answer:
                visit.open(page)
            policy = answer.value.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert "style-src 'self'" in policy
            assert "unsafe" not in policy
            assert answer.value.headers["cache-control"] in ("no-store, private", "max-age=0, no-cache, no-store, must-revalidate, private")
            assert page.evaluate("violations") == [], visit.path


def test_the_watch_itself_sees_what_goes_wrong(desk, live_world):
    """Proof of the watch on which all browser tests rely."""
    page = desk(live_world.clerk)
    page.goto("/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))")
    page.evaluate("fetch('/nowhere/')")
    page.evaluate("fetch('http://keke.invalid/').catch(() => null)")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    expect(page.locator("body")).not_to_have_css("color", "rgb(255, 0, 0)")
    page.wait_for_function("() => true")
    assert page.evaluate("window.ran === undefined")
    words = "\n".join(page.watch.faults)
    page.watch.faults.clear()
    for expected in ("inline style", "inline script", "404: GET", "keke.invalid", "broken"):
        assert expected in words, f"{expected} is missing in:\n{words}"
