"""The samples into an empty register, by the shell: outcomes and values as they must be, again and back out again."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from customers.models import ContactWay, Customer, Import, ImportRow, MatchKey, Need
from staff.models import Branch

SAMPLES = Path(__file__).resolve().parents[2] / "data"
TOLD = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
pytestmark = [pytest.mark.django_db, pytest.mark.clause("REC-15")]


@pytest.fixture
def branches():
    return [Branch.objects.create(code=f"b{at}", name=name) for at, name in enumerate(TOLD["branches"])]


def run(name, **options):
    out = StringIO()
    call_command("import", str(SAMPLES / name), json=True, stdout=out, stderr=StringIO(), **options)
    return json.loads(out.getvalue().splitlines()[-1])


def as_told(counted):
    """Counts as expected.json gives them."""
    outcomes = {f"rejected:{reason}": number for reason, number in counted["rejected"].items()}
    outcomes |= {"virtual": counted["marks"]["virtual"], "new": counted["new"] - counted["marks"]["virtual"]}
    return {name: number for name, number in (outcomes | {"duplicate": counted["duplicate"]}).items() if number}


@pytest.mark.parametrize("name", TOLD["files"])
def test_a_sample_comes_in_as_told_and_again_changes_nothing(branches, name):
    told = TOLD["files"][name]
    dry = run(name, dry_run=True)
    assert not Customer.objects.exists()
    assert not Import.objects.exists()
    counted = run(name)
    assert as_told(counted) == as_told(dry) == told["outcomes"]
    assert counted["ignored"] == told["ignored"]
    assert counted["rows"] == told["data_rows"] + told["ignored"]
    assert Customer.objects.count() == counted["new"]

    for spot in told["spots"]:
        row = ImportRow.objects.filter(name=spot["name"], customer__isnull=False).first()
        customer = row.customer
        ways = ContactWay.objects.filter(customer=customer, kind="phone")
        assert set(spot["phones"]) <= {way.value.removeprefix("+86") for way in ways}
        if spot["extension"]:
            assert spot["extension"] in [way.extension for way in ways]
        assert row.data["created_on"] == spot["date"] or row.outcome == "duplicate"
        assert customer.created_by is None

    before = list(Customer.objects.order_by("pk").values())
    again = run(name)
    assert (again["new"], again["update"]) == (0, counted["new"])
    assert Import.objects.latest("pk").counts["unchanged"] == again["update"]
    assert set(again) == {"rows", "new", "update", "duplicate", "ignored", "rejected", "marks"}
    assert list(Customer.objects.order_by("pk").values()) == before
    assert MatchKey.objects.values("customer", "kind", "value").distinct().count() == MatchKey.objects.count()
    assert Need.objects.values("customer", "text").distinct().count() == Need.objects.count()
