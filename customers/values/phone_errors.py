"""What is wrong with a phone number, in words that say how to mend it. Source: REC-07."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from . import numbering

_PLAIN = {
    "empty": _("Enter a phone number, for example 138 0013 8000 or 010-6552 1234."),
    "no_digits": _("This is not a phone number: write it as 138 0013 8000 or 010-6552 1234."),
    "characters": _("A phone number has only digits, spaces and hyphens: take out “%(characters)s”."),
    "scientific": _("The spreadsheet has shortened the number to %(written)s: format the column as text and enter it."),
    "range": _("No mobile numbers begin with %(prefix)s: check the first digits."),
    "no_area": _("This landline has no area code: write it as 010-6552 1234."),
    "area": _("There is no area code %(area)s: check the first digits."),
    "local": _("No number in the area %(area)s begins with %(digits)s: check the digits after the area code."),
    "several": _("There is more than one number here: enter one number only."),
    "length": _(
        "A number of %(count)d digits is neither a mobile (11 digits) "
        "nor a landline with area code, such as 010-6552 1234."
    ),
    "foreign": _("This is not a valid number for the country code +%(country)s: check the digits."),
    "country": _("The country code is not known: write it as +852 2345 6789."),
}


def error(code, **params):
    """The ValidationError of this code, for raising."""
    return ValidationError(_PLAIN[code], code=code, params=params)


def diagnosed(digits):
    """The ValidationError for digits that are no number of mainland China; prefix +86 is already taken off."""
    if not digits:
        return error("no_digits")
    if digits[0] == "0":
        return _landline(digits)
    if digits[0] == "1" and len(digits) >= 7:
        return _mobile(digits)
    if digits.startswith(("400", "800")) and len(digits) >= 8:
        return _wrong_length(len(digits) - 10, _HOTLINE_SHORT, _HOTLINE_LONG, prefix=digits[:3])
    if len(digits) in (7, 8):
        return error("no_area")
    return error("length", count=len(digits))


def _mobile(digits):
    surplus = len(digits) - numbering.MOBILE_LENGTH
    if surplus >= numbering.MOBILE_LENGTH - 1:
        return error("several")
    if surplus:
        return _wrong_length(surplus, _MOBILE_SHORT, _MOBILE_LONG)
    return error("range", prefix=digits[:3])


def _landline(digits):
    national = digits[1:]
    if national[:1] == "1" and national[1:2] not in ("", "0") and len(national) >= 9:
        return _mobile(national)
    area, local = numbering.split_area(national)
    if not area:
        return error("area", area=digits[:4])
    lengths = numbering.area_lengths()[area]
    if len(local) < min(lengths):
        return _wrong_length(len(local) - min(lengths), _LOCAL_SHORT, _LOCAL_LONG, area="0" + area, length=min(lengths))
    if len(local) > max(lengths) + 6:
        return error("several")
    if len(local) > max(lengths):
        return _wrong_length(len(local) - max(lengths), _LOCAL_SHORT, _LOCAL_LONG, area="0" + area, length=max(lengths))
    return error("local", area="0" + area, digits=local[:3])


def _wrong_length(surplus, short, long, **params):
    """Surplus is negative when digits are missing."""
    message, code = (short, "short") if surplus < 0 else (long, "long")
    return ValidationError(message, code=code, params={"count": abs(surplus), **params})


_MOBILE_SHORT = ngettext_lazy(
    "The mobile number is %(count)d digit short: it should have 11.",
    "The mobile number is %(count)d digits short: it should have 11.",
    "count",
)
_MOBILE_LONG = ngettext_lazy(
    "The mobile number has %(count)d digit too many: it should have 11.",
    "The mobile number has %(count)d digits too many: it should have 11.",
    "count",
)
_HOTLINE_SHORT = ngettext_lazy(
    "The %(prefix)s number is %(count)d digit short: it should have 10.",
    "The %(prefix)s number is %(count)d digits short: it should have 10.",
    "count",
)
_HOTLINE_LONG = ngettext_lazy(
    "The %(prefix)s number has %(count)d digit too many: it should have 10.",
    "The %(prefix)s number has %(count)d digits too many: it should have 10.",
    "count",
)
_LOCAL_SHORT = ngettext_lazy(
    "The landline is %(count)d digit short: after the area code %(area)s it should have %(length)d.",
    "The landline is %(count)d digits short: after the area code %(area)s it should have %(length)d.",
    "count",
)
_LOCAL_LONG = ngettext_lazy(
    "The landline has %(count)d digit too many: after the area code %(area)s it should have %(length)d. "
    "Write an extension as 转 802 or ext 802.",
    "The landline has %(count)d digits too many: after the area code %(area)s it should have %(length)d. "
    "Write an extension as 转 802 or ext 802.",
    "count",
)
