"""One sign-in at a time, what ends it, and the page that shows it. Source: SEC-02; reliability.md 6, row 32."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from crm_site import rules
from crm_site.errors import bad_request
from crm_site.tasks import clear_sessions
from journal.models import AccessLog
from staff import actions
from staff.models import EndReason, SignedInSession
from tests.crm_site.accounts import browser, cookie, is_in, logged, set_rule, sign_in, signed_in, thief
from tests.world import PASSWORD

pytestmark = pytest.mark.clause("SEC-02")
SESSIONS = reverse("account_sessions")


def told(client):
    """What the sign-in page says to a browser that is sent there."""
    return client.get("/", follow=True).content.decode()


def test_signing_in_elsewhere_ends_the_first_and_tells_it(world, time_machine):
    time_machine.move_to("2026-12-01T14:00+08:00")
    first = signed_in(world.clerk)
    time_machine.move_to("2026-12-01T14:32+08:00")
    second = signed_in(world.clerk, "203.0.113.9")
    page = told(first)
    assert "Your account was signed in on another device at 14:32 (203.0.113.9)." in page
    assert "If that was not you, change your password." in page
    assert is_in(second)
    assert not is_in(first)


def test_the_sentence_is_gone_after_signing_in_again(world):
    first = signed_in(world.clerk)
    signed_in(world.clerk)
    assert "another device" in told(first)
    sign_in(first, world.clerk)
    first.post(reverse("sign_out"))
    assert "another device" not in told(first)


def test_a_fragment_of_an_ended_session_leads_to_the_sentence_too(world):
    first = signed_in(world.clerk)
    signed_in(world.clerk)
    answer = first.get(reverse("journal:bell"), headers={"HX-Request": "true"})
    assert not answer.content.strip()
    assert "another device" in first.get(answer.headers["HX-Redirect"]).content.decode()


def test_the_bell_asking_by_itself_keeps_nobody_signed_in(world, time_machine):
    """It asks every minute, whether or not anybody sits there; opening a page is what counts."""
    set_rule(rules.IDLE, 60, by=world.administrator)
    time_machine.move_to("2026-12-01T09:00+08:00")
    client = signed_in(world.clerk)
    seen = SignedInSession.objects.get(person=world.clerk).last_seen_at
    for clock in ("09:30", "09:50"):
        time_machine.move_to(f"2026-12-01T{clock}+08:00")
        client.get(reverse("journal:bell"), headers={"HX-Request": "true"})
    assert SignedInSession.objects.get(person=world.clerk).last_seen_at == seen
    client.get("/")
    assert SignedInSession.objects.get(person=world.clerk).last_seen_at > seen
    time_machine.move_to("2026-12-01T11:30+08:00")
    answer = client.get(reverse("journal:bell"), headers={"HX-Request": "true"})
    assert "/sign-in/" in answer.headers["HX-Redirect"]


def test_people_do_not_end_each_other(world):
    clerk, accountant = signed_in(world.clerk), signed_in(world.accountant)
    assert is_in(clerk)
    assert is_in(accountant)


def test_as_many_devices_as_the_rule_says_and_the_oldest_goes(world):
    set_rule(rules.SESSIONS, 2, by=world.administrator)
    first, second, third = (signed_in(world.clerk) for _number in range(3))
    assert [is_in(client) for client in (first, second, third)] == [False, True, True]


def test_an_ended_session_is_gone_from_the_database_and_the_cache(live_world):
    first = signed_in(live_world.clerk)
    key = cookie(first)
    signed_in(live_world.clerk)
    assert not Session.objects.filter(pk=key).exists()
    assert SESSION_KEY not in first.session


def test_two_sign_ins_at_the_same_moment_leave_exactly_one(live_world):
    browsers, ready = [browser(), browser()], Barrier(2)

    def go(client):
        ready.wait()
        sign_in(client, live_world.clerk)
        connection.close()

    threads = [Thread(target=go, args=[client]) for client in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(is_in(client) for client in browsers) == [False, True]
    assert SignedInSession.objects.filter(person=live_world.clerk).live(timezone.now()).count() == 1


def test_a_request_whose_session_ends_in_the_middle_goes_to_sign_in():
    answer = bad_request(RequestFactory().post("/"), SessionInterrupted("gone"))
    assert (answer.status_code, answer.url) == (302, reverse("sign_in"))


def test_signing_in_changes_the_session_key(world):
    """Session fixation: a key that somebody planted is worthless."""
    client = browser()
    client.post(reverse("account_profile"), {"typed_by": world.clerk.pk})  # makes a session for a visitor
    planted = cookie(client)
    sign_in(client, world.clerk)
    assert cookie(client) != planted
    assert not is_in(thief(planted))


def test_signing_in_as_somebody_else_in_the_same_browser_ends_the_first(world):
    client = browser()
    client.force_login(world.clerk)
    client.force_login(world.accountant)
    assert client.get("/").wsgi_request.user == world.accountant


def sign_out(world, client):
    client.post(reverse("sign_out"))


def disable(world, client):
    actions.disable_person(world.clerk, by=world.administrator, at=timezone.now())


def change_password(world, client):
    new = {"new_password1": "quite another word", "new_password2": "quite another word"}
    assert client.post(reverse("account_password"), {"old_password": PASSWORD, **new}).status_code == 302


def sign_in_elsewhere(world, client):
    signed_in(world.clerk)


@pytest.mark.parametrize("ends", [sign_out, disable, change_password, sign_in_elsewhere])
def test_a_stolen_cookie_opens_nothing_after(ends, world):
    client = signed_in(world.clerk)
    stolen = cookie(client)
    assert is_in(thief(stolen))
    ends(world, client)
    assert not is_in(thief(stolen))


def test_what_a_cache_still_holds_of_an_ended_session_opens_nothing(world):
    """The row decides: in this test nothing commits, so session data is never deleted."""
    client = signed_in(world.clerk)
    SignedInSession.objects.update(ended_at=timezone.now(), ended_because=EndReason.ELSEWHERE)
    assert SESSION_KEY in client.session
    assert not is_in(client)


def test_without_its_row_a_session_opens_nothing(world):
    client = signed_in(world.clerk)
    SignedInSession.objects.all().delete()
    assert not is_in(client)


def test_a_sign_in_that_is_not_used_ends_and_says_so(world, time_machine):
    time_machine.move_to("2026-12-01T09:00+08:00")
    client = signed_in(world.clerk)
    time_machine.shift(timedelta(minutes=118))
    assert is_in(client)
    time_machine.shift(timedelta(minutes=118))
    assert is_in(client)
    time_machine.shift(timedelta(minutes=126))
    assert "not used here for 2\xa0hours" in told(client)
    assert SignedInSession.objects.get().ended_because == EndReason.IDLE


def test_a_sign_in_ends_after_twelve_hours_however_busy(world, time_machine):
    time_machine.move_to("2026-12-01T08:00+08:00")
    client = signed_in(world.clerk)
    for _hour in range(11):
        time_machine.shift(timedelta(hours=1))
        assert is_in(client)
    time_machine.shift(timedelta(minutes=61))
    assert not is_in(client)


def test_the_limits_are_those_of_the_day_of_signing_in(world, time_machine):
    time_machine.move_to("2026-12-01T09:00+08:00")
    client = signed_in(world.clerk)
    set_rule(rules.IDLE, 10, by=world.administrator)
    time_machine.shift(timedelta(minutes=60))
    assert is_in(client)
    other = signed_in(world.accountant)
    time_machine.shift(timedelta(minutes=16))
    assert not is_in(other)


def test_last_use_is_written_every_five_minutes_at_most(world, time_machine):
    time_machine.move_to("2026-12-01T09:00+08:00", tick=False)
    client = signed_in(world.clerk)
    row = SignedInSession.objects.get()
    for minutes, seen in ((4, 0), (2, 6)):
        time_machine.shift(timedelta(minutes=minutes))
        client.get("/")
        assert SignedInSession.objects.get().last_seen_at == row.started_at + timedelta(minutes=seen)


def test_the_page_names_each_device_and_recent_sign_ins(world):
    set_rule(rules.SESSIONS, 3, by=world.administrator)
    signed_in(world.clerk, "203.0.113.9")
    page = signed_in(world.clerk).get(SESSIONS).content.decode()
    for text in ("Chrome · Windows", "203.0.113.9", "198.51.100.7", "this device", "signed in"):
        assert text in page


def test_the_page_shows_nobody_elses(world):
    signed_in(world.accountant, "203.0.113.9")
    assert "203.0.113.9" not in signed_in(world.clerk).get(SESSIONS).content.decode()


def test_ending_one_other_session(world):
    set_rule(rules.SESSIONS, 2, by=world.administrator)
    lost = signed_in(world.clerk, "203.0.113.9")
    here = signed_in(world.clerk)
    row = SignedInSession.objects.get(address="203.0.113.9")
    where = reverse("account_session_end", args=[row.pk])
    assert here.post(where).status_code == 302
    assert "ended from another device of yours" in told(lost)
    assert "nothing left to end" in here.post(where, follow=True).content.decode()
    assert logged(AccessLog.Action.SESSIONS_ENDED, person=world.clerk).count() == 1


def test_ending_somebody_elses_or_this_very_session_is_not_there(world):
    theirs, here = signed_in(world.accountant), signed_in(world.clerk)
    for person in (world.accountant, world.clerk):
        row = SignedInSession.objects.get(person=person)
        assert here.post(reverse("account_session_end", args=[row.pk])).status_code == 404
    assert is_in(theirs)
    assert is_in(here)


def test_ending_all_others(world):
    set_rule(rules.SESSIONS, 3, by=world.administrator)
    first, second, here = (signed_in(world.clerk) for _number in range(3))
    here.post(reverse("account_sessions_end"))
    assert [is_in(client) for client in (first, second, here)] == [False, False, True]
    assert "nothing left to end" in here.post(reverse("account_sessions_end"), follow=True).content.decode()


def test_old_sessions_are_deleted_at_night(world, time_machine):
    time_machine.move_to("2026-12-01T09:00+08:00")
    signed_in(world.clerk)
    signed_in(world.clerk)
    time_machine.shift(timedelta(days=29))
    clear_sessions()
    assert SignedInSession.objects.count() == 2
    time_machine.shift(timedelta(days=3))
    clear_sessions()
    clear_sessions()
    assert not SignedInSession.objects.exists()
