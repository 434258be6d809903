"""Invented names and numbers are marked; sixty thousand real names are not."""

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import numbering, suspicion

REAL_NAMES = Path(__file__).resolve().parents[1] / "data" / "company_short_names.txt.gz"


@pytest.mark.clause("REC-07", "AUD-08")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("某公司", "anonymous"),
        ("某某公司1585", "anonymous"),
        ("北京某科技公司", "anonymous"),
        ("张某", "anonymous"),
        ("测试", "test"),
        ("测试客户113", "test"),
        ("测试878", "test"),
        ("客户测试", "test"),
        ("TEST", "test"),
        ("test23", "test"),
        ("ｔｅｓｔ２３", "test"),
        ("111", "no_letters"),
        ("１１１", "no_letters"),
        ("111504", "no_letters"),
        ("111有限公司", "no_letters"),
        ("---", "no_letters"),
        ("。", "no_letters"),
        ("无", "placeholder"),
        ("不详", "placeholder"),
        ("N/A", "placeholder"),
        ("个人", "placeholder"),
        ("散客88", "placeholder"),
        ("客户1", "placeholder"),
        ("客户甲", "placeholder"),
        ("公司A", "placeholder"),
        ("XX公司", "placeholder"),
        ("啊啊啊", "repeated"),
        ("aaaa", "repeated"),
        ("龙龙龙龙", "repeated"),
        ("AAA公司", "repeated"),
        ("临时客户", "placeholder"),
        ("未知公司3", "placeholder"),
        ("asdf", "keyboard"),
        ("123abc", "keyboard"),
    ],
)
def test_invented_names_are_marked(name, reason):
    assert suspicion.virtual_name(name) == reason
    assert str(suspicion.REASONS[reason])


@pytest.mark.clause("AUD-08")
@pytest.mark.parametrize(
    "name",
    [
        "测试技术研究所",
        "北京测试科技有限公司",
        "无印良品",
        "无锡远山广告",
        "个人护理用品厂",
        "客户之家",
        "老板电器",
        "当当",
        "3M中国",
        "360科技有限公司",
        "ABC公司",
        "龙龙龙",
        "李",
        "TestLink",
    ],
)
def test_real_names_that_look_a_little_like_them_are_not(name):
    assert suspicion.virtual_name(name) is None


@pytest.mark.clause("AUD-08")
@pytest.mark.parametrize("form", ["", "公司", "科技有限公司"])
def test_no_false_alarm_on_sixty_thousand_real_names(form):
    with gzip.open(REAL_NAMES, "rt", encoding="utf-8") as lines:
        alarms = [name for line in lines if suspicion.virtual_name(name := line.strip() + form)]
    assert alarms == []


@pytest.mark.clause("AUD-08")
@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+8613800138000", "well_known"),
        ("+8613800000000", "same_digit"),
        ("+8618888888888", "same_digit"),
        ("+8613912345678", "sequence"),
        ("+8613987654321", "sequence"),
        ("+861012345678", "sequence"),
        ("+863511111111", "same_digit"),
        ("+8613811112222", None),
        ("+8613912345679", None),
        ("4008888888", None),
        ("95588", None),
        ("+85288888888", None),
    ],
)
def test_invented_numbers_are_marked(number, reason):
    assert suspicion.virtual_phone(number) == reason


def test_random_numbers_are_not():
    chance = random.Random(3)
    prefixes = sorted(numbering.ISSUED_MOBILE_PREFIXES)
    numbers = [f"+86{chance.choice(prefixes)}{chance.randrange(10**6):06d}" for _each in range(20000)]
    assert [number for number in numbers if suspicion.virtual_phone(number)] == []


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_gets_a_known_reason_or_none(name):
    assert suspicion.virtual_name(name) in {None, *suspicion.REASONS}
