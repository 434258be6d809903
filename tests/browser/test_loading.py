"""What a first visit costs, and that a page talks to nobody else. Source: issue 2 (look and feel), stack.md."""

import gzip

import pytest
from playwright.sync_api import expect

from .pages import visits

pytestmark = pytest.mark.browser

FIRST_LOAD = 200 * 1024  # bytes, compressed


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


def test_every_page_has_the_strict_policy_and_stays_in_no_cache(desk, live_world):
    """That the pages keep the policy, the watch proves on each of them in the tests of phones and of accessibility."""
    for person, group in visits(live_world).items():
        profile = desk(person).context
        for visit in group:
            headers = profile.request.get(visit.path).headers
            policy = headers["content-security-policy"]
            for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
                assert rule in policy, visit.path
            assert "unsafe" not in policy, visit.path
            assert "no-store" in headers["cache-control"], visit.path


def test_the_watch_itself_sees_what_goes_wrong(desk, live_world):
    """Proof of the watch on which all browser tests rely."""
    page = desk(live_world.clerk)
    page.goto("/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    page.evaluate("fetch('/nowhere/')")
    page.evaluate("fetch('http://keke.invalid/').catch(() => null)")
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")
    expect(page.locator("body")).not_to_have_css("color", "rgb(255, 0, 0)")
    assert page.evaluate("window.ran === undefined")
    words = "\n".join(page.watch.faults)
    page.watch.faults.clear()
    for expected in ("inline style", "inline script", "404: GET", "keke.invalid", "broken"):
        assert expected in words, f"{expected} is missing in:\n{words}"
