"""Figures of pages at small size: they measure what they say, and no page asks more the more rows there are."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm_site import bench, populating
from crm_site.bench import book, measuring
from crm_site.bench import pages as figures
from crm_site.bench.measuring import FLOOR, Request, compare, queries, reader
from customers.models import Customer

ON = date(2026, 11, 25)
MANY = 600

pytestmark = pytest.mark.django_db


@pytest.fixture
def few():
    populating.populate(figures.FEW, on=ON)
    with measuring.pages():
        yield


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(measuring, "ROUNDS", 2)
    monkeypatch.setattr(measuring, "WARM", 1)


@pytest.mark.clause("GEN-03")
def test_no_page_takes_more_than_fifteen_queries_nor_more_for_many_rows_than_for_three(few):
    at_three = figures.queries_of_pages()
    populating.populate(MANY, on=ON)
    at_many = figures.queries_of_pages()
    assert max(at_many.values()) <= figures.QUERIES, at_many
    # Three made-up names are found by nothing; what is found is read in queries of its own, one or a thousand.
    del at_many["duplicate check"]
    at_three["search while typing"] += 1
    assert {name: number for name, number in at_many.items() if number > at_three[name]} == {}, at_three


def test_the_floor_is_the_layout_with_nothing_in_it_and_four_queries(few):
    for code in figures.READERS:
        client = reader(code)
        page = Request(FLOOR).send(client)
        assert '<nav class="rail-nav"' in page.text
        assert "<h1></h1>" in page.text
        assert queries(client, Request(FLOOR)) <= 4


def test_every_figure_of_pages_can_be_measured(few, quick, monkeypatch):
    populating.populate(MANY, on=ON)

    class Here:
        def __init__(self, _customers, say):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return False

    monkeypatch.setattr(figures, "book", Here)
    monkeypatch.setattr(figures, "pages", lambda: Here(0, None))
    for name in ("floor", "list", "list-filtered", "list-later", "search", "search-live", "record",
                 "duplicate-check", "register", "queries"):  # fmt: skip
        said = []
        found = bench.all_figures()[name].taken(say=said.append, customers=MANY)
        assert found.value > 0, name
        assert found.floor > 0, name
        assert said, name
    assert Customer.objects.count() == MANY, "what was registered is taken out again"


def test_a_page_that_fails_is_no_figure(few, quick):
    with pytest.raises(RuntimeError, match="answered 404, not 200"):
        compare(reader(figures.WHOLE_COMPANY), Request("/customers/999999999/"))


def test_the_worst_case_is_judged():
    said = []
    cases = {"quick": measuring.Compared(1, 1, 1, 1), "slow": measuring.Compared(3, 1, 4, 1)}
    found = measuring.worst(cases, said.append)
    assert (found.value, found.floor) == (3, 1)
    assert found.note.startswith("slow, p95")
    assert len(said) == 2


def test_the_disk_is_asked_first(monkeypatch, tmp_path):
    monkeypatch.setattr(book.shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": 10**9}))
    book.assert_room(1_000)
    with pytest.raises(CommandError, match=r"A book of 1,000,000 customers needs 1.* GB .* --customers N"):
        book.assert_room(1_000_000)


def test_the_size_of_the_book_is_asked_for(monkeypatch):
    taken = []

    def measure(say, customers):
        taken.append(customers)
        return bench.Measured(1, 1)

    made = {
        "sized": bench.Figure("sized", "s", 1, measure, "", True),
        "fixed": bench.Figure("fixed", "s", 1, lambda say: bench.Measured(1, 1), ""),
    }
    monkeypatch.setattr("crm_site.management.commands.bench.all_figures", lambda: made)
    out = StringIO()
    call_command("bench", "--customers", "20000", "--json", stdout=out, stderr=StringIO())
    assert taken == [20_000]
    assert [json.loads(line)["name"] for line in out.getvalue().splitlines()] == ["sized", "fixed"]


def test_a_book_is_made_anew_when_its_words_change(monkeypatch, tmp_path):
    before = book.key()
    assert book.key() == before
    (tmp_path / "words.py").write_text("other")
    monkeypatch.setattr(book, "WORDS", tmp_path)
    assert book.key() != before
