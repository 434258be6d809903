"""Names that may be alike are found by their pieces, within one unit, whatever words are common there."""

from collections import Counter

import pytest
from django.db import connection

from customers.duplicates import Draft, find, likeness
from customers.duplicates.likeness import names_like
from customers.values.names import core

pytestmark = pytest.mark.clause("REC-18")


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch):
    """What this module counts is no other's."""
    monkeypatch.setattr(likeness, "_kept", [0, Counter()])


def like(world, name, sound=""):
    """Ids, by pieces that are counted now."""
    likeness._kept[0] = 0
    with connection.cursor() as cursor:
        found = [cursor.execute(*way).fetchall() for way in names_like(core(name), sound, world.east.pk)]
    return {pk for rows in found for (pk,) in rows}


@pytest.mark.parametrize("common", [1, 3, 10**9])
@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("远山数码图文快印有限公司", "远山数码图文快印股份有限公司"),
        ("远山图文有限公司", "北京远山图文有限公司"),
        ("北京远山图文有限公司", "远山图文有限公司"),
        ("远山", "远山图文快印有限公司"),
        ("ABC Printing Ltd", "ABC Printing Co., Ltd"),
        ("啊啊啊啊啊啊有限公司", "啊啊啊啊啊有限公司"),
    ],
)
def test_a_name_that_contains_the_other_is_found_however_common_its_pieces(stored, typed, common, world, monkeypatch):
    monkeypatch.setattr(likeness, "COMMON", common)
    customer = world.customer(stored)
    assert customer.pk in like(world, typed)


@pytest.mark.parametrize(
    "typed", ["远山数马图文快印", "远山数码图文快卬", "迒山数码图文快印", "远山数码图文快印社", "远山数码文快印"]
)
def test_one_character_that_differs_hides_nothing(typed, world):
    customer = world.customer("远山数码图文快印有限公司")
    assert customer.pk in like(world, typed)
    [match] = find(Draft(name=typed, branch_id=world.east.pk), person=world.accountant)
    assert match.customer == customer
    assert "similar_name" in match.reasons


def test_words_that_many_names_have_are_no_likeness(world, monkeypatch):
    for first in "甲乙丙丁戊己":
        world.customer(f"{first}{first}图文快印有限公司")
    monkeypatch.setattr(likeness, "COMMON", 5)
    customer = world.customer("远山图文快印有限公司")
    assert like(world, "远山图文快卬") == {customer.pk}
    assert like(world, "高峰图文快印") == set()


def test_what_sounds_the_same_is_found(world):
    customer = world.customer("远山数码有限公司")
    assert customer.pk in like(world, "远珊树马", sound="yuanshanshuma")
    assert customer.pk not in like(world, "远珊树马")


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("common", [1, 10**9])
def test_another_unit_s_names_are_not_looked_through(common, world, monkeypatch):
    monkeypatch.setattr(likeness, "COMMON", common)
    world.customer("远山数码图文快印有限公司", branch=world.west)
    assert like(world, "远山数码图文快印社", sound="yuanshanshumatuwenkuaiyin") == set()


@pytest.mark.parametrize("name", ["啊啊啊啊啊", "aaaaaa", "", "远"])
def test_a_name_of_one_piece_or_none_is_like_no_other(name, world):
    assert like(world, name) == set()


def test_pieces_are_counted_once_an_hour(world, django_assert_num_queries):
    likeness._kept[0] = 0
    with django_assert_num_queries(1):
        assert likeness._how_often()["公司"] == 0, "cores bear no legal form"
    world.customer("远山数码图文快印有限公司")
    with django_assert_num_queries(0):
        assert likeness._how_often()["远山"] == 0
    likeness._kept[0] = 0
    assert likeness._how_often()["远山"] == 1
