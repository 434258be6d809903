"""Dates as people type them and as spreadsheets hold them. Source: REC-07, REC-15.

Year first. Where the year is last, a day above 12 or a month in letters says which is which; 5/3/2012 alone does not.
"""

import datetime
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .text import half_width

FIRST_YEAR, LAST_YEAR = 1900, 2100
# Serial numbers of 1927 to 2099; smaller ones are far more likely a count or an age.
FIRST_SERIAL, LAST_SERIAL = 10000, 73050
_SERIAL_ZERO = datetime.date(1899, 12, 30)
_SERIAL_ZERO_1904 = datetime.date(1904, 1, 1)
_MONTHS_OF_A_YEAR = 12
_CENTURY_TURN = 70  # 69-5-3 is 2069, 70-5-3 is 1970

_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_SPOKEN = re.compile(
    "([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_TIME = re.compile(
    r"[\sT]*(?:\(?(?:星期|周)[一二三四五六日天]\)?)?[\sT]*(?:[上下]午\s*)?"
    r"(?:\d{1,2}(?::|时)\d{1,2}(?:(?::|分)\d{1,2}(?:\.\d+)?)?[分秒]?\s*(?:[AP]M)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE | re.ASCII,
)
_PARTS = re.compile(
    r"(\d{4}|\d{2})\s*[-./,、。\\年]\s*(\d{1,2})\s*[-./,、。\\月]\s*(\d{1,2})\s*[日号]?[.。]?", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NUMBER = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_NO_DAY = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])|\d{4}年?", re.ASCII)
_NO_YEAR = re.compile(r"\d{1,2}\s*[-./月]\s*\d{1,2}\s*[日号]?", re.ASCII)
_YEAR_LAST = (
    re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4}),?", re.ASCII),
    re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})(?!\d),?", re.ASCII),
)
DAY_FIRST, MONTH_FIRST, YEAR_LAST = "day", "month", "year"  # orders of dates with the year last
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]?\s*)?"
_IN_WORDS = (
    (re.compile(rf"{_WEEKDAY}{_DAY}[-\s.]*{_MONTH}[-\s,]*(\d{{4}}),?", re.ASCII | re.IGNORECASE), (3, 2, 1)),
    (re.compile(rf"{_DAY}-{_MONTH}-(\d{{2}})", re.ASCII | re.IGNORECASE), (3, 2, 1)),  # 4-Mar-21
    (re.compile(rf"{_WEEKDAY}{_MONTH}[-\s]*{_DAY}[-\s,]+(\d{{4}}),?", re.ASCII | re.IGNORECASE), (3, 1, 2)),
)  # which of its groups are year, month and day


def read(value, *, date1904=False, order=None):
    """The date in a cell or field: 2012-05-03, 2012.5.3, 2012年5月3日, 20120503, 12-5-3, 31/12/2012, 3 May 2012, a
    serial number, a date.

    A time of day behind it is left out, without shifting zones. `date1904` is the workbook's own setting; `order`
    that of the dates beside it (`common_order`), where the year is last. Raises ValidationError (codes: empty, no_date,
    no_day, no_year, year_last, month, day, year).
    """
    if isinstance(value, datetime.datetime):
        return _within_years(value.date())
    if isinstance(value, datetime.date):
        return _within_years(value)
    text = half_width(value)
    if not text:
        raise _error("empty")
    if serial := _NUMBER.fullmatch(text):
        return _from_serial(float(serial[0]), date1904)
    if spoken := _SPOKEN.match(text):
        rest = text[spoken.end() :]
        text = f"{spoken[1].translate(_NUMERALS)}-{_spoken_number(spoken[2])}-{_spoken_number(spoken[3])}{rest}"
    if order and (found := _year_last(text)):
        return _read_year_last(*found, order)
    for pattern in (_COMPACT, _PARTS):
        found = pattern.match(text)
        if found and _TIME.fullmatch(text, found.end()):
            return _date(*found.groups())
    if found := _year_last(text):
        return _read_year_last(*found, order)
    if parts := _in_words(text):
        return _date(*parts)
    for code, pattern in (("no_day", _NO_DAY), ("no_year", _NO_YEAR)):
        if pattern.fullmatch(text):
            raise _error(code)
    raise _error("no_date", written=text[:40])


def order(text):
    """What a date says of the dates beside it: DAY_FIRST as 31/12/2012, MONTH_FIRST as 12/31/2012, YEAR_LAST as
    5/3/2012, which does not say more, and 5/3/12, which may be a slip; None of one with the year first, or of none."""
    text = half_width(text)
    found = _year_last(text)
    if not found or _reads_year_first(text):
        return None
    first, second, year = found
    return (len(year) > 2 and _order(first, second)) or YEAR_LAST


def common_order(orders):
    """The order of dates of which each says something; YEAR_LAST where they do not agree."""
    told = orders & {DAY_FIRST, MONTH_FIRST}
    return told.pop() if len(told) == 1 else YEAR_LAST if orders - {None} else None


def _order(first, second):
    if min(first, second) <= _MONTHS_OF_A_YEAR < max(first, second):
        return DAY_FIRST if first > second else MONTH_FIRST
    return None


def _year_last(text):
    """(5, 3, "2012") of 5/3/2012, also of 5/3/12; or None."""
    for pattern in _YEAR_LAST:
        found = pattern.match(text)
        if found and _TIME.fullmatch(text, found.end()):
            return int(found[1]), int(found[2]), found[3]
    return None


def _reads_year_first(text):
    """Whether 12/5/30 may be a date with the year first."""
    found = _PARTS.match(text)
    if not found or not _TIME.fullmatch(text, found.end()):
        return False
    try:
        return bool(_date(*found.groups()))
    except ValidationError:
        return False


def _read_year_last(first, second, year, order):
    order = DAY_FIRST if first == second else _order(first, second) or order
    if order not in (DAY_FIRST, MONTH_FIRST):
        raise _error("year_last")
    return _date(year, second, first) if order == DAY_FIRST else _date(year, first, second)


def _in_words(text):
    """(year, month, day) of 3 May 2012, 03-May-2012 or May 3, 2012; None of anything else."""
    for pattern, places in _IN_WORDS:
        found = pattern.match(text)
        if found and _TIME.fullmatch(text, found.end()):
            year, month, day = found.group(*places)
            return year, 1 + _MONTHS.index(month[:3].lower()), day
    return None


def _date(year, month, day):
    written_year, year, month, day = year, int(year), int(month), int(day)
    if len(written_year) == 2:
        year += 1900 if year >= _CENTURY_TURN else 2000
    if not 1 <= month <= 12:
        raise _error("month", month=month)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _error("year", year=year)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise _error("day", year=year, month=month, day=day) from None


def _from_serial(serial, date1904):
    if not FIRST_SERIAL <= serial < LAST_SERIAL + 1:
        raise _error("no_date", written=f"{serial:g}")
    return (_SERIAL_ZERO_1904 if date1904 else _SERIAL_ZERO) + datetime.timedelta(days=int(serial))


def _within_years(date):
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise _error("year", year=date.year)
    return date


def _spoken_number(text):
    """23 from 二十三."""
    tens, ten, units = text.rpartition("十")
    if not ten:
        return int(text.translate(_NUMERALS))
    return int(tens.translate(_NUMERALS) or 1) * 10 + int(units.translate(_NUMERALS) or 0)


MESSAGES = {
    "empty": _("Enter a date, for example 2012-05-03."),
    "no_date": _("“%(written)s” is not a date: write it as 2012-05-03."),
    "no_day": _("The day or the month is missing: write the whole date, for example 2012-05-03."),
    "no_year": _("The year is missing: write the whole date, for example 2012-05-03."),
    "year_last": _("It is unclear which is the day and which the month: write the year first, as in 2012-05-03."),
    "month": _("There is no month %(month)d: write year, month and day, as in 2012-05-03."),
    "day": _("Month %(month)d of %(year)d has no day %(day)d: check the day."),
    "year": _("The year %(year)d cannot be right: it should lie between 1900 and 2100."),
}


def _error(code, **params):
    return ValidationError(MESSAGES[code], code=code, params=params)
