"""Phone numbers: everything people write is read, everything wrong is named."""

import random
import re

import phonenumbers
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from customers.values import numbering, phones

ANY_TEXT = st.text(st.characters(exclude_categories=()))
PHONE_TEXT = st.text("0123456789０１ +-()转x#ext./、;,\n86138张", max_size=40)


def problem(written, **options):
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        phones.read(written, **options)
    with translation.override("en"):
        return caught.value.messages[0]


@pytest.mark.clause("REC-07")
@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "+86 138 0013 8000",
        "+8613800138000",
        "+86-138-0013-8000",
        "(+86)13800138000",
        "0086 13800138000",
        "008613800138000",
        "8613800138000",
        "013800138000",
        "１３８００１３８０００",
        "\u3000138—0013—8000\xa0",
        "\u202d13800138000\u202c",
        "13800138000.0",
        13800138000.0,
        13800138000,
        "手机：13800138000",
        "Tel. 13800138000",
    ],
)
def test_one_mobile_however_written(written):
    phone = phones.read(written)
    assert (phone.e164, phone.kind, phone.extension) == ("+8613800138000", "mobile", "")


@pytest.mark.clause("REC-07")
@pytest.mark.parametrize(
    ("written", "e164", "extension"),
    [
        ("010-6552 1234", "+861065521234", ""),
        ("(010)65521234", "+861065521234", ""),
        ("（０１０）６５５２１２３４", "+861065521234", ""),
        ("+86 10 6552 1234", "+861065521234", ""),
        ("+86-010-65521234", "+861065521234", ""),
        ("1065521234", "+861065521234", ""),
        ("75581897655", "+8675581897655", ""),
        ("0351-7123456", "+863517123456", ""),
        ("010-6552 1234转802", "+861065521234", "802"),
        ("010-65521234 转 802", "+861065521234", "802"),
        ("010-65521234轉802", "+861065521234", "802"),
        ("010-65521234（转802）", "+861065521234", "802"),
        ("010-65521234 分机 802", "+861065521234", "802"),
        ("010-65521234 ext 802", "+861065521234", "802"),
        ("010-65521234 ext.802", "+861065521234", "802"),
        ("010-65521234-801", "+861065521234", "801"),
        ("010-6552-1234-801", "+861065521234", "801"),
        ("010-65521234(801)", "+861065521234", "801"),
        ("010-65521234#801", "+861065521234", "801"),
        ("010-65521234x801", "+861065521234", "801"),
        ("0755-81897655-8023", "+8675581897655", "8023"),
        ("0754-8123456-7", "+867548123456", "7"),
        ("0754-81234567", "+8675481234567", ""),
        ("13800138000转1234", "+8613800138000", "1234"),
        ("010-95588", "+861095588", ""),
    ],
)
def test_landlines_and_extensions(written, e164, extension):
    phone = phones.read(written)
    assert (phone.e164, phone.extension) == (e164, extension)
    assert phone.as_written == written


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("95588", "95588"),
        ("955-88", "95588"),
        ("10086", "10086"),
        ("12345", "12345"),
        ("400-812-3123", "4008123123"),
        ("4008-123-123", "4008123123"),
        ("+86 400 812 3123", "4008123123"),
        ("8008101234", "8008101234"),
        ("0571-96345", "057196345"),
    ],
)
def test_hotlines_are_kept_as_dialled(written, normal):
    phone = phones.read(written)
    assert (phone.e164, phone.kind) == (normal, "service")


@pytest.mark.parametrize(
    ("written", "region", "e164"),
    [
        ("+852 2345 6789", "CN", "+85223456789"),
        ("00852-23456789", "CN", "+85223456789"),
        ("+1 (650) 253-0000", "CN", "+16502530000"),
        ("2345 6789", "HK", "+85223456789"),
        ("+44 20 7946 0018 ext 5", "CN", "+442079460018"),
    ],
)
def test_foreign_numbers(written, region, e164):
    phone = phones.read(written, region)
    assert (phone.e164, phone.kind) == (e164, "foreign")


def test_a_chinese_number_written_abroad_is_chinese():
    assert phones.read("+86 138 0013 8000", "HK").kind == "mobile"


@pytest.mark.clause("REC-07")
@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Enter a phone number, for example 138 0013 8000 or 010-6552 1234."),
        ("1380013800", "The mobile number is 1 digit short: it should have 11."),
        ("138001380", "The mobile number is 2 digits short: it should have 11."),
        ("138001380001", "The mobile number has 1 digit too many: it should have 11."),
        ("1380013800013", "The mobile number has 2 digits too many: it should have 11."),
        ("0138 0013 800", "The mobile number is 1 digit short: it should have 11."),
        ("12800138000", "No mobile numbers begin with 128: check the first digits."),
        ("6552 1234", "This landline has no area code: write it as 010-6552 1234."),
        ("6552 1234-801", "This landline has no area code: write it as 010-6552 1234."),
        ("010-6552123", "The landline is 1 digit short: after the area code 010 it should have 8."),
        ("0413-1234567", "There is no area code 0413: check the first digits."),
        ("400-812-312", "The 400 number is 1 digit short: it should have 10."),
        (
            "110",
            "A number of 3 digits is neither a mobile (11 digits) "
            "nor a landline with area code, such as 010-6552 1234.",
        ),
        ("张经理", "This is not a phone number: write it as 138 0013 8000 or 010-6552 1234."),
        ("1.38E+10", "The spreadsheet has shortened the number to 1.38E+10: format the column as text and enter it."),
        ("13800138000张", "A phone number has only digits, spaces and hyphens: take out “张”."),
        ("+1 650 253", "This is not a valid number for the country code +1: check the digits."),
        ("+999 1234567", "The country code is not known: write it as +852 2345 6789."),
        ("13800138000 13900139000", "There is more than one number here: enter one number only."),
        ("1" * 200, "There is more than one number here: enter one number only."),
    ],
)
def test_the_message_says_what_is_wrong_and_how_to_mend_it(written, message):
    assert problem(written) == message


@pytest.mark.parametrize(
    ("cell", "numbers", "unreadable"),
    [
        ("13800138000/13900139000", ["+8613800138000", "+8613900139000"], []),
        ("13800138000、13900139000", ["+8613800138000", "+8613900139000"], []),
        ("13800138000；13900139000", ["+8613800138000", "+8613900139000"], []),
        ("13800138000，13900139000", ["+8613800138000", "+8613900139000"], []),
        ("13800138000\n13900139000", ["+8613800138000", "+8613900139000"], []),
        ("13800138000 13900139000", ["+8613800138000", "+8613900139000"], []),
        ("13800138000或13900139000", ["+8613800138000", "+8613900139000"], []),
        ("13800138000-13900139000", ["+8613800138000", "+8613900139000"], []),
        ("138 0013 8000", ["+8613800138000"], []),
        ("138 0013 8000 139 0013 9000", ["+8613800138000", "+8613900139000"], []),
        ("010 6552 1234 13800138000", ["+861065521234", "+8613800138000"], []),
        ("010-65521234/65521235", ["+861065521234", "+861065521235"], []),
        ("13800138000/65521235", ["+8613800138000"], ["65521235"]),
        ("13800138000（张经理）", ["+8613800138000"], ["张经理"]),
        ("张经理13800138000 李工13900139000", ["+8613800138000", "+8613900139000"], ["张经理", "李工"]),
        ("13800138000, 12", ["+8613800138000"], ["12"]),
        ("13800138000，13800138000", ["+8613800138000"], []),
        (13800138000.0, ["+8613800138000"], []),
        ("无", [], ["无"]),
        ("", [], []),
        (None, [], []),
        ("1" * 2000, [], ["1" * 2000]),
    ],
)
def test_several_numbers_in_one_cell(cell, numbers, unreadable):
    found, rest = phones.read_many(cell)
    assert [phone.e164 for phone in found] == numbers
    assert rest == unreadable


def test_extensions_stay_with_their_number_in_a_cell():
    found, rest = phones.read_many("0755-81897655-8023 13800138000；010-65521234 转 801")
    assert [(phone.e164, phone.extension) for phone in found] == [
        ("+8675581897655", "8023"),
        ("+8613800138000", ""),
        ("+861065521234", "801"),
    ]
    assert rest == []


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize(
    ("written", "shown", "masked"),
    [
        ("13800138000", "138 0013 8000", "138****8000"),
        ("010-65521234转802", "010-6552 1234 ext. 802", "010-****1234"),
        ("0351-7123456", "0351-712 3456", "0351-****3456"),
        ("010-95588", "010-95588", "010-****88"),
        ("4008123123", "400 812 3123", "400****123"),
        ("95588", "95588", "95****"),
        ("0571-96345", "0571-96345", "05****"),
        ("+85223456789", "+852 2345 6789", "+852 ****6789"),
    ],
)
def test_shown_and_masked(written, shown, masked):
    phone = phones.read(written)
    with translation.override("en"):
        assert phones.shown(phone) == shown
    assert phones.masked(phone) == phones.masked(phone.e164) == masked


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("zhang.san@qq.com", "z****@qq.com"),
        ("a@b.cn", "****@b.cn"),
        ("", ""),
        (None, ""),
        ("zhang", "****"),
        ("@b.cn", "****"),
    ],
)
def test_masked_email(address, masked):
    assert phones.masked_email(address) == masked


@given(st.sampled_from(sorted(numbering.ISSUED_MOBILE_PREFIXES)), st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_masked_mobile_never_shows_its_middle(prefix, rest):
    phone = phones.read(prefix + rest)
    assert re.sub(r"\D", "", phones.masked(phone)) == phone.e164[3:6] + phone.e164[-4:]
    assert phone.e164[6:10] not in phones.masked(phone).replace("*", "|")[3:-4]


@given(PHONE_TEXT)
def test_masked_never_shows_the_whole_number(written):
    for phone in phones.read_many(written)[0]:
        masked = phones.masked(phone)
        assert "****" in masked
        assert len(re.sub(r"\D", "", masked)) < len(re.sub(r"\D", "", phone.e164))
        assert phones.kind_of(phone.e164) == phone.kind


@given(ANY_TEXT | PHONE_TEXT)
def test_read_raises_nothing_but_validation_errors(written):
    try:
        phone = phones.read(written)
    except ValidationError as error:
        message = error.messages[0]
    else:
        message = "read"
        assert re.fullmatch(r"\+?[0-9]+", phone.e164)
        phone.as_written.encode()
    assert message
    assert "%(" in str(written) or "%(" not in message, "nothing is left to be filled in"


@given(ANY_TEXT | PHONE_TEXT)
def test_read_many_never_raises_and_reading_the_normal_form_again_gives_the_same(written):
    found, _rest = phones.read_many(written)
    for phone in found:
        again = phones.read(phone.e164)
        assert (again.e164, again.kind) == (phone.e164, phone.kind)


MOBILES = st.builds(
    str.__add__, st.sampled_from(sorted(numbering.ISSUED_MOBILE_PREFIXES)), st.from_regex(r"[0-9]{6}", fullmatch=True)
)
WORDS = st.sampled_from(["张经理", "办公室", "123", "无"])


@given(st.lists(MOBILES | WORDS, unique=True, max_size=5), st.sampled_from(["/", "、", "；", ",", "\n", "  ", " / "]))
def test_nothing_of_a_cell_is_lost(pieces, separator):
    found, rest = phones.read_many(separator.join(pieces))
    kept = " ".join([*(phone.as_written for phone in found), *rest]).split()
    assert sorted(kept) == sorted(pieces)
    assert [phone.e164[3:] for phone in found] == [piece for piece in pieces if len(piece) == 11]


def test_prefix_table_agrees_with_the_metadata():
    chance = random.Random(7)
    for _round in range(3000):
        digits = f"1{chance.randrange(10**10):010d}"
        number = phonenumbers.parse("+86" + digits)
        known = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        assert numbering.is_mobile(digits) == known, digits


def test_area_table_knows_the_cities():
    areas = numbering.area_lengths()
    assert areas["10"] == areas["755"] == {8}
    assert areas["351"] == {7}
    assert len(areas) > 300
