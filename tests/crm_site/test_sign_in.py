"""Signing in and out, sessions, and the one-time link of the first administrator."""

import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from crm_site.management.commands.first_administrator import first_administrator, one_time_link
from journal.models import AccessLog
from staff.models import Company, Person
from tests.world import PASSWORD

SIGN_IN = "/sign-in/"
NEW_PASSWORD = "eleven green bottles"


def attempt(client, number, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": number, "password": password, **more})


def signed_in(client):
    return client.get("/").status_code == 200


def link_for(person):
    token = default_token_generator.make_token(person)
    return reverse("welcome", args=[urlsafe_base64_encode(force_bytes(person.pk)), token])


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("number", ["E002", "e002", " E002 "])
def test_number_and_password_open_the_home_page_in_any_case(number, world, client):
    response = attempt(client, number)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/").wsgi_request.user == world.accountant


def test_wrong_password_unknown_number_and_disabled_account_get_the_same_answer(world, client):
    answers = [attempt(client, "E002", "wrong"), attempt(client, "E999"), attempt(client, "E102")]
    sentences = [response.context["form"].non_field_errors() for response in answers]
    assert [response.status_code for response in answers] == [200, 200, 200]
    assert sentences[0] == sentences[1] == sentences[2]
    assert sentences[0]
    assert not signed_in(client)


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize("text", ["", "\x00", "E002\x00", "%_' OR 1=1 --", "<script>alert(1)</script>", "x" * 100_000])
def test_no_text_breaks_the_sign_in_page(field, text, world, client):
    response = client.post(SIGN_IN, {"username": "E002", "password": PASSWORD} | {field: text})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert not signed_in(client)


@pytest.mark.parametrize("wanted", ["/customers/", "/customers/?sort=name&owner=none"])
def test_the_visitor_returns_to_the_page_asked_for(wanted, world, client):
    shown = client.get(client.get(wanted).url)
    assert shown.context["next"] == wanted
    assert attempt(client, "E002", next=wanted).url == wanted


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "\\\\evil.example", "/\\evil.example", "javascript:alert(1)",
     "http:///evil.example", "https://testserver@evil.example/", "\thttps://evil.example", "///evil.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_host(elsewhere, world, client):
    assert client.get(SIGN_IN, {"next": elsewhere}).context["next"] == ""
    assert attempt(client, "E002", next=elsewhere).url == "/"
    assert client.get(SIGN_IN, {"next": elsewhere}).url == "/", "signed in already"


@pytest.mark.parametrize("wanted", ["nowhere", "home", "customers", "?x=1", "#top"])
def test_a_next_that_is_no_address_is_no_error(wanted, world, client):
    assert attempt(client, "E002", next=wanted).status_code == 302
    assert client.get(SIGN_IN, {"next": wanted}).status_code == 302


def test_signing_in_changes_the_session_so_that_nobody_can_plant_one(world, client):
    client.get("/customers/new/")
    client.post("/customers/new/", {"typed_by": world.accountant.pk, "name": "海天"})  # leaves an anonymous session
    planted = client.cookies["session"].value
    attempt(client, "E002")
    assert client.cookies["session"].value != planted
    thief = Client()
    thief.cookies["session"] = planted
    assert not signed_in(thief)


def test_an_invented_session_id_is_not_adopted(world, client):
    client.cookies["session"] = "a" * 32
    attempt(client, "E002")
    assert client.cookies["session"].value != "a" * 32


def test_the_old_cookie_is_worthless_after_signing_out(world, client):
    attempt(client, "E002")
    stolen = client.cookies["session"].value
    response = client.post("/sign-out/")
    assert (response.status_code, response.url) == (302, SIGN_IN)
    thief = Client()
    thief.cookies["session"] = stolen
    assert not signed_in(thief)


def test_signing_out_by_a_link_is_refused(world, client):
    attempt(client, "E002")
    assert client.get("/sign-out/").status_code == 405
    assert signed_in(client)


def test_a_disabled_account_loses_all_sessions_at_once(world):
    browsers = Client(), Client()
    for browser in browsers:
        attempt(browser, "E002")
        assert signed_in(browser)
    Person.objects.filter(pk=world.accountant.pk).update(disabled_at=timezone.now())
    for browser in browsers:
        assert browser.get("/customers/").url.startswith(SIGN_IN)


def test_a_new_password_ends_the_sessions_of_the_old_one(world, client):
    attempt(client, "E002")
    world.accountant.set_password(NEW_PASSWORD)
    world.accountant.save()
    assert not signed_in(client)


@pytest.mark.clause("SEC-06")
def test_who_signs_in_is_refused_and_signs_out_is_logged(world, client):
    attempt(client, "e002", "wrong")
    response = attempt(client, "E002")
    client.post("/sign-out/")
    refused, came, left = AccessLog.objects.order_by("pk")
    assert (refused.action, refused.person, refused.detail) == ("sign_in_refused", None, {"staff_number": "e002"})
    assert (came.action, came.person, came.request_id) == ("sign_in", world.accountant, response["X-Request-ID"])
    assert (left.action, left.person) == ("sign_out", world.accountant)
    assert {row.address for row in (refused, came, left)} == {"127.0.0.1"}
    assert "wrong" not in str(AccessLog.objects.values_list("detail"))


@pytest.mark.clause("SEC-02")
def test_a_one_time_link_works_once_and_signs_in(world, client):
    link = link_for(world.nobody)
    assert client.get(link).status_code == 200
    response = client.post(link, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert (response.status_code, response.url) == (302, "/")
    assert signed_in(client)
    assert client.get(link).status_code == Client().post(link).status_code == 410
    assert AccessLog.objects.get().detail == {"way": "one-time link"}
    assert attempt(Client(), "N001", NEW_PASSWORD).status_code == 302


def test_a_link_of_three_days_ago_no_longer_works(world, client, settings):
    link = link_for(world.nobody)
    settings.PASSWORD_RESET_TIMEOUT = -1
    response = client.get(link)
    assert response.status_code == 410
    assert SIGN_IN in response.text


@pytest.mark.parametrize(
    ("uid", "token"),
    [("{uid}", "d3vq3q-0123456789abcdef0123456789abcdef"), ("{other}", "{token}"), ("AA", "{token}"),
     ("MTAwMDAwMDAwMDAwMDAwMDAwMDAwMA", "x"), ("gICA", "{token}"), ("%00", "{token}"), ("!", "{token}"),
     ("客", "{token}")],
)  # fmt: skip
def test_a_forged_link_opens_nothing(uid, token, world, client):
    own, other = (urlsafe_base64_encode(force_bytes(person.pk)) for person in (world.nobody, world.administrator))
    good = default_token_generator.make_token(world.nobody)
    path = f"/welcome/{uid.format(uid=own, other=other)}/{token.format(token=good)}/"
    for response in (client.get(path), client.post(path, {"new_password1": NEW_PASSWORD})):
        assert response.status_code == 410
    assert not signed_in(client)


def test_a_disabled_account_is_not_opened_by_its_link(world, client):
    assert client.get(link_for(world.disabled)).status_code == 410


@pytest.mark.parametrize("password", ["short1", "12345678", "password"])
def test_a_weak_password_is_refused_in_words(password, world, client):
    response = client.post(link_for(world.accountant), {"new_password1": password, "new_password2": password})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert attempt(client, "E002", password).status_code == 200


@pytest.mark.clause("SEC-02")
def test_the_first_administrator_names_company_and_person(db, client):
    person = first_administrator(on=timezone.localdate())
    link = one_time_link(person)
    page = client.get(link).text
    assert re.search(r'name="company_name"', page)
    assert client.post(link, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}).status_code == 200
    assert not Company.objects.exists()
    client.post(
        link, {"company_name": "海天印务", "name": "王工", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    )
    assert Company.objects.get().name == "海天印务"
    assert Person.objects.get().name == "王工"
    assert client.get("/staff/people/").url == reverse("account_two_step_on"), "signed in, and this comes first"
    assert first_administrator(on=timezone.localdate()) is None


def test_later_links_do_not_ask_for_the_company(world, client):
    assert "company_name" not in client.get(link_for(world.nobody)).text
