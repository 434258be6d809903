"""The unified social credit code 统一社会信用代码 (GB 32100-2015), 18 characters. Source: REC-07."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from stdnum.cn import uscc

from .text import half_width

LENGTH = 18
OLD_LENGTH = 15
_SEPARATORS = re.compile(r"[\s\-‐-―−_.·]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+")
_ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_NEVER_USED = frozenset("IOSVZ")
_REGION = slice(2, 8)


MESSAGES = {
    "empty": _("Enter the credit code: it has 18 characters."),
    "scientific": _(
        "The spreadsheet has shortened the credit code to %(written)s: format the column as text and enter it."
    ),
    "old": _(
        "This is an old registration number with 15 digits: enter the unified social credit code, it has 18 characters."
    ),
    "short": ngettext_lazy(
        "The credit code is %(count)d character short: it should have 18.",
        "The credit code is %(count)d characters short: it should have 18.",
        "count",
    ),
    "long": ngettext_lazy(
        "The credit code has %(count)d character too many: it should have 18.",
        "The credit code has %(count)d characters too many: it should have 18.",
        "count",
    ),
    "never_used": _(
        "A credit code never contains I, O, S, V or Z; check “%(letters)s”: often 1, 0, 5, U or 2 is meant."
    ),
    "characters": _("A credit code has only digits and capital letters: take out “%(characters)s”."),
    "region": _("Characters 3 to 8 of a credit code are the digits of the region; here they are “%(region)s”."),
    "placeholder": _("This only fills the field: enter the real credit code or leave it empty."),
}


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code of right length and characters. A form asks when the check digit is wrong, an import rejects it."""

    value: str
    check_digit_ok: bool


def read(text):
    """The code as written on the licence, upper case without separators.

    Raises ValidationError (codes: those of MESSAGES).
    """
    value = half_width(text).upper()
    if _SCIENTIFIC.fullmatch(value):
        raise _error("scientific", written=value)
    value = _SEPARATORS.sub("", value)
    if not value:
        raise _error("empty")
    _check_characters(value)
    _check_length(value)
    if not value[_REGION].isdigit():
        raise _error("region", region=value[_REGION])
    if len(set(value)) == 1:
        raise _error("placeholder")
    return CreditCode(value, check_digit_ok=uscc.calc_check_digit(value[:-1]) == value[-1])


def _check_length(value):
    missing = LENGTH - len(value)
    if len(value) == OLD_LENGTH and value.isdigit():
        raise _error("old")
    if missing > 0:
        raise _error("short", count=missing)
    if missing < 0:
        raise _error("long", count=-missing)


def _check_characters(value):
    if confused := sorted(set(value) & _NEVER_USED):
        raise _error("never_used", letters=" ".join(confused))
    if strange := sorted(set(value) - _ALPHABET):
        raise _error("characters", characters=" ".join(strange[:5]))


def _error(code, **params):
    return ValidationError(MESSAGES[code], code=code, params=params)
