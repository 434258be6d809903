"""Amounts of money in yuan as people type them. Source: REC-07, REC-15."""

import re
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .text import half_width

FEN = Decimal("0.01")
LIMIT = Decimal(10) ** 12  # below one trillion yuan
_NOISE = Decimal("0.000001")  # 1234.5600000001 is what a spreadsheet makes of 1234.56
_UNITS = {"": 1, "百": 100, "千": 1000, "k": 1000, "万": 10**4, "w": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_AMOUNT = re.compile(
    r"(?P<open>\()?(?P<sign>[+-]?)\s*(?:人民币|rmb|cny|¥)?\s*:?\s*(?P<sign_inside>-?)\s*"
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)\s*(?P<unit>百万|千万|[百千万亿kw]|)\s*"
    r"(?:元|圆|块|块钱|人民币|rmb|cny)?\s*整?(?P<sign_after>-?)(?P<close>\))?",
    re.ASCII | re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"-?\d+(?:\.\d+)?e[+-]?\d{1,2}", re.ASCII | re.IGNORECASE)
_VAGUE = re.compile("约|大概|左右|上下|以上|以下|以内|多|余|几|数[百千万]|至|到|[~±<>≈]|\\d\\s*-\\s*\\d")
_FOREIGN = re.compile(r"[$€£₩]|usd|eur|hkd|gbp|jpy|美元|美金|欧元|港元|港币|日元|英镑", re.IGNORECASE)
_COMMAS = re.compile(r"\d,\d", re.ASCII)


def read(value):
    """The amount as a Decimal with two places: ￥1,234.50, 1234.5元, 1.2万, (1,234.50) for a negative one.

    A spreadsheet's number is rounded to the fen, as the sheet showed it; typed text with a third decimal is refused.
    Raises ValidationError (codes: empty, no_amount, vague, foreign, commas, decimals, large).
    """
    if isinstance(value, float) and isfinite(value) and abs(value) < LIMIT:
        return Decimal(value).quantize(FEN, ROUND_HALF_UP)
    text = half_width(value)
    if not text:
        raise _error("empty")
    if _SCIENTIFIC.fullmatch(text):
        return _whole_fen(Decimal(text))
    found = _AMOUNT.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]):
        raise _unreadable(text)
    amount = Decimal(found["number"].replace(",", "")) * _UNITS[found["unit"].lower()]
    negative = "-" in found["sign"] + found["sign_inside"] + found["sign_after"] or found["open"]
    return _whole_fen(-amount if negative and amount else amount)


def _whole_fen(amount):
    if abs(amount) >= LIMIT:
        raise _error("large")
    rounded = amount.quantize(FEN, ROUND_HALF_UP)
    if abs(rounded - amount) > _NOISE:
        raise _error("decimals")
    return rounded


def _unreadable(text):
    for code, pattern in (("foreign", _FOREIGN), ("vague", _VAGUE), ("commas", _COMMAS)):
        if pattern.search(text):
            return _error(code)
    return _error("no_amount", written=text[:40])


MESSAGES = {
    "empty": _("Enter an amount, for example 1,234.50."),
    "no_amount": _("“%(written)s” is not an amount: write it as 1,234.50 or 1.2万."),
    "vague": _("Write one exact amount, without about, more than or a range."),
    "foreign": _("Amounts are kept in yuan: convert it and write for example 1,234.50."),
    "commas": _("The commas are not between groups of three digits: write it as 1,234.50 or 1234.50."),
    "decimals": _("The amount has more than two decimals: round it to 分, as in 1,234.50."),
    "large": _("The amount is too large: it should be below 1,000,000,000,000 yuan."),
}


def _error(code, **params):
    return ValidationError(MESSAGES[code], code=code, params=params)
