"""Keys find candidates; the verdict follows the row outcomes of the import."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import keys, phones
from customers.values.keys import Profile

pytestmark = pytest.mark.clause("REC-18")
CODE, OTHER_CODE = "91110000600037341L", "91308535CFGWQ4T6RU"
PHONE, OTHER_PHONE = "+8613912345679", "+8613912345670"
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def test_keys_of_a_company():
    assert keys.match_keys(
        name="远山广告（北京）有限公司",
        credit_code=" 9111 0000 6000 37341l",
        phones=[phones.read("139 1234 5679"), phones.read("010-65521235转8")],
        emails=["Li@Example.CN "],
    ) == {
        ("credit_code", CODE),
        ("phone", PHONE),
        ("phone", "+861065521235"),
        ("email", "li@example.cn"),
        ("name", "远山广告北京"),
        ("pinyin", "yuanshanguanggaobeijing"),
    }


def test_keys_of_a_person():
    assert keys.match_keys(name="单 晓丽", phones=[PHONE], is_company=False) == {
        ("name", "单晓丽"),
        ("pinyin", "shanxiaoli"),
        ("phone", PHONE),
    }


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "远"},
        {"name": "测试客户1"},
        {"name": "某公司", "phones": ["+8613800138000", "95588", ""]},
        {"name": "111", "credit_code": "911", "emails": ["", "无", "a@b"]},
        {"name": "无", "credit_code": "0" * 18},
    ],
)
def test_what_binds_strangers_together_is_no_key(values):
    assert keys.match_keys(**values) == set()


def test_two_characters_are_a_name_key_but_no_sound_key():
    assert keys.match_keys(name="远山") == {("name", "远山")}


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, st.booleans())
def test_keys_never_raise(name, code, address, is_company):
    for kind, value in keys.match_keys(name=name, credit_code=code, emails=[address], is_company=is_company):
        assert kind in {"credit_code", "email", "name", "pinyin"}
        value.encode()


def profile(name="北京远山广告有限公司", code="", phone="", branch=1, is_company=True):
    return Profile(name, code, frozenset({phone} - {""}), branch, is_company)


@pytest.mark.parametrize(
    ("one", "other", "verdict", "reasons"),
    [
        (profile(code=CODE), profile("中谷科技", code=CODE, branch=2), "sure", ("same_credit_code",)),
        (profile(), profile("北京远山广告公司"), "sure", ("same_name",)),
        (profile(), profile("北京远山广告公司", branch=2), "suspect", ("same_name",)),
        (profile(branch=None), profile(branch=None), "suspect", ("same_name",)),
        (profile(phone=PHONE), profile("远山广告", phone=PHONE, branch=2), "sure", ("same_phone", "similar_name")),
        (profile(phone=PHONE), profile("中谷科技", phone=PHONE, branch=2), "suspect", ("same_phone",)),
        (profile("北京远山图文设计"), profile("北京远海图文设计"), "suspect", ("similar_name",)),
        (profile("北京远山图文设计"), profile("北京远海图文设计", branch=2), None, ()),
        (profile("远山广告"), profile("元山广告"), "suspect", ("same_pinyin",)),
        (profile("远山广告"), profile("元山广告", branch=2), None, ()),
        (profile(), profile("中谷科技", phone=OTHER_PHONE), None, ()),
        (profile("张伟", is_company=False), profile("张 伟", is_company=False), "suspect", ("same_name",)),
        (
            profile("张伟", phone=PHONE, is_company=False),
            profile("张 伟", phone=PHONE, is_company=False),
            "sure",
            ("same_phone", "same_name"),
        ),
        (profile("测试"), profile("测试"), None, ()),
        (profile("中谷", phone="+8613800138000"), profile("远山", phone="+8613800138000"), None, ()),
    ],
)
def test_verdict(one, other, verdict, reasons):
    assert keys.compare(one, other) == keys.compare(other, one)
    assert keys.compare(one, other).verdict == keys.verdict(one, other) == verdict
    assert keys.compare(one, other).reasons == reasons


@pytest.mark.parametrize(
    ("name", "phone", "verdict"),
    [
        ("北京远山广告有限公司", PHONE, "suspect"),
        ("远山广告", PHONE, "suspect"),
        ("中谷科技", PHONE, None),
        ("北京远山广告有限公司", OTHER_PHONE, "suspect"),
        ("中谷科技", OTHER_PHONE, None),
    ],
)
def test_two_different_credit_codes_never_match_surely(name, phone, verdict):
    assert keys.verdict(profile(code=CODE, phone=PHONE), profile(name, code=OTHER_CODE, phone=phone)) == verdict


NAMES = st.sampled_from(["北京远山广告有限公司", "远山广告", "元山广告", "中谷科技", "测试", ""])
PROFILES = st.builds(
    Profile,
    NAMES,
    st.sampled_from(["", CODE, OTHER_CODE, "123"]),
    st.frozensets(st.sampled_from([PHONE, OTHER_PHONE, "95588", "+8613800138000"])),
    st.sampled_from([None, 1, 2]),
    st.booleans(),
)


@given(PROFILES, PROFILES)
def test_the_verdict_does_not_depend_on_the_order_and_always_has_reasons(one, other):
    found = keys.compare(one, other)
    assert found == keys.compare(other, one)
    assert bool(found.reasons) is bool(found.verdict)
    if {one.code, other.code} == {CODE, OTHER_CODE}:
        assert found.verdict != "sure"
