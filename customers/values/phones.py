"""Phone numbers as people type and paste them. Source: REC-07, REC-15.

The normal form is E.164 (+8613800138000) where the number can be dialled from abroad, else the digits as
dialled inside China without any plus sign (95588, 4008123123, 057196345). Issued mobile ranges and area codes are
those of the metadata of phonenumberslite for CN. A leading 0 that a spreadsheet has eaten is restored where only one
reading is possible.
"""

import re
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError

from . import numbering
from .phone_display import kind_of, masked, masked_email, shown  # noqa: F401  (one place to import phones from)
from .phone_errors import diagnosed, error
from .text import half_width, storable

LONGEST_NUMBER = 100  # characters; more is a story, not a number
LONGEST_CELL = 1000
_LONGEST_GROUPING = 5  # +86 010 6552 1234 801

_DASHES = re.compile("[‐-―−﹣－ー~_*]+")
_LABEL = re.compile(
    r"^(?:(?:手机|移动|联系|办公|固定|公司|客服)?(?:电话|手机|号码|座机|热线|传真)(?:号码?)?|手机|座机|办|宅|家|微信"
    r"|mobile|mob|telephone|phone|tel|cell|fax)"
    r"\s*[.:]?\s*(?=[\d+(])",
    re.IGNORECASE,
)
_SPREADSHEET_FLOAT = re.compile(r"(\+?\d+)\.0+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d{1,3})", re.IGNORECASE | re.ASCII)
_MARKED_EXTENSION = re.compile(
    r"[\s,;(-]*(?:转接?|轉|分机号?|分機|内线|ext(?:ension|n)?\.?|x|#)[\s:.)-]*([0-9]{1,6})\s*\)?$", re.IGNORECASE
)
_HYPHENED_EXTENSION = re.compile(r"^(.*\d\)?)\s*[-(]\s*(\d{1,6})\)?$")
_SEPARATORS = re.compile(r"[\s().-]+")
_STRANGE = re.compile(r"[^0-9\s().+-]+")

_BETWEEN_NUMBERS = re.compile(
    r"[/／、;；,，|｜\\＼\n\r\t]+|(?<=\d)\s*(?:或者?|和|及|以及|\bor\b|\band\b|&)\s*(?=[\d+(])"
)
_REMARK = re.compile(r"[(（]([^()（）\d转]+)[)）]")
_MARK_BEFORE_DIGITS = re.compile(r"\s*(?:转接?|轉|分机号?|分機|内线|\bext(?:ension|n)?\.?)[\s:.]*(?=\d)", re.IGNORECASE)
_WORD_EDGE = re.compile(
    r"(?<=[^\W\d_转])\s*:?\s*(?=[\d+(])|(?<=\d)(?=[^\W\d_转])|(?<=\d{11})-(?=1\d{10}|0\d{9})"
    r"|(?<=(?<!\d)1\d{10})(?=1\d{10}(?!\d))"  # two of eleven figures without anything between
)


@dataclass(frozen=True, slots=True)
class Phone:
    """One number. `e164` is the normal form (see above), `kind` is mobile, landline, service or foreign."""

    e164: str
    kind: str
    extension: str = ""
    as_written: str = ""


def read(text, region="CN"):
    """The one number in the text, which was written in this region (ISO code).

    Raises ValidationError (codes: see `phone_errors`) that says what is wrong and how to mend it.
    """
    if isinstance(text, str) and len(text) == numbering.MOBILE_LENGTH and region == "CN":
        plain = _plain_mobile(text)
        if plain:
            return plain
    written = storable("" if text is None else str(text))
    if len(written) > LONGEST_NUMBER:
        raise error("several")
    body = _DASHES.sub("-", half_width(text))
    if not body:
        raise error("empty")
    if _SCIENTIFIC.fullmatch(body):
        raise error("scientific", written=body)
    body = _LABEL.sub("", body)
    if whole := _SPREADSHEET_FLOAT.fullmatch(body):
        body = whole[1]
    extension = ""
    if marked := _MARKED_EXTENSION.search(body):
        body, extension = body[: marked.start()], marked[1]
    if strange := _STRANGE.search(body):
        raise error("characters" if re.search("[0-9]", body) else "no_digits", characters=strange[0])
    return _read_digits(body, extension, written, region)


def read_many(text, region="CN"):
    """All numbers of one cell, in order and each once, and the pieces that could not be read (nothing is lost).

    A number without area code that follows a landline in the same cell shares its area code. Never raises.
    """
    if isinstance(text, str) and len(text) == numbering.MOBILE_LENGTH and region == "CN":
        plain = _plain_mobile(text)
        if plain:
            return [plain], []
    text = storable(half_width(text) if isinstance(text, float) else "" if text is None else str(text))
    if len(text) > LONGEST_CELL:
        return [], [text]
    found, unreadable = {}, []
    area = ""
    for part in _BETWEEN_NUMBERS.split(text):
        if is_scientific(part):
            if not (whole := _written_out(part)):
                unreadable.append(part.strip())
                continue
            part = whole
        unreadable += [remark.strip() for remark in _REMARK.findall(part) if remark.strip()]
        for phone in _pieces(_REMARK.sub(" ", part).strip(), region, area):
            if isinstance(phone, Phone):
                found.setdefault((phone.e164, phone.extension), phone)
                area = _area(phone)
            else:
                unreadable.append(phone)
    return list(found.values()), unreadable


def is_scientific(text):
    """Whether this is a number as a spreadsheet shortens it: 1.39E+10."""
    return bool(_SCIENTIFIC.fullmatch(half_width(text)))


def _written_out(text):
    """13912345678 of 1.3912345678E+10; None where digits are lacking."""
    first, rest, exponent = _SCIENTIFIC.fullmatch(half_width(text)).groups()
    return first + rest if rest and len(rest) == int(exponent) else None


def _plain_mobile(digits):
    if digits[:5] in numbering.ISSUED_MOBILE_PREFIXES and digits.isascii() and digits.isdecimal():
        return Phone("+86" + digits, "mobile", "", digits)
    return None


def _read_digits(body, extension, written, region):
    tail = None if extension else _HYPHENED_EXTENSION.match(body)
    if tail and (number := _number(tail[1], region)):
        return Phone(*number, tail[2], written)
    if number := _number(body, region):
        return Phone(*number, extension, written)
    compact = _compact(body)
    if not re.search("[0-9]", compact):
        raise error("no_digits")
    if "+" in compact[1:]:
        raise error("several")
    if region != "CN" or (compact[0] == "+" and not compact.startswith("+86")):
        raise _foreign_error(compact, region)
    digits = _without_country(compact)
    if tail and len(_without_country(_compact(tail[1]))) in (7, 8):
        digits = _without_country(_compact(tail[1]))
    raise diagnosed(digits)


def _compact(body):
    """Digits with at most a leading plus sign; 00 in front is the same as a plus sign."""
    compact = _SEPARATORS.sub("", body)
    return "+" + compact.lstrip("+0") if compact.startswith(("00", "+0")) else compact


def _without_country(compact):
    if compact.startswith("+86"):
        return compact[3:]
    if compact.startswith("86") and len(compact) > numbering.MOBILE_LENGTH and not _domestic(compact):
        return compact[2:]
    return compact


def _number(body, region):
    """(normal form, kind) or None."""
    compact = _compact(body)
    if compact[:1] == "+" and not compact.startswith("+86"):
        return _foreign(compact, None)
    if compact[:1] != "+" and region != "CN":
        return _foreign(compact, region)
    return _domestic(_without_country(compact))


def _domestic(digits):
    if not digits.isdecimal():
        return None
    if numbering.is_mobile(digits):
        return "+86" + digits, "mobile"
    if numbering.is_service(digits):
        return digits, "service"
    national = digits[1:] if digits[0] == "0" else digits
    if numbering.is_landline(national) and (digits[0] == "0" or len(national) >= 10):
        return "+86" + national, "landline"
    if digits[0] == "0" and numbering.is_mobile(national):
        return "+86" + national, "mobile"
    if digits[0] == "0" and numbering.is_area_service(national):
        return digits, "service"
    return None


def _foreign(compact, region):
    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 86:
        return _domestic(str(number.national_number))
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), "foreign"


def _foreign_error(compact, region):
    try:
        number = phonenumbers.parse(compact, None if compact[0] == "+" else region)
    except phonenumbers.NumberParseException:
        return error("country")
    return error("foreign", country=number.country_code)


def _pieces(part, region, area):
    """The phones and unreadable texts of a part that holds no hard separator."""
    if not part:
        return
    if phone := _try(part, region, area):
        yield phone
        return
    words = _WORD_EDGE.sub(" ", _MARK_BEFORE_DIGITS.sub("转", _DASHES.sub("-", half_width(part)))).split()
    lost = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST_GROUPING, len(words) - at), 0, -1):
            if phone := _try(" ".join(words[at : at + size]), region, area):
                if lost:
                    yield " ".join(lost)
                    lost = []
                yield phone
                area = _area(phone)
                at += size
                break
        else:
            lost.append(words[at])
            at += 1
    if lost:
        yield " ".join(lost)


def _try(text, region, area):
    try:
        return read(text, region)
    except ValidationError as problem:
        if problem.code != "no_area" or not area:
            return None
    try:
        phone = read(f"0{area}-{text}", region)
    except ValidationError:
        return None
    return Phone(phone.e164, phone.kind, phone.extension, text)


def _area(phone):
    return numbering.split_area(phone.e164[3:])[0] if phone.kind == "landline" else ""
