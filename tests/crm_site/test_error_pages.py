"""What went wrong, said in both languages, without a word from inside the program."""

import re

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from crm_site.errors import server_error

INSIDES = ("Traceback", "Exception", "File &quot;", "/site-packages/", "psycopg", "SELECT ", "DEBUG = True", "None")
EVIL = {"Host": "evil.example"}


def bad_request(client, world):
    return client.get("/", headers=EVIL)


def too_big(client, world):
    return client.post("/language/", {"language": "x" * (6 * 1024 * 1024)})


def too_many_fields(client, world):
    return client.post("/language/", {f"field{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)})


def forbidden(client, world):
    return client.get("/staff/people/")


def not_found(client, world):
    return client.get(reverse("customers:record", args=[world.theirs.pk]))


def no_such_page(client, world):
    return client.get("/no/such/page/")


def csrf(client, world):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    return strict.post("/language/", {"language": "en"})


def fault(client, world):
    return client.get("/")


CASES = [(bad_request, 400), (too_big, 400), (too_many_fields, 400), (forbidden, 403), (csrf, 403), (not_found, 404),
         (no_such_page, 404), (fault, 500)]  # fmt: skip


@pytest.fixture
def broken(monkeypatch):
    """The home page raises what a defect would raise."""

    def raises(*args):
        raise DatabaseError("SELECT secret FROM somewhere: psycopg says no")

    monkeypatch.setattr("crm_site.views.home._customer_figures", raises)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("happening", "status"), CASES, ids=[case[0].__name__ for case in CASES])
def test_each_error_page_speaks_the_readers_language_and_says_what_to_do(happening, status, language, world, broken):
    client = Client(raise_request_exception=False)
    client.force_login(world.accountant)
    client.cookies["language"] = language
    response = happening(client, world)
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    page = response.content.decode()
    assert f'<html lang="{language}"' in page
    heading = re.search(r"<h1>([^<]+)</h1>", page.split("went-wrong")[1])[1]
    assert bool(re.search("[\u4e00-\u9fff]", heading)) is (language == "zh-hans"), heading
    assert '<a class="btn btn-primary" href="' in page, "a way on"
    for inside in INSIDES:
        assert inside not in page


def test_a_fault_names_the_number_that_finds_it_in_the_log(world, sign_in, broken, caplog):
    client = sign_in(world.accountant)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.headers["X-Request-ID"] in response.text
    assert "psycopg says no" in caplog.text


def test_the_page_of_a_fault_does_not_ask_the_database(rf, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert server_error(rf.get("/")).status_code == 500


@pytest.mark.clause("SEC-01")
def test_a_refusal_says_in_which_positions_one_acts_and_which_ones_may(world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    text = client.get("/staff/people/").text
    assert "branch accountant" in text
    assert "system administrator" in text


def test_what_is_outside_the_scope_looks_like_what_does_not_exist(world, sign_in):
    client = sign_in(world.accountant)
    pages = [client.get(f"/customers/{pk}/").text for pk in (world.theirs.pk, 10**9, 10**30)]
    assert len({re.sub(r"\d+|csrf\S+|\"X-CSRFToken\": \"\w+\"|value=\"\w{64}\"", "", page) for page in pages}) == 1


def test_an_unknown_host_gets_no_cookie_and_no_redirect(world, client):
    for path in ("/", "/customers", "/sign-in/"):
        response = client.get(path, headers=EVIL)
        assert response.status_code == 400
        assert "evil" not in response.text
        assert "Location" not in response.headers


def test_a_forwarded_host_is_not_believed(world, client):
    response = client.get("/customers/", headers={"X-Forwarded-Host": "evil.example"})
    assert response.url.startswith("/sign-in/")
