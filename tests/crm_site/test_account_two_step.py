"""Two-step sign-in: setting up, using, recovery codes, switching off, an administrator's reset. Source: SEC-02."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pyotp
import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from crm_site import rules
from journal.models import AccessLog, Notification
from staff import second_factor
from staff.models import Person, RecoveryCode, SecondFactor
from staff.verbs import PositionCode
from tests.crm_site.accounts import (
    SECOND_STEP,
    SIGN_IN,
    browser,
    code,
    cookie,
    is_in,
    logged,
    set_rule,
    sign_in,
    signed_in,
    thief,
)
from tests.world import PASSWORD, hire

pytestmark = pytest.mark.clause("SEC-02")
ON, OFF, CODES = reverse("account_two_step_on"), reverse("account_two_step_off"), reverse("account_recovery_codes")


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to("2026-12-01T12:00:05+08:00", tick=False)


@pytest.fixture
def careful(world):
    """The accountant, with two-step sign-in on and recovery codes in `careful.codes`."""
    person = Person.objects.get(pk=world.accountant.pk)
    seed = second_factor.new_seed()
    then = timezone.now() - timedelta(minutes=5)
    shown = second_factor.secret(seed)
    first = code_of_secret(shown, then)
    person.codes = second_factor.turn_on(person, seed=seed, code=first, by=person, at=then)
    return person


def code_of_secret(secret, at):
    return pyotp.TOTP(secret.replace(" ", "")).at(at)


def second(client, text):
    return client.post(SECOND_STEP, {"code": text})


def at_second_step(person):
    client = browser()
    answer = sign_in(client, person)
    assert answer.url == SECOND_STEP
    return client


# Setting up


def set_up_page(client):
    page = client.get(ON).content.decode()
    seed = re.search(r'name="seed" value="([^"]+)"', page)[1]
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)[1]
    return page, seed, secret


def turn_on(client, **more):
    _page, seed, secret = set_up_page(client)
    now = timezone.now()
    return client.post(ON, {"seed": seed, "code": code_of_secret(secret, now), "password": PASSWORD, **more})


def test_setting_up_shows_a_picture_and_a_key_and_then_ten_codes_once(world):
    client = signed_in(world.clerk)
    page, _seed, _secret = set_up_page(client)
    assert "<svg" in page
    assert "style=" not in page.partition("<svg")[2].partition("</svg>")[0]
    answer = turn_on(client)
    codes = re.findall(r"<li><code>(\w{5}-\w{5})</code></li>", answer.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in answer.headers["Cache-Control"]
    assert codes[0] not in client.get(ON, follow=True).content.decode()
    assert logged(AccessLog.Action.SECOND_FACTOR_ON, person=world.clerk).count() == 1


def test_setting_up_again_changes_nothing(world):
    client = signed_in(world.clerk)
    turn_on(client)
    before = SecondFactor.objects.get(person=world.clerk).seed
    assert client.post(ON, {"code": "123456", "password": PASSWORD, "seed": "x"}).status_code == 302
    assert SecondFactor.objects.get(person=world.clerk).seed == before


@pytest.mark.parametrize("wrong", [{"code": "000000"}, {"password": "wrong"}, {"seed": "made up"}])
def test_setting_up_takes_the_right_code_password_and_page(world, wrong):
    client = signed_in(world.clerk)
    assert turn_on(client, **wrong).status_code == 200
    assert not SecondFactor.objects.filter(person=world.clerk).exists()


def test_the_page_of_somebody_else_sets_nothing_up(world):
    _page, seed, secret = set_up_page(signed_in(world.accountant))
    sent = {"seed": seed, "code": code_of_secret(secret, timezone.now()), "password": PASSWORD}
    signed_in(world.clerk).post(ON, sent)
    assert not SecondFactor.objects.filter(person__in=[world.clerk, world.accountant]).exists()


def test_a_copy_of_the_database_alone_makes_no_codes(careful, settings):
    before = code(careful)
    settings.SECRET_KEY = "of another installation"
    assert code(careful) != before


def test_a_replaced_secret_key_still_serves_as_fallback(careful, settings):
    before = code(careful)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", [settings.SECRET_KEY]
    assert second_factor.use(careful, before, at=timezone.now()) == "app"


def test_secrets_are_not_in_the_history(careful):
    for model, secret in ((SecondFactor, "seed"), (RecoveryCode, "hashed")):
        event = model.pgh_event_model
        assert event.objects.exists()
        assert secret not in {field.name for field in event._meta.get_fields()}


# Signing in


def test_the_password_alone_opens_nothing(careful):
    client = at_second_step(careful)
    assert not is_in(client)
    assert not logged(AccessLog.Action.SIGN_IN).exists()
    assert client.get(reverse("account")).status_code == 302


def test_the_code_opens_and_the_session_key_changes(careful):
    client = at_second_step(careful)
    before = cookie(client)
    assert second(client, code(careful)).url == "/"
    assert is_in(client)
    assert cookie(client) != before
    assert not is_in(thief(before))
    assert logged(AccessLog.Action.SIGN_IN, person=careful).get().detail == {"way": "second step: app"}


def test_after_the_second_step_the_wanted_page_opens(careful):
    client = browser()
    sign_in(client, careful, next="/customers/")
    assert second(client, code(careful)).url == "/customers/"


def test_spaces_and_full_width_digits_are_read(careful):
    shown = code(careful)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in shown)
    client = at_second_step(careful)
    assert second(client, f" {wide[:3]} {wide[3:]} ").status_code == 302


def test_a_code_works_once(careful):
    shown = code(careful)
    second(at_second_step(careful), shown)
    again = second(at_second_step(careful), shown)
    assert again.status_code == 200
    assert "wrong or was used already" in again.content.decode()
    assert logged(AccessLog.Action.SECOND_STEP_REFUSED, person=careful).count() == 1


def test_an_older_code_than_the_last_used_one_is_refused(careful, time_machine):
    older = code(careful)
    time_machine.shift(timedelta(seconds=30))
    assert second_factor.use(careful, code(careful), at=timezone.now()) == "app"
    assert second_factor.use(careful, older, at=timezone.now()) == ""


@pytest.mark.parametrize(("off", "taken"), [(-60, ""), (-30, "app"), (0, "app"), (30, "app"), (60, "")])
def test_a_phone_may_be_half_a_minute_wrong(careful, off, taken):
    now = timezone.now()
    assert second_factor.use(careful, code(careful, now + timedelta(seconds=off)), at=now) == taken


def test_the_same_code_twice_at_the_same_moment_is_taken_once(live_world):
    person, now = live_world.administrator, timezone.now()
    shown, answers, ready = code(person), [], Barrier(2)

    def go():
        ready.wait()
        answers.append(second_factor.use(person, shown, at=now))
        connection.close()

    threads = [Thread(target=go) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["", "app"]


@pytest.mark.parametrize("text", ["", "12345", "1234567", "x" * 41, "\x00", "٣٤٥٦٧٨"])
def test_what_is_no_code_is_refused(careful, text):
    assert second(at_second_step(careful), text).status_code == 200


def test_the_second_step_waits_five_minutes(careful, time_machine):
    client = at_second_step(careful)
    time_machine.shift(timedelta(seconds=301))
    assert second(client, code(careful)).url == SIGN_IN
    assert not is_in(client)


def test_a_new_password_or_a_closed_account_ends_the_waiting(careful):
    client, other = at_second_step(careful), at_second_step(careful)
    careful.set_password("quite another word")
    careful.save()
    assert second(client, code(careful)).url == SIGN_IN
    Person.objects.filter(pk=careful.pk).update(disabled_at=timezone.now())
    assert second(other, code(careful)).url == SIGN_IN


def test_nobody_gets_to_the_second_step_without_the_first(world):
    for answer in (browser().get(SECOND_STEP), second(browser(), "123456")):
        assert answer.url == SIGN_IN


def test_guessing_codes_is_slowed_and_the_owner_is_told_but_not_kept_out(careful):
    known = at_second_step(careful)
    second(known, code(careful))
    known.post(reverse("sign_out"))
    for n in range(6):
        attacker = browser(f"203.0.113.{n}")
        sign_in(attacker, careful)
        last = second(attacker, f"{n:06}")
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0
    told = Notification.objects.get(person=careful, kind="accounts.second_step_tried")
    assert "203.0.113.5" in told.text
    sign_in(known, careful)
    assert second(known, careful.codes[0]).status_code == 302


# Recovery codes


def test_a_recovery_code_opens_once(careful):
    client = at_second_step(careful)
    assert second(client, careful.codes[3].upper()).status_code == 302
    assert is_in(client)
    assert logged(AccessLog.Action.RECOVERY_CODE_USED, person=careful).count() == 1
    assert second_factor.codes_left(careful) == 9
    assert second(at_second_step(careful), careful.codes[3]).status_code == 200


def test_recovery_codes_are_kept_as_hashes(careful):
    rows = RecoveryCode.objects.order_by("slot")
    for row, shown in zip(rows, careful.codes, strict=True):
        assert shown.replace("-", "") not in row.hashed
        assert check_password(shown.replace("-", ""), row.hashed)


def test_new_recovery_codes_end_the_old_ones(careful):
    client = browser()
    client.force_login(careful)
    answer = client.post(CODES, {"password": PASSWORD, "code": code(careful)})
    codes = re.findall(r"<li><code>(\w{5}-\w{5})</code></li>", answer.content.decode())
    assert len(codes) == 10
    assert second_factor.use(careful, careful.codes[0], at=timezone.now()) == ""
    assert second_factor.use(careful, codes[0], at=timezone.now()) == "recovery"


# Switching off


def test_switching_off_takes_password_and_code(careful):
    client = browser()
    client.force_login(careful)
    assert client.post(OFF, {"password": PASSWORD, "code": "000000"}).status_code == 200
    assert client.post(OFF, {"password": "wrong", "code": code(careful)}).status_code == 200
    assert SecondFactor.objects.filter(person=careful).exists()
    assert client.post(OFF, {"password": PASSWORD, "code": code(careful)}).url == reverse("account")
    assert not SecondFactor.objects.filter(person=careful).exists()
    assert not RecoveryCode.objects.filter(person=careful).exists()
    assert Notification.objects.filter(person=careful, kind="accounts.second_factor_off").count() == 1
    assert client.post(OFF, {"password": PASSWORD, "code": "000000"}).url == reverse("account")
    assert sign_in(browser(), careful).url == "/"


def test_whose_position_asks_for_it_cannot_switch_it_off(world):
    client = browser()
    client.force_login(world.administrator)
    sent = {"password": PASSWORD, "code": code(world.administrator)}
    assert client.post(OFF, sent).url == reverse("account")
    assert SecondFactor.objects.filter(person=world.administrator).exists()


# Asked for by the position


@pytest.fixture
def bare(world):
    """An administrator who has not set it up."""
    person = hire("A009", "新管理员", PositionCode.ADMINISTRATOR)
    SecondFactor.objects.filter(person=person).delete()
    return Person.objects.get(pk=person.pk)


def test_an_administrator_sets_it_up_before_anything_else(bare):
    client = signed_in(bare)
    for path in ("/", reverse("staff:people"), reverse("account"), reverse("account_sessions")):
        assert client.get(path).url == ON
    fragment = client.get("/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == ON
    assert client.post(reverse("staff:person_new_link", args=[bare.pk])).url == ON
    assert "Your position needs two-step sign-in" in client.get(ON).content.decode()
    turn_on(client)
    assert is_in(client)


def test_an_administrator_can_sign_out_and_choose_a_language_before(bare):
    client = signed_in(bare)
    assert client.post(reverse("language"), {"language": "en"}).url != ON
    assert client.post(reverse("sign_out")).url == SIGN_IN


def test_demo_mode_is_exempt(bare, settings):
    settings.DEMO = True
    assert is_in(signed_in(bare))


def test_who_has_to_is_a_rule(world):
    manager, clerk = signed_in(world.manager), signed_in(world.clerk)
    assert is_in(manager)
    set_rule(rules.SECOND_FACTOR, "managers", by=world.administrator)
    assert (is_in(manager), is_in(clerk)) == (False, True)
    set_rule(rules.SECOND_FACTOR, "everybody", by=world.administrator)
    assert not is_in(clerk)


def test_who_becomes_an_administrator_is_asked_at_the_next_page(world):
    client = signed_in(world.nobody)
    assert is_in(client)
    place = world.administrator.positions.get().department
    world.nobody.positions.create(code=PositionCode.ADMINISTRATOR, department=place, starts_on="2026-01-01")
    assert client.get("/").url == ON


# An administrator's reset


def reset(client, person, reason="came in person"):
    return client.post(reverse("second_factor_reset", args=[person.pk]), {"reason": reason})


@pytest.fixture
def office(world):
    client = browser()
    client.force_login(world.administrator)
    return client


def test_a_reset_switches_off_ends_sessions_is_logged_and_told(world, office, careful):
    theirs = browser()
    theirs.force_login(careful)
    assert reset(office, careful).status_code == 302
    assert not SecondFactor.objects.filter(person=careful).exists()
    assert not RecoveryCode.objects.filter(person=careful).exists()
    assert "reset your two-step sign-in" in theirs.get("/", follow=True).content.decode()
    row = logged(AccessLog.Action.SECOND_FACTOR_RESET, person=world.administrator).get()
    assert (row.subject_type, row.subject_id, row.detail) == ("staff.person", careful.pk, {"reason": "came in person"})
    told = Notification.objects.get(person=careful)
    assert "came in person" in told.text
    event = SecondFactor.pgh_event_model.objects.latest("pgh_id")
    assert (event.pgh_context["reason"], event.pgh_context["person"]) == ("came in person", world.administrator.pk)
    assert sign_in(browser(), careful).url == "/"


def test_a_reset_needs_a_reason_and_repeated_it_changes_nothing(world, office, careful):
    assert reset(office, careful, reason=" ").status_code == 200
    assert SecondFactor.objects.filter(person=careful).exists()
    reset(office, careful)
    reset(office, careful)
    assert logged(AccessLog.Action.SECOND_FACTOR_RESET).count() == 1


def test_nobody_resets_the_own_and_only_administrators_reset(world, office, careful):
    answer = reset(office, world.administrator)
    assert "Another system administrator can" in answer.content.decode()
    assert SecondFactor.objects.filter(person=world.administrator).exists()
    assert reset(signed_in(world.manager), careful).status_code == 403
    assert SecondFactor.objects.filter(person=careful).exists()


def test_a_one_time_link_does_not_stand_for_the_second_step(world, office, careful):
    page = office.post(reverse("staff:person_new_link", args=[careful.pk]), follow=True)
    link = re.search(r'value="http://testserver(/welcome/[^"]+)"', page.content.decode())[1]
    theirs, password = browser(), "a new long word 7"
    answer = theirs.post(link, {"new_password1": password, "new_password2": password})
    assert answer.url == SECOND_STEP
    assert not is_in(theirs)
    assert second(theirs, code(careful)).status_code == 302
    assert logged(AccessLog.Action.SIGN_IN, person=careful).get().detail == {"way": "one-time link"}


def test_a_new_device_is_told_to_its_owner(world):
    Person.objects.filter(pk=world.clerk.pk).update(last_login=timezone.now())
    client = signed_in(world.clerk, "203.0.113.9")
    told = Notification.objects.get(person=world.clerk, kind="accounts.new_device")
    assert "203.0.113.9" in told.text
    client.post(reverse("sign_out"))
    sign_in(client, world.clerk)
    assert Notification.objects.filter(person=world.clerk).count() == 1


def test_the_server_can_reset_the_only_administrator(world, capsys):
    for _time in range(2):
        call_command("reset_second_factor", world.administrator.staff_number.lower())
    assert "has no two-step sign-in" in capsys.readouterr().out
    row = logged(AccessLog.Action.SECOND_FACTOR_RESET).get()
    assert (row.person, row.subject_id) == (None, world.administrator.pk)
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody-has-this")
