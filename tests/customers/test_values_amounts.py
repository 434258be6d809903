"""Amounts in yuan, two decimals; vague ones are refused with a sentence."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from customers.values import amounts

pytestmark = pytest.mark.clause("REC-07")


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("￥1,234.50", "1234.50"),
        ("¥1234.5", "1234.50"),
        ("1234.5元", "1234.50"),
        ("1.2万", "12000.00"),
        ("1.2 万元", "12000.00"),
        ("1.23456万", "12345.60"),
        ("3亿", "300000000.00"),
        ("5w", "50000.00"),
        ("人民币1,000元整", "1000.00"),
        ("RMB 300", "300.00"),
        ("１，２３４．５", "1234.50"),
        ("-5", "-5.00"),
        ("(1,234.50)", "-1234.50"),
        ("1,234.50-", "-1234.50"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("1234.5600000001", "1234.56"),
        ("1.5E+3", "1500.00"),
        (1234.56, "1234.56"),
        (33.333333333333336, "33.33"),
        (0.125, "0.13"),
        (5, "5.00"),
        (Decimal("7.10"), "7.10"),
    ],
)
def test_amounts_however_written(written, amount):
    assert str(amounts.read(written)) == amount


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Enter an amount, for example 1,234.50."),
        ("不详", "“不详” is not an amount: write it as 1,234.50 or 1.2万."),
        ("约1万", "Write one exact amount, without about, more than or a range."),
        ("1-2万", "Write one exact amount, without about, more than or a range."),
        ("$100", "Amounts are kept in yuan: convert it and write for example 1,234.50."),
        ("1,23", "The commas are not between groups of three digits: write it as 1,234.50 or 1234.50."),
        ("1.234", "The amount has more than two decimals: round it to 分, as in 1,234.50."),
        ("10000亿", "The amount is too large: it should be below 1,000,000,000,000 yuan."),
        (float("nan"), "“nan” is not an amount: write it as 1,234.50 or 1.2万."),
        (1e300, "The amount is too large: it should be below 1,000,000,000,000 yuan."),
    ],
)
def test_the_message_says_what_is_wrong(written, message):
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            amounts.read(written)
        assert caught.value.messages == [message]


@given(
    st.text(st.characters(exclude_categories=()))
    | st.text("0123456789.,-+()￥元万亿e ", max_size=24)
    | st.floats()
    | st.integers()
)
def test_nothing_but_validation_errors(written):
    try:
        amount = amounts.read(written)
    except ValidationError as error:
        message = error.messages[0]
    else:
        message = "read"
        assert amount == amount.quantize(amounts.FEN)
        assert abs(amount) <= amounts.LIMIT
    assert message
    assert "%(" in str(written) or "%(" not in message, "nothing is left to be filled in"


@given(st.decimals(-(10**11), 10**11, places=2))
def test_what_is_shown_is_read_back(amount):
    for written in (f"{amount:,.2f}", f"￥{amount:.2f}元", f"{amount} "):
        assert amounts.read(written) == amount
