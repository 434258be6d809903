"""Company names are compared by what tells them apart; sounds follow words and family names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import names

ANY_TEXT = st.text(st.characters(exclude_categories=()))
NAME_TEXT = st.text("华为远山北京市（）() 有限责任公司股份分乾乾廣告ａABCcoltd.,·", max_size=25)


@pytest.mark.clause("REC-18")
@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("华为技术有限公司", "华为技术"),
        ("华为技术有限责任公司", "华为技术"),
        ("华为技术股份有限公司", "华为技术"),
        ("华为技术公司", "华为技术"),
        ("华为技术", "华为技术"),
        ("華為技術有限公司", "华为技术"),
        (" 华为　技术 有限公司\u3000", "华为技术"),
        ("华为（北京）科技有限公司", "华为北京科技"),
        ("华为(北京)科技有限公司", "华为北京科技"),
        ("远山集团有限公司", "远山集团"),
        ("张掖艾立信数码快印股份", "张掖艾立信数码快印"),
        ("上海电子公司", "上海电子"),
        ("远山广告有限公司北京分公司", "远山广告北京分公司"),
        ("经纬（有限合伙）", "经纬"),
        ("远山有限有限公司公司", "远山"),
        ("乾元有限公司", "乾元"),
        ("ＡＢＣ Co., Ltd.", "abc"),
        ("Apple Inc", "apple"),
        ("Inchcape Limited", "inchcape"),
        ("AT&T", "att"),
        ("公司", "公司"),
        ("***", ""),
        ("", ""),
    ],
)
def test_core(name, core):
    assert names.core(name) == core


@given(ANY_TEXT | NAME_TEXT)
def test_core_of_a_core_is_the_core(name):
    once = names.core(name)
    assert names.core(once) == once


@pytest.mark.clause("REC-18")
@given(NAME_TEXT, st.sampled_from(["公司", "有限公司", "有限责任公司", "股份有限公司", "（有限合伙）"]))
def test_the_legal_form_makes_no_difference(name, form):
    stem = names.core(f"远山{name}号")
    assert names.core(stem + form) == stem


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("北京市朝阳区远山广告有限公司", "远山广告"),
        ("北京远山广告", "远山广告"),
        ("北京（朝阳区）远山广告", "远山广告"),
        ("内蒙古自治区呼和浩特市赛罕区远山", "远山"),
        ("果洛藏族自治州远山", "远山"),
        ("朝阳区远山", "远山"),
        ("重庆", "重庆"),
        ("方正科技", "方正科技"),
        ("远山北京", "远山北京"),
    ],
)
def test_short_core_leaves_the_place_out(name, core):
    assert names.short_core(name) == core


@pytest.mark.clause("REC-18")
@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("远山广告", "远山广告", True),
        ("远山", "北京远山广告", True),
        ("北京", "北京远山广告", False),
        ("远", "远山广告", False),
        ("ab", "abc广告", False),
        ("abcd", "abcd广告", True),
        ("北京远山图文设计", "北京远海图文设计", True),
        ("远山广告", "远海广告", False),
        ("远山广告", "中谷科技", False),
        ("", "", False),
        ("", "远山", False),
    ],
)
def test_similar(one, other, alike):
    assert names.is_similar(one, other) is alike
    assert names.similar(one, other) == names.similar(other, one)


@given(NAME_TEXT, NAME_TEXT)
def test_similar_is_symmetric_and_a_percentage(one, other):
    score = names.similar(names.core(one), names.core(other))
    assert 0 <= score <= 100
    assert score == names.similar(names.core(other), names.core(one))


@pytest.mark.clause("REC-18")
@pytest.mark.parametrize(
    ("name", "full", "first"),
    [
        ("重庆远山", "chongqingyuanshan", "cqys"),
        ("重庆长安", "chongqingchangan", "cqca"),
        ("音乐银行", "yinyueyinhang", "yyyh"),
        ("重慶遠山", "chongqingyuanshan", "cqys"),
        ("ABC科技", "abckeji", "abckj"),
        ("绿城3号", "lvcheng3hao", "lc3h"),
        ("乾元", "qianyuan", "qy"),
        ("", "", ""),
    ],
)
def test_pinyin_follows_words(name, full, first):
    assert (names.pinyin(name), names.initials(name)) == (full, first)


@pytest.mark.parametrize(
    ("name", "full", "first"),
    [
        ("李娜", "lina", "ln"),
        ("单晓丽", "shanxiaoli", "sxl"),
        ("單曉麗", "shanxiaoli", "sxl"),
        ("仇英", "qiuying", "qy"),
        ("曾国藩", "zengguofan", "zgf"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("查良镛", "zhaliangyong", "zly"),
        ("区小明", "ouxiaoming", "oxm"),
        ("任我行", "renwoxing", "rwx"),
        ("盖叫天", "gejiaotian", "gjt"),
        ("乐嘉", "yuejia", "yj"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("尉 健行", "weijianxing", "wjx"),
        ("万俟卨", "moqixie", "mqx"),
        ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("吕布", "lvbu", "lb"),
        ("John Smith", "johnsmith", "johnsmith"),
    ],
)
def test_family_names_have_their_own_reading(name, full, first):
    assert (names.person_pinyin(name), names.person_initials(name)) == (full, first)


@given(ANY_TEXT)
def test_sounds_are_small_letters_and_digits_only(name):
    for sound in (names.pinyin, names.initials, names.person_pinyin, names.person_initials):
        assert all(character.isascii() and character.isalnum() for character in sound(name))
