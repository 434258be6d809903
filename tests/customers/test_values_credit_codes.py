"""Unified social credit codes: length and characters are errors, the check digit is a question."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from customers.values import credit_codes

pytestmark = pytest.mark.clause("REC-07")
GOOD = "91110000600037341L"


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        GOOD.lower(),
        f" {GOOD}\u3000",
        "9111 0000 6000 3734 1L",
        "91110000-600037341-L",
        "９１１１００００６０００３７３４１Ｌ",
    ],
)
def test_a_good_code_however_written(written):
    assert credit_codes.read(written) == credit_codes.CreditCode(GOOD, check_digit_ok=True)


def test_a_wrong_check_digit_is_reported_but_no_error():
    assert credit_codes.read("91110000600037341A") == credit_codes.CreditCode(
        "91110000600037341A", check_digit_ok=False
    )


@pytest.mark.parametrize("code", ["91308535CFGWQ4T6RU", "912958262M4LCEWEXT", "91567969C3RHMB0BU8"])
def test_codes_of_the_sample_files_pass(code):
    assert credit_codes.read(code).check_digit_ok


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Enter the credit code: it has 18 characters."),
        (GOOD[:-1], "The credit code is 1 character short: it should have 18."),
        (GOOD[:-2], "The credit code is 2 characters short: it should have 18."),
        (GOOD + "A", "The credit code has 1 character too many: it should have 18."),
        (GOOD + "AB", "The credit code has 2 characters too many: it should have 18."),
        (
            "9111OOOO600037341L",
            "A credit code never contains I, O, S, V or Z; check “O”: often 1, 0, 5, U or 2 is meant.",
        ),
        ("9111中000600037341L", "A credit code has only digits and capital letters: take out “中”."),
        (
            "91A10000600037341L",
            "Characters 3 to 8 of a credit code are the digits of the region; here they are “A10000”.",
        ),
        (
            "110108012345678",
            "This is an old registration number with 15 digits: "
            "enter the unified social credit code, it has 18 characters.",
        ),
        (
            "9.1E+17",
            "The spreadsheet has shortened the credit code to 9.1E+17: format the column as text and enter it.",
        ),
        ("0" * 18, "This only fills the field: enter the real credit code or leave it empty."),
    ],
)
def test_the_message_says_what_is_wrong(written, message):
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            credit_codes.read(written)
        assert caught.value.messages == [message]


@given(st.text(st.characters(exclude_categories=())) | st.text("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ- .", max_size=24))
def test_nothing_but_validation_errors(written):
    try:
        code = credit_codes.read(written)
    except ValidationError as error:
        message = error.messages[0]
    else:
        message = "read"
        assert len(code.value) == 18
        assert credit_codes.read(code.value) == code
    assert message
    assert "%(" in str(written) or "%(" not in message, "nothing is left to be filled in"
