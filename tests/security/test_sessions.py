"""Session keys that were planted, or are of before, open nothing. Source: SEC-01, SEC-02."""

import pytest
from django.conf import settings as configured
from django.urls import reverse

from crm_site import rules
from tests.crm_site import accounts
from tests.crm_site.test_sign_in import NEW_PASSWORD, link_for
from tests.world import PASSWORD


def planted_in(client, world):
    """A session of a visitor, whose key somebody else knows."""
    client.post(reverse("account_profile"), {"typed_by": world.clerk.pk})
    return accounts.cookie(client)


@pytest.mark.clause("SEC-01", "SEC-02")
def test_a_planted_session_key_opens_nothing_before_or_after_signing_in(world):
    client = accounts.browser()
    planted = planted_in(client, world)
    assert not accounts.is_in(accounts.thief(planted))
    accounts.sign_in(client, world.clerk)
    assert accounts.is_in(client)
    assert accounts.cookie(client) != planted
    assert not accounts.is_in(accounts.thief(planted))


@pytest.mark.clause("SEC-01", "SEC-02")
def test_a_planted_key_that_nobody_ever_had_is_not_taken_over(world):
    client = accounts.browser()
    client.cookies[configured.SESSION_COOKIE_NAME] = "a" * 32
    accounts.sign_in(client, world.clerk)
    assert accounts.cookie(client) != "a" * 32
    assert not accounts.is_in(accounts.thief("a" * 32))


@pytest.mark.clause("SEC-01", "SEC-02")
def test_each_step_of_signing_in_has_a_key_of_its_own(world):
    client, person = accounts.browser(), world.administrator
    keys = [planted_in(client, world)]
    accounts.sign_in(client, person)
    keys.append(accounts.cookie(client))
    assert not accounts.is_in(client), "the second step is still to come"
    answer = client.post(accounts.SECOND_STEP, {"code": accounts.code(person)})
    assert answer.status_code == 302
    keys.append(accounts.cookie(client))
    assert len(set(keys)) == 3
    assert accounts.is_in(client)
    for earlier in keys[:2]:
        assert not accounts.is_in(accounts.thief(earlier))


@pytest.mark.clause("SEC-01", "SEC-02")
def test_a_one_time_link_does_not_go_on_with_a_planted_key_either(world):
    client = accounts.browser()
    planted = planted_in(client, world)
    client.post(link_for(world.clerk), {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert accounts.is_in(client)
    assert accounts.cookie(client) != planted
    assert not accounts.is_in(accounts.thief(planted))


@pytest.mark.clause("SEC-01", "SEC-02")
def test_the_cookie_of_before_opens_nothing_after_signing_out_or_a_new_password(world):
    accounts.set_rule(rules.SESSIONS, 3, by=world.administrator)
    first, second = accounts.signed_in(world.clerk), accounts.signed_in(world.clerk, "203.0.113.9")
    old = [accounts.cookie(first), accounts.cookie(second)]
    new = {"new_password1": "quite another word", "new_password2": "quite another word"}
    assert first.post(reverse("account_password"), {"old_password": PASSWORD, **new}).status_code == 302
    assert accounts.is_in(first)
    assert accounts.cookie(first) not in old
    assert not accounts.is_in(second)
    for cookie in old:
        assert not accounts.is_in(accounts.thief(cookie))
    last = accounts.cookie(first)
    first.post(reverse("sign_out"))
    assert not accounts.is_in(first)
    assert not accounts.is_in(accounts.thief(last))
