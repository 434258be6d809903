"""`manage.py bench`: what it prints, what it judges, and the faults that the outbox has to live through."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm_site import bench
from crm_site.bench import Figure, Measured, outbox


@pytest.fixture
def figures(monkeypatch):
    """Two figures that keep their limit and one that does not."""
    values = {"quick": (0.3, 0.2, 2), "exact": (0, 10_000, 0), "slow": (0.9, 0.2, 2)}
    made = {
        name: Figure(name, "s", limit, lambda say, v=value, f=floor: Measured(v, f, "seen"), f"Title of {name}")
        for name, (value, floor, limit) in values.items()
    }
    monkeypatch.setattr("crm_site.management.commands.bench.all_figures", lambda: made)
    return made


def run(*arguments):
    out, notes = StringIO(), StringIO()
    call_command("bench", *arguments, stdout=out, stderr=notes)
    return out.getvalue().splitlines()


def test_a_line_per_figure(figures):
    assert run("quick", "exact") == [
        "quick  value 0.3 s  floor 0.2  ratio 1.50  limit 2  ok  seen",
        "exact  value 0 s  floor 10000  ratio 0.00  limit 0  ok  seen",
    ]


def test_an_object_per_figure(figures):
    [line] = run("quick", "--json")
    assert json.loads(line) == {
        "name": "quick", "value": 0.3, "floor": 0.2, "unit": "s", "ratio": 1.5, "limit": 2, "ok": True, "note": "seen",
    }  # fmt: skip


def test_without_a_name_all_are_measured_and_one_beyond_its_limit_is_a_failure(figures):
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 3 figures are beyond their limit"):
        call_command("bench", stdout=out, stderr=StringIO())
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["quick", "exact", "slow"]
    assert "ratio 4.50  limit 2  TOO MUCH" in out.getvalue()


def test_an_unknown_figure_is_named_with_those_there_are(figures):
    with pytest.raises(CommandError, match=r"No figure nothing\. There are: exact, quick, slow"):
        run("quick", "nothing")


def test_the_figures_of_this_version():
    known = bench.all_figures()
    assert {(figure.name, figure.limit) for figure in known.values()} >= {("clock-tick", 2), ("outbox-delivery", 0)}
    assert any(line.startswith("clock-tick: ") for line in run("--list"))


@pytest.mark.clause("GEN-02")
def test_nothing_is_lost_or_repeated_while_worker_broker_and_database_are_killed():
    """The figure itself with fewer rows, on servers and a worker of its own. Source: reliability.md 2, 3, 5, 7."""
    said = []
    measured = outbox.outbox_delivery(say=said.append, rows=60)
    assert measured.value == 0, measured.note
    assert [line.rpartition(" ")[2] for line in said] == ["worker", "valkey", "postgres"]
