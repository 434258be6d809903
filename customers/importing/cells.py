"""A cell of a legacy spreadsheet as text, phones or a date, as people write them. Source: REC-15."""

import re
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.values import dates, numbering, phones
from customers.values.text import clean, clean_lines

LONGEST_EXTENSION = 10  # of a phone, characters
FAULTS = frozenset(
    (
        "#N/A",
        "#REF!",
        "#NAME?",
        "#VALUE!",
        "#DIV/0!",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#GETTING_DATA",
        "#FORMULA!",
    )
)  # what a spreadsheet shows where a formula has no value
EXACT_DIGITS = 1e15  # a spreadsheet keeps no more digits of a number
# How people write that they have nothing to write. In a name it is a sign of an invented one, and no date is "none".
_NOTHING = frozenset((
    "无", "無", "没有", "暂无", "暫無", "暂缺", "空", "缺", "不详", "不詳", "未知", "未填", "待补",
    "待补充", "待填", "待定", "待查", "未提供", "未办理", "办理中", "n/a", "na", "none", "null", "nil", "nan",
))  # fmt: skip
_LONGEST_NOTHING = 6  # characters
_STROKES = re.compile(r"[\s\-‐-―−_/\\.。*~—–]+")
# Texts that cleaning leaves as they are, told apart much faster than by cleaning them.
_IS_CLEAN = re.compile("[0-9A-Za-z\u4e00-\u9fff（），：；、。@._/#+-]+").fullmatch
_MOBILE = re.compile(r"(?:(?:\+|00)?86[ -]?)?(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})")
_LANDLINE = re.compile(r"0([1-9][0-9]{1,2})-?([0-9]{4})[ -]?([0-9]{3,4})(?:(?:转|-)([0-9]{1,6}))?")
_DIGITS = re.compile(r"\d{3}").search
is_number_of_data = re.compile(r"\d{5}|@").search  # and not of the words of a header


def written(cell):
    """A cell as text: whole numbers without .0, other numbers as short as they are exact."""
    kind = type(cell)
    if kind is str:
        return cell
    if kind is float:
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    return str(cell)


def filled_in(cells):
    """[(column, cell)] of the cells in which something stands."""
    return [(at, cell) for at, cell in enumerate(cells) if cell is not None and cell != "" and not _is_space(cell)]


def _is_space(cell):
    return type(cell) is str and (cell.isspace() or (not cell.isalnum() and not clean(cell)))


def has_digits(cells):
    """Whether any cell has figures in it: a row of data nearly always, a header (电话2) hardly ever."""
    return any(type(cell) is float or (cell and _DIGITS(str(cell))) for cell in cells)


def tidy(cell):
    """The cell as one clean line; most are clean as they stand."""
    text = cell if type(cell) is str else written(cell)
    return text if _IS_CLEAN(text) else clean(text)


def tidy_lines(cell):
    text = cell if type(cell) is str else written(cell)
    return text if _IS_CLEAN(text) else clean_lines(text)


def something(cell):
    """The cleaned text of a cell; "" where it only says that there is nothing."""
    text = tidy(cell)
    return text if len(text) > _LONGEST_NOTHING else _unless_nothing(text)


def something_in_lines(cell):
    text = tidy_lines(cell)
    return text if len(text) > _LONGEST_NOTHING else _unless_nothing(text)


def _unless_nothing(text):
    return "" if text.lower() in _NOTHING else no_strokes(text)


def no_strokes(text):
    return "" if len(text) <= _LONGEST_NOTHING and _STROKES.fullmatch(text) else text


def distinct(headings):
    """Each heading as the name of an attribute: equal ones are numbered, empty ones named by their column."""
    names = []
    for at, heading in enumerate(headings):
        base = name = heading or column_name(at)
        count = 1
        while name in names:
            count += 1
            name = f"{base} {count}"
        names.append(name)
    return names


def column_name(at):
    return str(_("Column %(number)d")) % {"number": at + 1}


def phones_of(text):
    """(phones, pieces that are none), as phones.read_many; one number written in the usual ways is read at once."""
    if mobile := _MOBILE.fullmatch(text):
        digits = "".join(mobile.groups())
        if numbering.is_mobile(digits):
            return [phones.Phone("+86" + digits, "mobile", "", text)], ()
    elif landline := _LANDLINE.fullmatch(text):
        area, first, last, extension = landline.groups()
        if numbering.is_landline(area + first + last):
            return [phones.Phone("+86" + area + first + last, "landline", extension or "", text)], ()
    read, lost = phones.read_many(text)
    if any(len(phone.extension) > LONGEST_EXTENSION for phone in read):
        lost = lost + [phone.as_written for phone in read if len(phone.extension) > LONGEST_EXTENSION]
        read = [phone for phone in read if len(phone.extension) <= LONGEST_EXTENSION]
    return read, lost


@lru_cache(maxsize=65536)
def date_of(text, date1904, order=None):
    try:
        return dates.read(text, date1904=date1904, order=order), None
    except ValidationError as problem:
        return None, problem
