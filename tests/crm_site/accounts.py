"""What the tests of accounts share: browsers, signing in as people do it, the codes of an authenticator app."""

import pyotp
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import AccessLog
from policy.models import RuleValue
from staff import second_factor
from tests.world import PASSWORD

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
SIGN_IN = reverse("sign_in")
SECOND_STEP = reverse("second_step")


def browser(address="198.51.100.7", **headers):
    """A fresh browser that reads English."""
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=CHROME, **headers)
    client.cookies["language"] = "en"
    return client


def sign_in(client, person, password=PASSWORD, **more):
    number = getattr(person, "staff_number", person)
    return client.post(SIGN_IN, {"username": number, "password": password, **more})


def signed_in(person, address="198.51.100.7"):
    client = browser(address)
    assert sign_in(client, person).status_code == 302
    return client


def is_in(client):
    return client.get("/").status_code == 200


def cookie(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def thief(stolen):
    """Another browser with a copied session cookie."""
    client = browser("203.0.113.66")
    client.cookies[settings.SESSION_COOKIE_NAME] = stolen
    return client


def code(person, at=None):
    """What the person's app shows at an instant."""
    return pyotp.TOTP(second_factor.secret(person.second_factor.seed)).at(at or timezone.now())


def logged(action, **more):
    return AccessLog.objects.filter(action=action, **more)


def set_rule(rule, value, *, by):
    today = timezone.localdate()
    RuleValue.objects.create(
        rule=rule.key, value=value, starts_on=today, reason="test", set_by=by, set_at=timezone.now()
    )  # fmt: skip
