"""Security headers on every kind of answer, cookies under HTTPS, and the two addresses for monitors."""

import runpy
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.world import PASSWORD

EMPTY = ("health", "readiness", "missing slash")  # answered before anything of a person is known
HTMX = {"HX-Request": "true"}


def answers(world):
    """(kind, answer) of every kind that a browser may get."""
    client, outside = Client(raise_request_exception=False), Client(enforce_csrf_checks=True)
    client.force_login(world.accountant)
    theirs = reverse("customers:record", args=[world.theirs.pk])
    ours = reverse("customers:record", args=[world.ours.pk])
    yield "page", client.get("/")
    yield "record", client.get(ours)
    yield "fragment", client.get(reverse("policy:clause", args=["SEC-01"]), headers=HTMX)
    yield "redirect", client.get(reverse("customers:block", args=[world.ours.pk, "identity"]))
    yield "sign-in page", outside.get("/sign-in/")
    yield "signed out", outside.get(ours)
    yield "signed out in a fragment", outside.get(ours, headers=HTMX)
    yield "used link", outside.get("/welcome/MQ/x/")
    yield "forbidden", client.get("/staff/people/")
    yield "outside the scope", client.get(theirs)
    yield "no such page", client.get("/no/such/page")
    yield "wrong method", client.get("/sign-out/")
    yield "no csrf token", outside.post("/theme/", {"theme": "dark"})
    yield "missing slash", client.get("/customers")
    yield "health", outside.get("/healthz")
    yield "readiness", outside.get("/readyz")


def policy_of(answer):
    directives = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {words[0]: words[1:] for words in directives if words}


@pytest.mark.clause("SEC-04")
def test_every_kind_of_answer_has_the_security_headers(world):
    for kind, answer in answers(world):
        policy = policy_of(answer)
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"], kind
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"], kind
        assert {source for sources in policy.values() for source in sources} <= {"'none'", "'self'", "data:"}, kind
        assert answer.headers["X-Frame-Options"] == "DENY", kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind


def test_nothing_with_company_data_stays_in_a_cache(world):
    for kind, answer in answers(world):
        if kind not in EMPTY:
            assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", ")), kind


def test_every_answer_has_a_request_id_of_its_own(world):
    ids = [answer.headers["X-Request-ID"] for kind, answer in answers(world) if kind not in EMPTY]
    assert len(set(ids)) == len(ids)


def test_no_page_has_inline_script_style_or_foreign_address(world):
    for kind, answer in answers(world):
        text = answer.content.decode()
        for forbidden in ("<style", " style=", " onclick=", " onload=", "javascript:", "hx-on", 'src="http', "//cdn"):
            assert forbidden not in text, kind
        assert text.count("<script") == text.count('<script src="/static/'), kind


@pytest.fixture
def https_settings(monkeypatch):
    """The settings as they are where HTTPS is switched on."""
    monkeypatch.setenv("HTTPS", "1")
    return runpy.run_path(str(settings.BASE_DIR / "crm_site" / "settings.py"))


def test_under_https_cookies_are_bound_to_host_and_certificate(https_settings):
    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert https_settings[f"{cookie}_NAME"].startswith("__Host-")
        assert https_settings[f"{cookie}_SECURE"]
        assert https_settings[f"{cookie}_HTTPONLY"]
        assert https_settings.get(f"{cookie}_PATH", "/") == "/"
        assert not https_settings.get(f"{cookie}_DOMAIN")
    assert https_settings["SECURE_SSL_REDIRECT"]
    assert https_settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert https_settings["SECURE_PROXY_SSL_HEADER"] is None, "only behind a proxy that is known to set it"


NAMES = ("HTTPS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
         "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_REDIRECT_EXEMPT")  # fmt: skip


@pytest.fixture
def https(settings, https_settings):
    for name in NAMES:
        if name in https_settings:
            setattr(settings, name, https_settings[name])
    return Client()


def test_under_https_every_cookie_is_secure(https, world):
    https.get("/sign-in/", secure=True)
    https.post("/language/", {"language": "en"}, secure=True)
    https.post("/theme/", {"theme": "dark"}, secure=True)
    https.post("/sign-in/", {"username": "E002", "password": PASSWORD}, secure=True)
    assert https.cookies.pop("session_ended").value == "", "nothing to tell: taken away"
    assert set(https.cookies) == {"__Host-session", "__Host-csrf", "__Host-device", "language", "theme"}
    for name, cookie in https.cookies.items():
        assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/"), name
        assert cookie["samesite"] == "Lax", name
        assert not cookie["domain"], name


def test_under_https_plain_requests_are_sent_there_and_told_to_stay(https, db):
    response = https.get("/sign-in/")
    assert (response.status_code, response.url) == (301, "https://testserver/sign-in/")
    assert "max-age=31536000" in https.get("/sign-in/", secure=True).headers["Strict-Transport-Security"]


def test_the_session_cookie_is_out_of_reach_of_scripts_without_https_too(world, client):
    response = client.post("/sign-in/", {"username": "E002", "password": PASSWORD})
    cookie = SimpleCookie(response.cookies.output(header=""))["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert 12 * 3600 - int(cookie["max-age"]) in (0, 1), "counted from a moment ago"


def test_health_needs_neither_database_nor_session_nor_host(client):
    """No database fixture: a query would fail this test."""
    response = client.get("/healthz", headers={"Host": "10.0.0.7:8000", "Cookie": "session=nonsense"})
    assert (response.status_code, response.text) == (200, "ok\n")
    assert not response.cookies


def test_under_https_monitors_still_ask_in_plain(https):
    assert https.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_readiness_says_what_is_missing(db, client):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "worker" in response.text
    assert "Traceback" not in response.text
