"""My password, my e-mail and phone, and what a password has to be. Source: SEC-02; reliability.md 2 (ASVS 6.2)."""

import re

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from journal.models import AccessLog, Notification
from staff.models import Person
from tests.crm_site.accounts import browser, cookie, is_in, logged, sign_in, signed_in, thief
from tests.world import PASSWORD

pytestmark = pytest.mark.clause("SEC-02")
CHANGE, PROFILE, ACCOUNT = reverse("account_password"), reverse("account_profile"), reverse("account")
NEW = "quite another word"


def change(client, new=NEW, old=PASSWORD, again=None):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": again or new})


def test_changing_the_password_keeps_this_browser_and_ends_the_copied_cookie(world):
    client = signed_in(world.clerk)
    before = cookie(client)
    assert change(client).url == ACCOUNT
    assert is_in(client)
    assert not is_in(thief(before))
    assert authenticate(username=world.clerk.staff_number, password=NEW) == world.clerk
    assert logged(AccessLog.Action.PASSWORD_CHANGED, person=world.clerk).count() == 1
    assert Notification.objects.filter(person=world.clerk, kind="accounts.password_changed").count() == 1


@pytest.mark.parametrize(("sent", "sentence"), [
    ({"old": "wrong"}, "This is not your present password."),
    ({"again": "something else"}, "The two entries differ."),
    ({"new": "short"}, "3 characters too short: at least 8."),
])  # fmt: skip
def test_a_change_that_is_refused_says_why_and_changes_nothing(world, sent, sentence):
    client = signed_in(world.clerk)
    answer = change(client, **sent)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert authenticate(username=world.clerk.staff_number, password=PASSWORD) == world.clerk


def test_no_password_comes_back_in_the_page(world):
    answer = change(signed_in(world.clerk), old="a wrong old one", new="a new one that differs", again="x")
    for typed in ("a wrong old one", "a new one that differs"):
        assert typed not in answer.content.decode()


@pytest.mark.parametrize("password", [
    "eight888",  # composition is not asked for
    "cccbbbaaacc",
    "a b c d e f",
    " leading and trailing ",
    "x" * 64,
    "长江之水天上来吧",
    "keke is what we all use here",
    "9f" * 500,
])  # fmt: skip
def test_good_passwords(world, password):
    validate_password(password, world.clerk)


@pytest.mark.parametrize(("password", "code"), [
    ("7 chars", "too_short"),
    ("password1", "too_common"),
    ("QWERTYUIOP", "too_common"),
    ("keke2026!!", "company_word"),
    ("恪客20261125", "company_word"),
    ("试验公司2026", "company_word"),
    ("shiyangongsi1", "company_word"),
    ("E001E001", "company_word"),
    ("zhangwei1990", "company_word"),
    ("ZhangWei@1990", "company_word"),
])  # fmt: skip
def test_bad_passwords(world, password, code):
    person = Person(staff_number="E001", name="张伟")
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, person)
    assert code in {error.code for error in refusal.value.error_list}


def test_spaces_count_at_sign_in_too(world):
    client = signed_in(world.clerk)
    change(client, new="  two spaces  ")
    assert sign_in(browser(), world.clerk, "two spaces").status_code == 200
    assert sign_in(browser(), world.clerk, "  two spaces  ").status_code == 302


def test_password_managers_and_pasting_work(world):
    page = signed_in(world.clerk).get(CHANGE).content.decode()
    for wanted in ("username", "current-password", "new-password"):
        assert f'autocomplete="{wanted}"' in page
    assert "maxlength" not in page.partition('name="new_password1"')[2].partition(">")[0]
    assert not re.search(r"on(paste|copy)=", page)


def test_a_person_changes_e_mail_and_phone_but_not_who_they_are(world):
    client = signed_in(world.clerk)
    typed = {"email": "clerk@example.com", "phone": "13800138000", "name": "Somebody", "staff_number": "X1"}
    assert client.post(PROFILE, typed).url == ACCOUNT
    person = Person.objects.get(pk=world.clerk.pk)
    assert (person.email, person.phone) == ("clerk@example.com", "13800138000")
    assert (person.name, person.staff_number) == (world.clerk.name, world.clerk.staff_number)


def test_an_e_mail_that_is_none_is_refused(world):
    assert signed_in(world.clerk).post(PROFILE, {"email": "clerk@", "phone": ""}).status_code == 200
    assert Person.objects.get(pk=world.clerk.pk).email == ""


def test_the_account_page_leads_to_everything(world):
    page = signed_in(world.clerk).get(ACCOUNT).content.decode()
    names = ["account_profile", "account_password", "account_two_step_on", "account_sessions", "staff:absence_new"]
    for name in [*names, "journal:push_settings"]:
        assert f'href="{reverse(name)}"' in page


def test_the_person_menu_leads_to_the_account(world):
    assert f'href="{ACCOUNT}"' in signed_in(world.clerk).get("/").content.decode()
