"""How a phone number or e-mail address is shown, and how it is masked outside one's scope. Source: SEC-06."""

import phonenumbers
from django.utils.translation import gettext as _

from . import numbering

HIDDEN = "****"


def kind_of(e164):
    """mobile, landline, service or foreign, from the normal form alone."""
    if not e164.startswith("+"):
        return "service"
    if not e164.startswith("+86"):
        return "foreign"
    return "mobile" if numbering.is_mobile(e164[3:]) else "landline"


def shown(phone):
    """138 0013 8000, 010-6552 1234 ext. 802, 400 812 3123, +852 2345 6789. Takes a Phone, a contact row or a text.

    Anything with `e164` and `extension` will do; a text is taken as the normal form without extension.
    """
    e164, extension = _parts(phone)
    number = _SHOWN[kind_of(e164)](e164)
    return " ".join((number, _("ext."), extension)) if extension else number


def masked(phone):
    """138****8000, 010-****1234, +852 ****6789: enough to recognise, not to dial. An extension is left out."""
    e164, _extension = _parts(phone)
    return _MASKED[kind_of(e164)](e164)


def masked_email(address):
    """z****@example.com; anything that is no address is hidden whole."""
    local, at, domain = str(address or "").strip().rpartition("@")
    if not (local and at and domain):
        return HIDDEN if address else ""
    return f"{local[0] if len(local) > 1 else ''}{HIDDEN}@{domain}"


def _parts(phone):
    if isinstance(phone, str):
        return phone, ""
    return phone.e164, phone.extension


def _mobile(e164):
    return f"{e164[3:6]} {e164[6:10]} {e164[10:]}"


def _landline(e164):
    area, local = numbering.split_area(e164[3:])
    return f"0{area}-{local[:-4]} {local[-4:]}" if len(local) >= 7 else f"0{area}-{local}"


def _service(digits):
    if len(digits) == 10 and digits[0] in "48":
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    if digits.startswith("0"):
        area, local = numbering.split_area(digits[1:])
        return f"0{area}-{local}"
    return digits


def _foreign(e164):
    number = _parsed(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else e164


def _masked_landline(e164):
    area, local = numbering.split_area(e164[3:])
    return f"0{area}-{HIDDEN}{local[-4:] if len(local) >= 7 else local[-2:]}"


def _masked_service(digits):
    return f"{digits[:3]}{HIDDEN}{digits[-3:]}" if len(digits) >= 10 else f"{digits[:2]}{HIDDEN}"


def _masked_foreign(e164):
    number = _parsed(e164)
    if not number:
        return HIDDEN
    national = str(number.national_number)
    return f"+{number.country_code} {HIDDEN}{national[-4:] if len(national) >= 8 else national[-2:]}"


def _parsed(e164):
    try:
        return phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return None


_SHOWN = {"mobile": _mobile, "landline": _landline, "service": _service, "foreign": _foreign}
_MASKED = {
    "mobile": lambda e164: f"{e164[3:6]}{HIDDEN}{e164[-4:]}",
    "landline": _masked_landline,
    "service": _masked_service,
    "foreign": _masked_foreign,
}
