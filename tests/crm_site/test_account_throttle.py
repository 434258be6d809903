"""Guessing is slowed, its victim is not. Source: SEC-02; reliability.md 6, row 33."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm_site import rules
from journal.models import AccessLog
from tests.crm_site.accounts import SIGN_IN, browser, is_in, logged, set_rule, sign_in, signed_in
from tests.world import PASSWORD

pytestmark = pytest.mark.clause("SEC-02")
NOON = "2026-12-01T12:00:05+08:00"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def guess(client, person, times):
    return [sign_in(client, person, f"wrong {n}").status_code for n in range(times)]


def test_twenty_bad_passwords_on_one_account_are_slowed(world):
    attacker = browser("203.0.113.66")
    assert guess(attacker, world.clerk, 20) == [200] * 5 + [429] * 15
    answer = sign_in(attacker, world.clerk)  # not judged, although it is right
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "55"
    assert "Too many failed tries. Wait until 12:01, then try again." in answer.content.decode()


def test_the_victim_is_not_locked_out(world):
    """On a device that knows the account, at the attacker's own address; and anywhere else."""
    known = signed_in(world.clerk, "203.0.113.66")
    known.post(reverse("sign_out"))
    guess(browser("203.0.113.66"), world.clerk, 20)
    assert sign_in(known, world.clerk).status_code == 302
    assert sign_in(browser("198.51.100.1"), world.clerk).status_code == 302


def test_guessing_from_everywhere_does_not_reach_a_known_device(world):
    known = signed_in(world.clerk)
    known.post(reverse("sign_out"))
    answers = [guess(browser(f"203.0.113.{n}"), world.clerk, 4) for n in range(10)]
    assert [status for some in answers for status in some].count(200) == rules.TRIES_ON_ACCOUNT.default
    assert sign_in(browser("198.51.100.1"), world.clerk).status_code == 429
    assert sign_in(known, world.clerk).status_code == 302


def test_a_known_device_has_its_own_limit_for_its_own_account_only(world):
    known = signed_in(world.clerk)
    known.post(reverse("sign_out"))
    assert guess(known, world.clerk, 6) == [200] * 5 + [429]
    assert guess(known, world.accountant, 6) == [200] * 5 + [429]
    assert sign_in(browser("198.51.100.1"), world.clerk).status_code == 302


def test_a_forged_device_cookie_counts_for_nothing(world):
    attacker = browser("203.0.113.66")
    for n in range(7):
        attacker.cookies["device"] = f'{{"id": "{n}", "people": [{world.clerk.pk}]}}:1:forged'
        last = sign_in(attacker, world.clerk, "wrong")
    assert last.status_code == 429


def test_two_hundred_accounts_from_one_address_are_slowed(world):
    attacker = browser("203.0.113.66")
    answers = [sign_in(attacker, f"K{n:04}", "123456").status_code for n in range(200)]
    assert answers == [200] * 30 + [429] * 170
    assert sign_in(browser("198.51.100.1"), world.clerk).status_code == 302


def test_colleagues_at_that_address_come_in_on_their_devices(world):
    known = signed_in(world.accountant, "203.0.113.66")
    known.post(reverse("sign_out"))
    for n in range(40):
        sign_in(browser("203.0.113.66"), f"K{n:04}", "123456")
    assert sign_in(known, world.accountant).status_code == 302


def test_neighbours_in_one_ipv6_network_are_one_place(world):
    for n in range(5):
        sign_in(browser(f"2001:db8:1:2::{n}"), world.clerk, "wrong")
    assert sign_in(browser("2001:db8:1:2:ffff::1"), world.clerk, "wrong").status_code == 429
    assert sign_in(browser("2001:db8:1:3::1"), world.clerk, "wrong").status_code == 200


def test_whoever_goes_on_waits_longer(world, time_machine):
    attacker = browser("203.0.113.66")
    waits = []
    for _round in range(5):
        guess(attacker, world.clerk, 5)
        waits.append(int(sign_in(attacker, world.clerk, "wrong").headers["Retry-After"]))
        time_machine.shift(timedelta(seconds=waits[-1] + 1))
    assert waits[0] < 60 < waits[1] <= 900
    assert waits[3] > 900 or waits[4] > 900
    assert max(waits) <= 3600


def test_success_does_not_count(world):
    for _time in range(8):
        client = browser("203.0.113.66")
        assert sign_in(client, world.clerk).status_code == 302
        client.post(reverse("sign_out"))


def test_the_limit_is_a_rule(world):
    set_rule(rules.TRIES, 3, by=world.administrator)
    assert guess(browser("203.0.113.66"), world.clerk, 4) == [200] * 3 + [429]


def test_an_unknown_account_is_slowed_like_a_known_one(world):
    assert guess(browser("203.0.113.66"), "X999", 6) == [200] * 5 + [429]


def test_capitals_and_spaces_do_not_make_another_account(world):
    attacker = browser("203.0.113.66")
    for number in ("E001", "e001", " E001", "E001 ", "e001 "):
        sign_in(attacker, number, "wrong")
    assert sign_in(attacker, "E001", "wrong").status_code == 429


def test_refusals_are_in_the_access_log_and_a_flood_does_not_fill_it(world):
    guess(browser("203.0.113.66"), world.clerk, 20)
    refused = logged(AccessLog.Action.SIGN_IN_REFUSED, address="203.0.113.66")
    assert [row.detail["staff_number"] for row in refused] == [world.clerk.staff_number] * 5
    assert logged(AccessLog.Action.SIGN_IN_SLOWED).count() == 1


def test_a_spoofed_forwarded_for_has_no_effect(world):
    for n in range(6):
        client = browser("203.0.113.66", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")
        last = sign_in(client, world.clerk, "wrong")
    assert last.status_code == 429
    assert set(logged(AccessLog.Action.SIGN_IN_REFUSED).values_list("address", flat=True)) == {"203.0.113.66"}


def test_behind_our_proxy_its_own_word_counts_and_nothing_before_it(world, settings):
    settings.BEHIND_PROXY = True
    for n in range(6):
        client = browser("10.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.66")
        last = sign_in(client, world.clerk, "wrong")
    assert last.status_code == 429
    other = browser("10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.66, 198.51.100.9")
    assert sign_in(other, world.clerk).status_code == 302
    assert logged(AccessLog.Action.SIGN_IN).get().address == "198.51.100.9"


def test_a_forwarded_for_that_is_no_address_is_passed_over(world, settings):
    settings.BEHIND_PROXY = True
    client = browser("10.0.0.1", HTTP_X_FORWARDED_FOR="<script>")
    assert sign_in(client, world.clerk).status_code == 302
    assert logged(AccessLog.Action.SIGN_IN).get().address == "10.0.0.1"


def test_no_staff_number_and_no_address_stands_in_the_cache(world):
    guess(browser("203.0.113.66"), world.clerk, 2)
    client = cache._cache.get_client()
    keys = b" ".join(client.keys("*tries*"))
    assert keys
    assert world.clerk.staff_number.encode() not in keys
    assert b"203.0.113" not in keys


def test_a_strange_staff_number_is_no_error(world):
    sent = b"username=E%00%ed%a0%80%e2%80%ae" + b"9" * 3000 + b"&password=x"
    answer = browser().generic("POST", SIGN_IN, sent, "application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_the_present_password_cannot_be_guessed_in_a_session_left_open(world):
    client = signed_in(world.clerk)
    new = {"new_password1": "quite another word", "new_password2": "quite another word"}
    for n in range(5):
        answer = client.post(reverse("account_password"), {"old_password": f"wrong {n}", **new})
        assert answer.status_code == 200
    answer = client.post(reverse("account_password"), {"old_password": PASSWORD, **new})
    assert answer.status_code == 429
    assert is_in(client)
    assert logged(AccessLog.Action.PASSWORD_REFUSED, person=world.clerk).count() == 5
