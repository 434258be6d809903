"""The ring of a clock counts down by itself and says what the server says. Source: ui.md ("Clock"), clocks.md."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from policy import clocks
from policy.clocks.words import left

pytestmark = [pytest.mark.browser, pytest.mark.clause("GEN-01")]

# Puts clocks that are due in so many seconds on the page and tells what the script makes of them.
SHOWN = """
([now, seconds]) => {
  const model = document.querySelector("[data-clock]");
  const made = seconds.map((more) => {
    const copy = model.cloneNode(true);
    copy.dataset.due = new Date(Date.parse(now) + more * 1000).toISOString();
    document.body.append(copy);
    return copy;
  });
  document.dispatchEvent(new CustomEvent("visibilitychange"));
  return made.map((copy) => copy.querySelector(".clock-words").textContent);
}
"""
AFTER = [
    *(-400_000, -172_900, -172_700, -91_800, -7_300, -3_700, -3_500, -130, -70),
    *(50, 290, 3_500, 3_700, 21_500, 21_700, 40_000, 80_000, 91_800, 180_000, 900_000),
]


def start(world, *, hours_ago, hours):
    at = timezone.now() - timedelta(hours=hours_ago)
    return clocks.start(world.ours, "CMP-03", at=at, term=f"{hours}h", title=f"投诉 {hours}", key=str(hours),
                        branch=world.east, responsible=world.accountant, url_name="customers:record")  # fmt: skip


def test_a_clock_counts_down_without_loading_the_page_again(desk, live_world):
    start(live_world, hours_ago=0, hours=3)
    page = desk(live_world.accountant, language="en")
    page.clock.install(time=timezone.now())
    page.goto("/policy/clocks/")
    clock = page.locator("[data-clock]")
    expect(clock).to_have_class("clock clock-calm")
    for hours, look, words in ((1.6, "half", "1 h left"), (1, "soon", "min left"), (1, "breached", "min over")):
        page.clock.fast_forward(int(hours * 3600 * 1000))
        expect(clock).to_have_class(f"clock clock-{look}")
        expect(clock).to_contain_text(words)
    expect(page.locator(".clock-number")).to_have_text("1")


def test_script_and_server_say_the_same(desk, live_world):
    start(live_world, hours_ago=1, hours=30)
    page = desk(live_world.accountant, language="en")
    now = timezone.now()
    page.clock.install(time=now)
    page.goto("/policy/clocks/")
    page.clock.pause_at(now + timedelta(seconds=30))
    shown_at = page.evaluate("new Date().toISOString()")
    said = page.evaluate(SHOWN, [shown_at, AFTER])
    server = timezone.datetime.fromisoformat(shown_at)
    with translation.override("en"):
        assert said == [left(server + timedelta(seconds=more), server) for more in AFTER]
