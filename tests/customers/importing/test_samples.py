"""The samples of what branches really keep, and made-up files with other headings and other mess."""

import collections
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.importing import files, reading
from customers.importing.judging import Judge
from customers.importing.layout import tables
from customers.importing.matching import Matcher
from customers.importing.wording import Wording

from . import workbooks

SAMPLES = Path(__file__).resolve().parents[2] / "data"
TOLD = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
BRANCHES = TOLD["branches"]


def read(path):
    """(outcomes as expected.json counts them, count of ignored rows, judged rows by number)."""
    source = files.examine(path)
    wording, matcher = Wording(branches={name: name for name in BRANCHES}), Matcher()
    outcomes, ignored, rows = collections.Counter(), 0, []
    for table in tables(reading.read(source)):
        judge = Judge(table.headings, table.fields, wording, date1904=source.date1904)
        for row in table:
            if row.ignored:
                ignored += 1
                continue
            found = judge(row.cells)
            rows.append(found)
            if found.rejected:
                outcomes[f"rejected:{found.rejected}"] += 1
            elif matcher.place(len(rows), found.profile()).duplicate_of:
                outcomes["duplicate"] += 1
            else:
                outcomes["virtual" if found.virtual else "new"] += 1
    return dict(outcomes), ignored, rows


@pytest.mark.clause("REC-15", "REC-18", "AUD-08")
@pytest.mark.parametrize("name", TOLD["files"])
def test_a_sample_has_the_outcomes_and_values_it_must_have(name):
    told = TOLD["files"][name]
    outcomes, ignored, rows = read(SAMPLES / name)
    assert (outcomes, ignored, len(rows)) == (told["outcomes"], told["ignored"], told["data_rows"])
    has_codes = any(row.credit_code for row in rows)  # the cards of the fair have no column for it
    for spot in told["spots"]:
        row = rows[spot["row"] - 1]
        assert row.name == spot["name"]
        assert [phone.e164.removeprefix("+86") for phone in row.phones] == spot["phones"]
        assert "".join(phone.extension for phone in row.phones) == spot["extension"]
        assert row.created_on.isoformat() == spot["date"]
        assert row.credit_code == (spot["credit_code"] if has_codes else "")


HEADINGS = {
    "name": ["*客户名称", "单位名称", "公 司", "企业全称（必填）", "Company Name", "顾客名称："],
    "phone": ["联系电话", "手机号码", "联系方式(手机)", "Tel.", "Mobile No.", "电 话"],
    "branch": ["所属门店", "分店名称", "归属分店", "Branch", "门店"],
    "date": ["建档时间", "登记日期", "Date Created", "录入日期*"],
    "spare": ["传真", "颜色", "积分", "会员卡号", "QQ"],
}
NAMES = [
    "远山广告有限公司",
    "长河商贸有限公司",
    "大地印务股份有限公司",
    "蓝天文化传播有限公司",
    "青松图文设计工作室",
    "白云标识有限责任公司",
]
JUNK = {
    "blank": lambda _headings: [],
    "total": lambda _headings: ["合计", "6家"],
    "header": lambda headings: headings,
}


@st.composite
def mess(draw):
    """(kind of file, rows, outcomes they must have)."""
    columns = draw(st.permutations(["name", "phone", "branch", "date", "spare"]))
    headings = [draw(st.sampled_from(HEADINGS[column])) for column in columns]
    rows = [["客户一览表"]] * draw(st.integers(0, 2)) + [[]] * draw(st.integers(0, 2))
    counts = collections.Counter(ignored=len(rows))
    rows.append(headings)
    # Blank rows at the end belong to no sheet, so something stands behind them.
    taken = {}
    steps = draw(st.lists(st.sampled_from([*["row"] * 6, *JUNK]), min_size=1, max_size=25))
    for step in [*steps, "row"]:
        if step != "row":
            rows.append(JUNK[step](headings))
            counts["ignored"] += 1
            continue
        name = draw(st.sampled_from(["", *range(len(NAMES))]))
        branch = draw(st.sampled_from([*BRANCHES[:2], "火星分店"]))
        phone = f"139{draw(st.sampled_from([2468, 1357]))}{(name or 0) * 111 + 1024:04d}"
        if draw(st.integers(0, 9)) == 0:
            phone = ""
        date = draw(st.sampled_from(["2012.5.3", "12-5-3", "2012年5月3日", "没有日期"]))
        cells = {
            "name": NAMES[name] if name != "" else "",
            "phone": phone,
            "branch": branch,
            "date": date,
            "spare": "x1",
        }
        rows.append([cells[column] for column in columns])
        if name == "":
            counts["rejected:no_name"] += 1
        elif not phone:
            counts["rejected:no_contact"] += 1
        elif date == "没有日期":
            counts["rejected:date"] += 1
        elif branch == "火星分店":
            counts["rejected:branch"] += 1
        else:
            keys = {(name, branch), (name, phone)}
            counts["duplicate" if keys & taken.keys() else "new"] += 1
            taken.update(dict.fromkeys(keys))
    return draw(st.sampled_from(["xlsx", "xls", "utf-8", "utf-8-sig", "gb18030"])), rows, counts


@pytest.mark.clause("REC-15")
@given(mess())
def test_other_headings_and_other_mess(tmp_path_factory, made):
    kind, rows, counts = made
    path = tmp_path_factory.mktemp("mess") / "file"
    if kind in ("xlsx", "xls"):
        getattr(workbooks, kind)(path, rows)
    else:
        path.write_bytes("".join("\t".join(row) + "\r\n" for row in rows).encode(kind))
    outcomes, ignored, read_rows = read(path)
    assert outcomes == {outcome: count for outcome, count in counts.items() if count and outcome != "ignored"}
    assert ignored == counts["ignored"]
    assert len(read_rows) == sum(outcomes.values())
