"""The readings together on what branches really keep: every spot as expected, every row with the expected outcome."""

import collections
import csv
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from customers.values import credit_codes, dates, keys, phones, suspicion, text

SAMPLES = Path(__file__).resolve().parents[1] / "data"
CSV = "erp_export_gb18030.csv"


def expected():
    return json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.clause("REC-07", "REC-15")
def test_every_spot_comes_out_as_written_there():
    spots = [spot for file in expected()["files"].values() for spot in file["spots"]]
    assert len(spots) >= 36
    for spot in spots:
        written = spot["as_written"]
        found, unreadable = phones.read_many(written["phone"])
        assert [phone.e164.removeprefix("+86") for phone in found] == spot["phones"]
        assert unreadable == []
        assert "".join(phone.extension for phone in found) == spot["extension"]
        assert dates.read(written["date"]).isoformat() == spot["date"]
        assert text.clean(written["name"]) == spot["name"]
        if spot["credit_code"]:
            assert credit_codes.read(spot["credit_code"]).check_digit_ok


def rejection(row, found, branches):
    """The first reason of the fixed order, or None."""
    if not text.clean(row["单位"]):
        return "no_name"
    if not found and not text.clean(row["详细地址"]):
        return "no_contact"
    try:
        if row["信用代码"] and not credit_codes.read(row["信用代码"]).check_digit_ok:
            return "credit_code"
    except ValidationError:
        return "credit_code"
    try:
        if row["日期"]:
            dates.read(row["日期"])
    except ValidationError:
        return "date"
    return None if text.clean(row["分店"]) in branches else "branch"


@pytest.mark.clause("REC-15", "REC-18")
def test_the_rules_give_every_row_of_an_export_its_expected_outcome():
    told = expected()
    outcomes = collections.Counter()
    candidates = collections.defaultdict(list)
    with (SAMPLES / CSV).open(encoding="gb18030", newline="") as lines:
        for row in csv.DictReader(lines):
            found, _unreadable = phones.read_many(row["电话"])
            if reason := rejection(row, found, told["branches"]):
                outcomes[f"rejected:{reason}"] += 1
                continue
            profile = keys.Profile(row["单位"], row["信用代码"], frozenset(found), text.clean(row["分店"]))
            found_by = keys.match_keys(name=row["单位"], credit_code=row["信用代码"], phones=found)
            if any(keys.verdict(earlier, profile) == "sure" for key in found_by for earlier in candidates[key]):
                outcomes["duplicate"] += 1
                continue
            virtual = suspicion.virtual_name(row["单位"]) or any(map(suspicion.virtual_phone, found))
            outcomes["virtual" if virtual else "new"] += 1
            for key in found_by:
                candidates[key].append(profile)
    assert dict(outcomes) == told["files"][CSV]["outcomes"]
