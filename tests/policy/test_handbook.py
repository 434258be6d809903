"""The handbook and who has confirmed it. Source: SEC-08."""

import pytest
from django.urls import reverse
from django.utils import timezone

from policy import actions, handbook
from policy.models import Clause, HandbookConfirmation

pytestmark = pytest.mark.clause("SEC-08")

BOOK = reverse("policy:handbook")
CONFIRM = reverse("policy:handbook_confirm")
READERS = reverse("policy:handbook_readers")


@pytest.fixture
def desk(world, sign_in):
    def _desk(person, language="en"):
        client = sign_in(person)
        client.cookies["language"] = language
        return client

    return _desk


def confirm(person):
    actions.confirm_handbook(person, version=handbook.version(), by=person, at=timezone.now())


def test_every_clause_stands_in_the_handbook(desk, world):
    page = desk(world.accountant).get(BOOK).content.decode()
    assert all(f'id="{pk}"' in page for pk in Clause.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("words", "found", "missing"),
    [("rec-05", "REC-05", "AUD-05"), ("exhibition cards", "REC-11", "REC-05"), ("展会 名片", "REC-11", "REC-05")],
)
def test_words_find_clauses_in_either_language(desk, world, words, found, missing):
    page = desk(world.accountant).get(BOOK, {"q": words}).content.decode()
    assert f'id="{found}"' in page
    assert f'id="{missing}"' not in page


def test_words_that_stand_nowhere(desk, world):
    page = desk(world.accountant).get(BOOK, {"q": "<script>\x00" + "x" * 100})
    assert page.status_code == 200
    assert "No clause has these words" in page.content.decode()


def test_links_lead_only_where_the_reader_may_go(desk, world):
    assert f'href="{reverse("policy:rules")}"' in desk(world.administrator).get(BOOK).content.decode()
    assert f'href="{reverse("policy:rules")}"' not in desk(world.accountant).get(BOOK).content.decode()
    assert f'href="{reverse("customers:register")}"' in desk(world.accountant).get(BOOK).content.decode()


def test_what_this_floor_and_those_below_serve_is_declared(db):
    for clause in ("AUD-16", "SEC-02", "SEC-06", "SEC-08", "GEN-01", "GEN-02", "GEN-04"):
        assert handbook.places[clause], clause


def test_every_place_is_a_page_of_ours(db):
    known = set(Clause.objects.values_list("pk", flat=True))
    assert handbook.places.keys() <= known
    assert all(place.url.startswith("/") for places in handbook.places.values() for place in places)


def test_a_person_confirms_a_version_once(desk, world):
    client = desk(world.accountant)
    assert handbook.unconfirmed(world.accountant) == handbook.version()
    for _twice in range(2):
        answer = client.post(CONFIRM, {"version": handbook.version()}, follow=True).content.decode()
        assert "Noted" in answer
    assert HandbookConfirmation.objects.get().person == world.accountant
    assert handbook.unconfirmed(world.accountant) == ""
    assert handbook.unconfirmed(world.owner)


def test_another_text_is_another_version(desk, world):
    confirm(world.accountant)
    before = handbook.version()
    Clause.objects.filter(pk="REC-05").update(text_zh="当天 17:00 前录入。")
    assert handbook.version() != before
    assert handbook.unconfirmed(world.accountant)
    answer = desk(world.owner).post(CONFIRM, {"version": before}, follow=True).content.decode()
    assert "have changed in the meantime" in answer
    assert handbook.unconfirmed(world.owner)
    desk(world.owner).post(CONFIRM)
    assert handbook.unconfirmed(world.owner)


def names(answer):
    return {person.name for person in answer.context["rows"]}


def test_a_manager_sees_the_own_unit(desk, world):
    confirm(world.accountant)
    client = desk(world.manager)
    missing, read = client.get(READERS), client.get(READERS, {"state": "done"})
    assert names(read) == {world.accountant.name}
    assert world.stranger.name not in names(missing)
    assert {world.manager.name, world.owner.name, world.colleague.name} <= names(missing)
    assert world.disabled.name not in names(missing)
    assert [tab["count"] for tab in missing.context["tabs"]] == [len(names(missing)), 1]


def test_headquarters_see_everybody(desk, world):
    for code in ("service_head", "administrator"):
        found = names(desk(world.people[code]).get(READERS, {"state": "nonsense"}))
        assert {world.stranger.name, world.manager.name, world.administrator.name} <= found
        assert world.nobody.name not in found


def test_others_do_not_see_who_has_confirmed(desk, world):
    for person in (world.accountant, world.people["inspector"], world.nobody):
        assert desk(person).get(READERS).status_code == 403


def test_the_page_costs_the_same_for_one_and_for_many(desk, world, django_assert_max_num_queries):
    client = desk(world.accountant)
    client.get(BOOK)
    with django_assert_max_num_queries(14):
        client.get(BOOK)
    manager = desk(world.administrator)
    manager.get(READERS)
    with django_assert_max_num_queries(14):
        manager.get(READERS)
