"""One row of a legacy spreadsheet as clean values, or why it is not taken. Source: REC-15; import.md "Row outcomes".

    judge = Judge(table.headings, table.fields, wording, date1904=source.date1904)
    found = judge(row.cells)
    found.rejected      # "" or the first of REJECTED that holds
    found.problems      # cells to colour, each with its sentence, also of rows that are taken

Sentences are in the language that is active while a row is judged.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.values import credit_codes, dates, phones, suspicion
from customers.values.keys import Profile
from customers.values.persons import split_title
from customers.values.text import clean, clean_lines, person_name

from . import headings as known_headings

REJECTED = {
    "no_name": _("There is no customer name: fill it in."),
    "no_contact": _("There is no phone, e-mail or address: fill in at least one of them."),
    "credit_code": _("The check digit of the credit code is wrong: compare it with the licence."),
    "date": _("This is no date: write it as 2012-05-03."),
    "branch": _("There is no unit of this name: correct it or choose a unit for such rows."),
}
WARNINGS = {
    "virtual_name": _("The name looks invented: %(why)s."),
    "virtual_phone": _("The phone looks invented: %(why)s."),
    "phone": _("“%(written)s” is no phone number: it is kept in the remarks."),
    "email": _("“%(written)s” is no e-mail address: it is kept in the remarks."),
    "unknown_word": _("“%(written)s” is not in the list: the usual value is taken and what was written is kept."),
    "default_branch": _("There is no unit “%(written)s”: the chosen unit is taken and what was written is kept."),
    "too_long": _("The text is longer than its field: it is cut there and kept whole beside it."),
    "cut_by_spreadsheet": _("The spreadsheet has cut off digits of this number: look it up and enter it as text."),
}
# Longest texts of the record's columns; what is longer is cut there and kept whole among the extras.
_LONGEST = {"name": 120, "contact": 50, "title": 50, "address": 200, "remarks": 2000, "preferences": 2000, "needs": 500}
LONGEST_EXTENSION, LONGEST_WRITTEN = 10, 254
_CODED = ("source", "tier", "kind", "industry", "size", "business_type")
_PLAIN = ("country", "province", "city", "district", "area", "owner", "author")
_EXACT_DIGITS = 1e15  # a spreadsheet keeps no more digits of a number
# How people write that they have nothing to write. In a name it is a sign of an invented one, and no date is "none".
_NOTHING = frozenset(
    ("无", "無", "没有", "暂无", "暂缺", "空", "缺", "不详", "未知", "未填", "n/a", "na", "none", "null", "nil", "nan")
)
_STROKES = re.compile(r"[\s\-‐-―−_/\\.。*~—–]+")
_BETWEEN_EMAILS = re.compile(r"[\s,，;；、/|]+")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SEVEN_DIGITS = re.compile(r"\d(?:[\s()+-]*\d){6}")
_JOB_FIRST = re.compile(r"[:：,，;；、/\s]+")


@dataclass(slots=True)
class Problem:
    """A cell to colour: its column from 0 (None when no column of the sheet has the field) and what is wrong with it.
    `code` is a key of REJECTED or WARNINGS."""

    column: int | None
    code: str
    sentence: str


@dataclass(slots=True)
class Judged:
    """A row read. Entries of lists (branch, source, tier ...) are what the Wording has for them, or None."""

    rejected: str = ""
    name: str = ""
    kind: str = "company"
    contact: str = ""
    title: str = ""
    phones: tuple = ()  # values.phones.Phone
    emails: tuple = ()
    credit_code: str = ""
    country: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    area: str = ""
    address: str = ""
    branch: object = None
    source: object = None
    tier: object = None
    industry: object = None
    size: object = None
    business_type: object = None
    owner: str = ""
    author: str = ""
    created_on: object = None  # datetime.date
    needs: tuple = ()
    preferences: str = ""
    remarks: str = ""
    extras: dict = field(default_factory=dict)  # {heading: text}
    virtual: tuple = ()  # codes of suspicion.REASONS
    warned: bool = False  # something else than a virtual name or phone
    problems: list = field(default_factory=list)

    def profile(self):
        """For comparing with other customers; see customers.values.keys.compare."""
        return Profile(
            self.name,
            self.credit_code,
            frozenset(phone.e164 for phone in self.phones),
            self.branch,
            self.kind == "company",
            frozenset(self.emails),
        )


class Judge:
    """Judges the rows of one table. `fields` are as `headings.guess` gives them, or corrected."""

    def __init__(self, headings, fields, wording, *, date1904=False):
        self._wording, self._date1904 = wording, date1904
        self._columns = {}
        for at, name in enumerate(fields):
            if name and (name not in self._columns or name in known_headings.REPEATABLE):
                self._columns.setdefault(name, []).append(at)
        used = {at for columns in self._columns.values() for at in columns}
        self._headings = _distinct(headings)
        self._spare = [at for at in range(len(headings)) if at not in used or fields[at] == "number"]
        self._persons = known_headings.names_persons(headings, fields)

    def __call__(self, cells):
        found = Judged()
        self._spare_cells(found, cells)
        self._texts(found, cells)
        self._who(found, cells)
        self._ways(found, cells)
        self._must_have(found, cells)
        self._credit_code(found, cells)
        self._date(found, cells)
        self._lists(found, cells)
        self._fit(found)
        return found

    def _cell(self, cells, name):
        """(column, cell) of a field that has one column; (None, None) without."""
        columns = self._columns.get(name)
        return (columns[0], cells[columns[0]]) if columns else (None, None)

    def _text(self, cells, name):
        _at, cell = self._cell(cells, name)
        return _something(cell) if cell is not None else ""

    def _spare_cells(self, found, cells):
        for at in self._spare:
            cell = cells[at]
            if cell is not None and (text := clean_lines(_written(cell))):
                found.extras[self._headings[at]] = text
                if _is_cut(cell):
                    self._warn(found, at, "cut_by_spreadsheet")
        for at in range(len(self._headings), len(cells)):  # beyond the last heading
            if cells[at] is not None and (text := clean_lines(_written(cells[at]))):
                found.extras[str(_("Column %(number)d")) % {"number": at + 1}] = text

    def _texts(self, found, cells):
        for name in _PLAIN:
            if name in self._columns:
                setattr(found, name, self._text(cells, name))
        if "address" in self._columns:
            found.address = " ".join(self._text(cells, "address").splitlines())
        for name in ("remarks", "preferences", "needs"):
            columns = self._columns.get(name, ())
            texts = [text for at in columns if cells[at] is not None and (text := clean_lines(_written(cells[at])))]
            if texts:
                setattr(found, name, tuple(texts) if name == "needs" else "\n".join(texts))

    def _who(self, found, cells):
        at, cell = self._cell(cells, "name")
        if cell is not None:
            found.name = clean(_written(cell))
            if why := suspicion.virtual_name(found.name) if found.name else None:
                found.virtual = (why,)
                self._problem(found, at, "virtual_name", why=suspicion.REASONS[why])
        if self._persons:
            found.kind, found.name = "individual", person_name(found.name)
        if "contact" in self._columns:
            found.contact = person_name(self._text(cells, "contact"))
        found.title = self._text(cells, "title")
        if found.contact and not found.title:
            found.contact, found.title = split_title(found.contact)

    def _ways(self, found, cells):
        numbers, unreadable = {}, []
        for at in self._columns.get("phone", ()):
            cell = cells[at]
            if cell is None or not (text := _something(cell, lines=True)):
                continue
            read, lost = _phones(text)
            for phone in read:
                if (phone.e164, phone.extension) not in numbers:
                    numbers[phone.e164, phone.extension] = phone
                    if why := suspicion.virtual_phone(phone):
                        found.virtual += (why,)
                        self._problem(found, at, "virtual_phone", why=suspicion.REASONS[why])
            unreadable += [(at, "phone", piece) for piece in lost]
        if found.contact and _SEVEN_DIGITS.search(found.contact):  # 张三 13812345678
            read, lost = _phones(found.contact)
            if read:
                numbers |= {(phone.e164, phone.extension): phone for phone in read}
                found.contact = person_name(_JOB_FIRST.sub(" ", " ".join(lost)))
        emails = {}
        for at in self._columns.get("email", ()):
            for piece in _BETWEEN_EMAILS.split(_something(cells[at], lines=True)) if cells[at] is not None else ():
                if _EMAIL.fullmatch(piece) and len(piece) <= LONGEST_WRITTEN:
                    emails[piece.lower()] = None
                elif piece:
                    unreadable.append((at, "email", piece))
        found.phones, found.emails = tuple(numbers.values()), tuple(emails)
        for at, code, piece in unreadable:
            self._warn(found, at, code, written=piece[:60])
            _add_line(found, f"{self._headings[at]}: {piece}")

    def _must_have(self, found, cells):
        if not found.name:
            self._reject(found, "no_name", self._cell(cells, "name")[0])
        if not (found.phones or found.emails or found.address):
            columns = [at for name in ("phone", "email", "address") for at in self._columns.get(name, ())]
            self._reject(found, "no_contact", columns[0] if columns else None)

    def _credit_code(self, found, cells):
        at, cell = self._cell(cells, "credit_code")
        if cell is None or not (text := _something(cell)):
            return
        if _is_cut(cell):
            self._reject(found, "credit_code", at, str(WARNINGS["cut_by_spreadsheet"]))
            return
        found.credit_code, problem = _read_code(text)
        if problem:
            self._reject(found, "credit_code", at, problem if problem is not True else None)

    def _date(self, found, cells):
        at, cell = self._cell(cells, "created_on")
        if cell is None or not (text := _no_strokes(clean(_written(cell)))):
            return
        found.created_on, problem = _read_date(text, self._date1904)
        if problem:
            self._reject(found, "date", at, problem)

    def _lists(self, found, cells):
        wording = self._wording
        for name in _CODED:
            at, cell = self._cell(cells, name)
            word = _something(cell) if cell is not None else ""
            entry = wording.find(name, word) if word else None
            if word and entry is None:
                self._warn(found, at, "unknown_word", written=word[:60])
                found.extras[self._headings[at]] = word
            if entry is None:
                entry = wording.defaults.get(name)
            if name != "kind":
                setattr(found, name, entry)
            elif entry:
                found.kind = entry
        at, cell = self._cell(cells, "branch")
        word = _something(cell) if cell is not None else ""
        found.branch = wording.find("branch", word) if word else None
        if found.branch is None:
            found.branch = wording.defaults.get("branch")
            if found.branch is None:
                self._reject(found, "branch", at)
            elif word:
                self._warn(found, at, "default_branch", written=word[:60])
                found.extras[self._headings[at]] = word

    def _fit(self, found):
        for name, longest in _LONGEST.items():
            value = getattr(found, name)
            if name == "needs":
                if any(len(text) > longest for text in value):
                    self._keep_whole(found, name, "\n".join(value))
                    found.needs = tuple(text[:longest] for text in value)
            elif len(value) > longest:
                self._keep_whole(found, name, value)
                setattr(found, name, value[:longest])

    def _keep_whole(self, found, name, text):
        columns = self._columns.get(name, ())
        self._warn(found, columns[0] if columns else None, "too_long")
        found.extras[self._headings[columns[0]] if columns else str(known_headings.FIELDS[name])] = text

    def _reject(self, found, code, column, sentence=None):
        found.rejected = found.rejected or code
        found.problems.append(Problem(column, code, sentence or str(REJECTED[code])))

    def _warn(self, found, column, code, **params):
        found.warned = True
        self._problem(found, column, code, **params)

    @staticmethod
    def _problem(found, column, code, **params):
        found.problems.append(Problem(column, code, str(WARNINGS[code]) % params))


def _written(cell):
    """A cell as text: whole numbers without .0, other numbers as short as they are exact."""
    kind = type(cell)
    if kind is str:
        return cell
    if kind is float:
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    return str(cell)


def _something(cell, *, lines=False):
    """The cleaned text of a cell; "" where it only says that there is nothing."""
    text = clean_lines(_written(cell)) if lines else clean(_written(cell))
    return "" if len(text) < 8 and text.lower() in _NOTHING else _no_strokes(text)


def _no_strokes(text):
    return "" if text and len(text) < 8 and _STROKES.fullmatch(text) else text


def _is_cut(cell):
    return type(cell) is float and abs(cell) >= _EXACT_DIGITS


def _add_line(found, line):
    found.remarks = f"{found.remarks}\n{line}" if found.remarks else line


def _distinct(headings):
    """Each heading as the name of an attribute: equal ones are numbered, empty ones named by their column."""
    names = []
    for at, heading in enumerate(headings):
        base = name = heading or str(_("Column %(number)d")) % {"number": at + 1}
        count = 1
        while name in names:
            count += 1
            name = f"{base} {count}"
        names.append(name)
    return names


@lru_cache(maxsize=65536)
def _phones(text):
    read, lost = phones.read_many(text)
    fitting = [phone for phone in read if len(phone.extension) <= LONGEST_EXTENSION]
    return fitting, lost + [phone.as_written for phone in read if len(phone.extension) > LONGEST_EXTENSION]


def _read_code(text):
    """(code, None), or ("", what is wrong: a sentence, True for the check digit)."""
    try:
        code = credit_codes.read(text)
    except ValidationError as problem:
        return "", problem.messages[0]
    return (code.value, None) if code.check_digit_ok else ("", True)


@lru_cache(maxsize=65536)
def _date_of(text, date1904):
    try:
        return dates.read(text, date1904=date1904), None
    except ValidationError as problem:
        return None, problem


def _read_date(text, date1904):
    date, problem = _date_of(text, date1904)
    return date, problem.messages[0] if problem else None
