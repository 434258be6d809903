"""What a person typed survives; what nobody can see goes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import text

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (None, ""),
        ("", ""),
        ("\u3000 远山广告\xa0\u200b", "远山广告"),
        ("ＡＢＣ－１２３", "ABC-123"),
        ("远山\x00广\ud800告\u202e", "远山广告"),
        ("远山\t广告\r\n有限公司", "远山 广告 有限公司"),
        ("\ufeff远山", "远山"),
        ("cafe\u0301", "café"),
        ("⽯⽥", "石田"),
        (13800138000.0, "13800138000"),
        (3, "3"),
    ],
)
def test_clean_takes_out_what_nobody_sees(written, cleaned):
    assert text.clean(written) == cleaned


@pytest.mark.parametrize(
    "name", ["𠮷野家", "﨑", "\uf92c", "\ue815", "葛\U000e0100", "华为（北京），研发部：一组", "䶮䲜"]
)
def test_clean_leaves_rare_characters_and_chinese_punctuation(name):
    assert text.clean(name) == name


@given(ANY_TEXT)
def test_clean_twice_is_clean_once_and_always_storable(written):
    once = text.clean(written)
    assert text.clean(once) == once
    assert "\x00" not in once
    once.encode()  # a lone surrogate would raise
    assert not any(unicodedata.category(character) == "Cc" for character in once)


@given(ANY_TEXT)
def test_lines_stay_lines_and_cleaning_them_twice_changes_nothing(written):
    once = text.clean_lines(written)
    assert text.clean_lines(once) == once
    once.encode()


def test_lines_keep_their_breaks():
    assert text.clean_lines("\n一\u3000\r\n\r\n二\x00 \n") == "一\n\n二"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张\u3000三", "张三"),
        ("李 小 龙", "李小龙"),
        ("李娜 经理", "李娜 经理"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提 ・ 艾力", "买买提·艾力"),
        ("John A. Smith", "John A. Smith"),
        ("𠮷 田", "𠮷田"),
    ],
)
def test_person_names_have_one_dot_and_no_stretched_spaces(written, name):
    assert text.person_name(written) == name


@given(ANY_TEXT)
def test_person_name_twice_is_person_name_once(written):
    once = text.person_name(written)
    assert text.person_name(once) == once


@given(ANY_TEXT)
def test_storable_keeps_everything_the_database_takes(written):
    kept = text.storable(written)
    kept.encode()
    assert "\x00" not in kept


def test_half_width_is_for_numbers_and_folds_brackets_too():
    assert text.half_width("（０１０）６５５２，①") == "(010)6552,1"
