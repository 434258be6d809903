"""The access matrix: every URL for every position, the stranger, the signed-out and the disabled."""

import logging
import re
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.utils import translation
from django.utils.html import escape

from crm_site import reference
from staff.verbs import PositionCode, Verb
from tests.access_matrix import EVERYBODY, MARKERS, MATRIX, POSITIONS, SEES, SIGNED_IN
from tests.world import load_world

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def patterns(resolver=None, namespaces=()):
    """(name with namespace, view) of every URL pattern, however deeply included."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*namespaces, entry.name or f"unnamed {entry.pattern}"]), entry.callback
        else:
            yield from patterns(entry, [*namespaces, entry.namespace] if entry.namespace else namespaces)


VIEWS = dict(patterns())


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Hundreds of refusals are asked for; their tracebacks would hide what failed."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """The world with the two further markers, and a client for each person; one for all tests of this file."""
    with django_db_blocker.unblock(), undone():
        reference.load()  # a test with committed data may have run before
        world = load_world()
        world.online = world.customer(
            "云端电商有限公司", branch=world.online, by=world.people["relations_specialist"], phone="13910020004"
        )
        world.held = world.customer("天枢传媒有限公司", owner=world.people["account_manager"], phone="13910020005")
        everybody = {**world.people, **{name: getattr(world, name) for name in ("stranger", "nobody", "disabled")}}
        world.clients = {"signed_out": Client()}
        for name, person in everybody.items():
            world.clients[name] = Client()
            world.clients[name].force_login(person)
        yield world


@contextmanager
def undone():
    """What is written inside is not there afterwards, so that each cell starts from the same company."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client, name, case, world, *, htmx):
    """(path, answer). Nothing that the request writes stays."""
    path = reverse(name, args=case.args(world))
    assert resolve(path).view_name == name
    headers = {"HX-Request": "true"} if htmx else {}
    method = client.get if case.method == "GET" else client.post
    cookies = client.cookies.copy()
    with undone():
        answer = method(path, case.data(world), headers=headers)
    client.cookies = cookies  # without the message, language or signing out of this case
    return path, answer


def expected_status(case, who):
    if case.public:
        return (case.signed_in_status or case.status) if who in SIGNED_IN else case.status
    if who in case.who:
        return case.instead.get(who, case.status)
    return 404 if who in case.absent else 403


def faults(name, case, who, world):
    """What is wrong with one cell of the matrix, in words; nothing when it is as declared."""
    outside = who in ("signed_out", "disabled")
    if outside and not case.public:
        yield from faults_outside(name, case, who, world)
        return
    path, answer = ask(world.clients[who], name, case, world, htmx=case.htmx)
    wanted = expected_status(case, who)
    if answer.status_code != wanted:
        yield f"{who} {case.method} {path}: {answer.status_code}, not {wanted}"
    body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    if answer.status_code == 403:
        yield from faults_of_refusal(case, who, path, body, answer.headers["Content-Language"])
    if case.says and answer.status_code == 200 and case.says not in body:
        yield f"{who} {case.method} {path}: does not say {case.says}"
    for marker in MARKERS:
        yield from faults_of_marker(case, who, path, body, marker, getattr(world, marker), answer.status_code)


def faults_of_marker(case, who, path, body, marker, row, status):
    sees = who in SEES[marker]
    wanted = status == 200 and ((marker in case.shows and sees) or marker in case.named)
    if (row.name in body) != wanted:
        yield f"{who} {case.method} {path}: {marker} is {'missing' if wanted else 'shown'}"
    if not sees:
        address = reverse("customers:record", args=[row.pk])
        if address in body and address not in path:
            yield f"{who} {case.method} {path}: has the address of {marker}"
        digits = row.ways.get().value[-11:]
        if digits in re.sub(r"[\s-]", "", body) or f"{digits[:3]}****{digits[-4:]}" in body:
            yield f"{who} {case.method} {path}: has the phone of {marker}"


def faults_of_refusal(case, who, path, body, language):
    """A refusal names the positions that may."""
    with translation.override(language):
        for code in (case.who | case.absent) & POSITIONS:
            if escape(str(PositionCode(code).label)) not in body:
                yield f"{who} {case.method} {path}: the refusal does not name {code}"


def faults_outside(name, case, who, world):
    path, answer = ask(world.clients[who], name, case, world, htmx=False)
    target = urlsplit(answer.headers.get("Location", ""))
    back = f"{path}?{answer.wsgi_request.META['QUERY_STRING']}".rstrip("?") if case.method == "GET" else "/"
    if (answer.status_code, target.path) != (302, reverse("sign_in")) or parse_qs(target.query) != {"next": [back]}:
        yield f"{who} {case.method} {path}: {answer.status_code} {answer.headers.get('Location')}"
    path, answer = ask(world.clients[who], name, case, world, htmx=True)
    if not (answer.status_code in (200, 204) and answer.headers.get("HX-Redirect", "").startswith(reverse("sign_in"))):
        yield f"{who} {case.method} {path} as fragment: {answer.status_code} {dict(answer.headers)}"
    if answer.content.strip():
        yield f"{who} {case.method} {path} as fragment: has content"


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_everybody_gets_at_this_url_what_the_matrix_says(name, company):
    found = [fault for who in EVERYBODY for case in MATRIX[name] for fault in faults(name, case, who, company)]
    assert not found, "\n".join(found)


def test_every_url_is_declared_and_every_declared_url_exists():
    assert sorted(VIEWS) == sorted(MATRIX)


def test_every_url_is_visited_with_success_by_somebody():
    """A declaration without a case, or one in which nobody gets through, proves nothing."""
    for name, cases in MATRIX.items():
        assert any(case.public or (case.who and case.status in (200, 204, 302)) for case in cases), name


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_states_its_access(name):
    access = getattr(VIEWS[name], "access", None)
    if isinstance(access, tuple):
        assert access, name
        assert all(isinstance(verb, Verb) for verb in access), name
    else:
        assert access in ("public", "signed in"), f"{name} has no decorator of staff.access"
    assert (access == "public") == all(case.public for case in MATRIX[name])


def test_other_methods_than_the_declared_ones_are_refused(company):
    client = company.clients["administrator"]
    for name, cases in MATRIX.items():
        for method in sorted(METHODS - {case.method for case in cases}):
            path = reverse(name, args=cases[0].args(company))
            with undone():
                assert client.generic(method, path).status_code == 405, f"{method} {path}"


def business_models():
    """Models of our apps, history included."""
    return [m for m in apps.get_models() if m._meta.app_label in ("staff", "journal", "policy", "customers")]


def fingerprint():
    return {model._meta.label: model._base_manager.count() for model in business_models()}


def writes(queries):
    """Statements that change rows of anything but sessions."""
    sessions = r"(?!.*\b(django_session|staff_signedinsession)\b)"
    who = r"(SELECT set_config\('pghistory\..*?, true\); )?"  # stands in front of what changes something in a request
    changing = re.compile(rf"\s*{who}(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b{sessions}", re.I | re.S)
    return [query["sql"] for query in queries if changing.match(query["sql"])]


@pytest.mark.parametrize("who", ["accountant", "administrator"])
def test_reading_never_writes(who, company):
    for cases in MATRIX.values():
        for case in cases:
            case.args(company)  # rows that the cases are about are made before anything is counted
    before = fingerprint()
    for name, cases in MATRIX.items():
        for case in [case for case in cases if case.method == "GET"]:
            path = reverse(name, args=case.args(company))
            with CaptureQueriesContext(connection) as queries:
                company.clients[who].get(path, case.data(company))
            assert not writes(queries.captured_queries), path
    assert fingerprint() == before
