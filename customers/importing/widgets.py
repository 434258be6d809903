"""How the cells of spreadsheets are read. Source: REC-15.

Each is a widget of django-import-export: `clean` turns one cell into a clean value, or raises ValidationError with a
sentence. What to make of a value beside the others of its row is for whoever judges the row.
"""

import re
from functools import partial
from typing import NamedTuple

from django.core.exceptions import ValidationError
from import_export import fields, widgets

from customers.values import credit_codes
from customers.values.persons import is_name, split_title
from customers.values.text import person_name

from . import cells, people
from .judged import REJECTED, WARNINGS

LONGEST_WRITTEN = 254  # characters of an e-mail address, and of a phone as it is written
LONGEST_QUOTED = 60  # of a cell in a sentence
_REMEMBERED = 10_000  # cells of a column
_SHORTEST_PHONE = 7
_SEVEN_DIGITS = re.compile(r"\d(?:[\s()+-]*\d){6}")
_BETWEEN_NAMES = re.compile(r"[:：,，;；、/]+")
_EMAIL = re.compile(
    r"(?<![\w.+@-])\w[\w.+%&'*=?^{}~!#$-]{0,63}@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++(?![\w.-]*@)", re.ASCII
)
_AROUND_EMAIL = re.compile(r"(?:mailto|电子邮[件箱]|邮[件箱]|电邮|e-?mail|mail)\s*[:：]", re.IGNORECASE)
_BETWEEN_EMAILS = re.compile(r"[\n,，;；、/|]+|\0")  # where an address was
_AT = re.compile(r"[ \t]*@[ \t]*")
_LABEL_OF_CODE = re.compile("^(?:(?:统一)?(?:社会)?信用代?码|统一代码|代码|税号|纳税人?识别号)\\s*[:：]\\s*")
_NO_LETTERS = re.compile(r"[\W_]*")
_MARKS = " \t.。:：!！?？\"“”'‘’<>《》()（）[]【】"
_OF_PHONES = re.compile("电话|電話|phone|tel", re.IGNORECASE)
_AT_END = re.compile(r"[\s,，、;；:：]+(?:电话|電話|tel)?[.:：]?\s*([0-9][-0-9()（）/、 ]{6,})$", re.IGNORECASE)


class Widget(widgets.Widget):
    """`remembered`: its columns say a few things over and over. `told`: keywords of `clean`, what it must know of the
    column in which the cell stands."""

    remembered = False
    told = ()


class Column(fields.Field):
    """`label` is what people call it, `longest` how much of a text its record keeps. Several columns of a sheet may
    mean a `repeatable` one. `further`: (2, "phone") is the phone of the second contact."""

    def __init__(self, label, widget, *, attribute=None, longest=None, repeatable=False, further=None):
        super().__init__(attribute=attribute, widget=widget)
        self.label, self.longest, self.repeatable, self.further = label, longest, repeatable, further

    def reader(self, **known):
        """What reads cells that are not empty, of a column of which this is `known`: `clean`, found and bound once."""
        widget = self.widget
        clean = widget.text if isinstance(widget, Line) else widget.clean  # which is no more than that
        if widget.told:
            clean = partial(clean, **{name: known[name] for name in widget.told})
        return _Memory(clean).__getitem__ if widget.remembered else clean


class _Memory(dict):
    """{cell: what was read}."""

    def __init__(self, read):
        self._read = read

    def __missing__(self, cell):
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[cell] = self._read(cell)
        return value


class Line(Widget):
    """One line, also of words that only say that there is nothing: as a name they are a sign of an invented one."""

    text = staticmethod(cells.tidy)

    def clean(self, value, row=None, **kwargs):
        return self.text(value) if value is not None else ""


class Text(Line):
    """One line; what only says that there is nothing is nothing."""

    remembered = True
    text = staticmethod(cells.something)


class Lines(Line):
    text = staticmethod(cells.tidy_lines)


class Number(Widget):
    """The number of a paper or a code. A spreadsheet keeps fifteen digits of a long one."""

    remembered = True

    def clean(self, value, row=None, **kwargs):
        if type(value) is float and abs(value) >= cells.EXACT_DIGITS:
            raise ValidationError(WARNINGS["cut_by_spreadsheet"])
        return cells.something(value) if value is not None else ""


class CreditCode(Number):
    def clean(self, value, row=None, **kwargs):
        text = _LABEL_OF_CODE.sub("", super().clean(value))
        if not text:
            return ""
        code = credit_codes.read(text)
        if not code.check_digit_ok:
            raise ValidationError(REJECTED["credit_code"], code="credit_code")
        return code.value


class Day(Widget):
    """`date1904` is the workbook's own way of counting, `order` that of the column. A word for nothing is no day."""

    remembered = True
    told = ("date1904", "order")
    text = staticmethod(cells.something)

    def clean(self, value, row=None, *, date1904=False, order=None, **kwargs):
        text = cells.no_strokes(self.text(value)) if value is not None else ""
        if not text:
            return None
        day, problem = cells.date_of(text, date1904, order)
        if problem:
            raise problem.with_traceback(None)  # it is remembered, and would gather them
        return day


class DayForSure(Day):
    """Where a word for nothing is a mistake, too: 不详."""

    text = staticmethod(cells.tidy)


class Word(Widget):
    """A word of a list as its entry; None where the cell says nothing. `find` knows the list of the column."""

    remembered = True
    told = ("find",)

    def clean(self, value, row=None, *, find, **kwargs):
        word = cells.something(value) if value is not None else ""
        if not word:
            return None
        entry = find(word)
        if entry is None:
            raise ValidationError(WARNINGS["unknown_word"], code="unknown_word", params=quoted(word))
        return entry


class PartOfName(Widget):
    """Na is a name here, and NA none."""

    def clean(self, value, row=None, **kwargs):
        text = cells.tidy(value) if value is not None else ""
        return text if text == "Na" else cells.something(text)


class Contact(Widget):
    """(as written, name, job title, phones, people) of 王芳采购经理, or of 张三 13812345678. `people` are those of a
    cell that names several."""

    def clean(self, value, row=None, **kwargs):
        text = person_name(cells.something(value)) if value is not None else ""
        several, numbers = people.named(text), ()
        if len(text) > _SHORTEST_PHONE and _SEVEN_DIGITS.search(text):
            numbers, lost = cells.phones_of(text)
            if numbers:
                text = person_name(" ".join(_BETWEEN_NAMES.sub(" ", " ".join(lost)).split()))
        return text, *split_title(text), numbers, several


class Address(Widget):
    """(address, phones): of invoices, one column has 地址、电话, as its `heading` says."""

    told = ("heading",)

    def clean(self, value, row=None, *, heading="", **kwargs):
        text = cells.something(value) if value is not None else ""
        if _OF_PHONES.search(heading) and (
            tail := _AT_END.search(text, max(0, len(text) - LONGEST_WRITTEN))  # of the end of a long cell alone
        ):
            numbers, lost = cells.phones_of(tail[1])
            if numbers and not lost:
                return text[: tail.start()], numbers
        return text, ()


class Phones(Widget):
    """(phones, pieces that are none, addresses as EMAIL finds them, people): 电话/邮箱 may be one column. `people` are
    those who stand beside their phones, where there are several."""

    def clean(self, value, row=None, **kwargs):
        text = cells.something_in_lines(value) if value is not None else ""
        addresses = ()
        if "@" in text and (addresses := _EMAIL.findall(text)):
            text = _EMAIL.sub(" ", text)
        numbers, lost = cells.phones_of(text) if text else ((), ())
        several = people.named(text) if len(numbers) > 1 and len(lost) > 1 else ()
        return numbers, lost, addresses, several


class Piece(NamedTuple):
    """What stands beside e-mail addresses: a person's name, phones, or what is neither."""

    text: str
    person: str
    phones: list


class Emails(Widget):
    """(addresses, what stands beside them): Li Na <li@example.com>."""

    def clean(self, value, row=None, **kwargs):
        text = _AT.sub("@", cells.something_in_lines(value)) if value is not None else ""
        if not text or _EMAIL.fullmatch(text):
            return (text,) if text else (), ()
        around = _EMAIL.sub("\0", _AROUND_EMAIL.sub("", text))
        pieces = (piece.strip(_MARKS) for piece in _BETWEEN_EMAILS.split(around))
        return _EMAIL.findall(text), [self._piece(piece) for piece in pieces if not _NO_LETTERS.fullmatch(piece)]

    @staticmethod
    def _piece(text):
        numbers, lost = cells.phones_of(text)
        return Piece(text, person_name(text) if is_name(text) else "", () if lost else numbers)


def quoted(text):
    """The parameters of a sentence about what is written in a cell."""
    return {"written": text[:LONGEST_QUOTED]}
