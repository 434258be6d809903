"""Rows of one file that are surely the same customer."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.importing.matching import MOST_SUSPECTS, Matcher
from customers.values.keys import Profile, verdict

CODES = ("91308191JNFYC4PRUP", "91110105MA01234567", "")


def profile(name, *, code="", phone=(), branch=1, **more):
    return Profile(name, code, frozenset(phone if isinstance(phone, tuple) else (phone,)), branch, **more)


def placed(*profiles):
    matcher = Matcher()
    return [matcher.place(number, each) for number, each in enumerate(profiles, 1)]


def duplicates(*profiles):
    return [match.duplicate_of for match in placed(*profiles)]


FIRST = profile("远山广告有限公司", code=CODES[0], phone="+8613912345670")


@pytest.mark.clause("REC-15", "REC-18")
@pytest.mark.parametrize(
    ("second", "of"),
    [
        (profile("别的名字商贸公司", code=CODES[0], branch=2), 1),
        (profile("远山广告股份有限公司"), 1),
        (profile("遠山廣告（有限公司）"), 1),
        (profile("远山广告有限公司", branch=2), None),
        (profile("远山广告有限公司", code=CODES[1]), None),
        (profile("北京远山广告", phone="+8613912345670", branch=2), 1),
        (profile("长河商贸有限公司", phone="+8613912345670"), None),
        (profile("长河商贸有限公司"), None),
    ],
)
def test_what_is_surely_the_same(second, of):
    assert duplicates(FIRST, second) == [None, of]


def test_three_times_the_same_is_the_first_twice():
    again = profile("远山广告", phone="+8613812345670")
    assert duplicates(FIRST, again, again, profile("远山广告部", phone="+8613812345670", branch=9)) == [None, 1, 1, 1]


def test_a_row_without_a_code_does_not_join_two_codes():
    a, b, none = (profile("远山广告有限公司", code=code) for code in CODES)
    assert duplicates(a, none, b, b, none) == [None, 1, None, 3, 1]
    assert duplicates(none, a, b) == [None, 1, None]
    assert placed(none, a, b)[2].suspects == ((1, ("same_name",)),)


def test_suspects_are_told_with_their_reasons():
    _first, match = placed(FIRST, profile("长河商贸有限公司", phone="+8613912345670"))
    assert match.suspects == ((1, ("same_phone",)),)
    chain = [profile("建设银行", branch=at) for at in range(50)]
    assert all(match.duplicate_of is None and len(match.suspects) <= MOST_SUSPECTS for match in placed(*chain))


def test_invented_names_and_numbers_bind_nobody():
    assert duplicates(*[profile("测试", phone="+8613800138000")] * 3) == [None] * 3


SOME = st.builds(
    Profile,
    st.sampled_from(
        [
            "远山广告有限公司",
            "远山广告",
            "北京远山广告公司",
            "长河商贸",
            "长河商贸部",
            "李娜",
            "大地印务有限公司",
            "大地印刷厂",
        ]
    ),
    st.sampled_from(CODES),
    st.frozensets(st.sampled_from(["+8613912345670", "+8613812345670", "+861065521234"]), max_size=2),
    st.sampled_from([1, 2]),
    st.booleans(),
    st.frozensets(st.sampled_from(["a@b.cn"]), max_size=1),
)


@given(st.lists(SOME, max_size=25))
def test_looking_by_keys_finds_what_looking_at_all_finds(profiles):
    rows, expected, codes = [], [], {}
    for number, each in enumerate(profiles, 1):
        sure = {kept for kept, earlier in rows if verdict(each, earlier) == "sure"}
        first = min((kept for kept in sure if not each.code or codes.get(kept, each.code) == each.code), default=None)
        expected.append(first)
        if each.code:
            codes.setdefault(first or number, each.code)
        rows.append((first or number, each))
    assert duplicates(*profiles) == expected


def test_many_rows_with_one_phone_stay_fast():
    rows = [
        profile(f"{chr(0x4E00 + at)}{chr(0x4E00 + at * 7 % 5000)}商贸行", phone="+861065521234", branch=at)
        for at in range(3000)
    ]
    begun = time.process_time()
    placed(*rows)
    assert time.process_time() - begun < 30
