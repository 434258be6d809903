"""One row of a legacy spreadsheet as clean values, or why it is not taken. Source: REC-15; import.md "Row outcomes".

    judge = Judge(table.headings, table.fields, wording, date1904=source.date1904)
    found = judge(row.cells)
    found.rejected      # "" or the first of REJECTED that holds
    found.problems      # cells to colour, each with its sentence, also of rows that are taken

Sentences are in the language that is active while a row is judged.
"""

import re
from functools import partial

from django.core.exceptions import ValidationError

from customers.values import credit_codes, numbering, phones, suspicion
from customers.values.persons import is_addressed, is_name, split_title, whole_name
from customers.values.text import person_name

from . import headings as known_headings
from .cells import (
    EXACT_DIGITS,
    FAULTS,
    column_name,
    date_of,
    distinct,
    no_strokes,
    phones_of,
    something,
    something_in_lines,
    tidy,
    tidy_lines,
)
from .judged import NO_UNITS, REJECTED, WARNINGS, Judged, Problem, spoken

# Longest texts of the record's columns; what is longer is cut there and kept whole among the extras.
_LONGEST = {"name": 120, "contact": 50, "title": 50, "address": 200, "remarks": 2000, "preferences": 2000}
LONGEST_NEED, LONGEST_WRITTEN = 500, 254
_CODED = frozenset(("source", "tier", "kind", "industry", "size", "business_type"))
_PLAIN = frozenset(("title", "country", "province", "city", "district", "area", "owner", "author"))
_PARTS_OF_NAMES = frozenset(("given_name", "family_name"))
_LINES = frozenset(("remarks", "preferences", "needs"))
# Others add to the remarks, a contact may bring phones, an e-mail address a contact's name; the rest: 1.
_TURNS = {"remarks": 0, "title": 0, "contact": 2, "email": 3}
_REMEMBERED = 10_000  # cells of a column: most columns say a few things over and over
_SHORTEST_PHONE = 7
_SEVEN_DIGITS = re.compile(r"\d(?:[\s()+-]*\d){6}")
_DIGITS = re.compile(r"\d")
_BETWEEN_NAMES = re.compile(r"[:：,，;；、/]+")
_EMAIL = re.compile(
    r"(?<![\w.+@-])\w[\w.+%&'*=?^{}~!#$-]{0,63}@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++(?![\w.-]*@)", re.ASCII
)
_OF_PHONES = re.compile("电话|電話|phone|tel", re.IGNORECASE)
_AT_END = re.compile(r"[\s,，、;；:：]+(?:电话|電話|tel)?[.:：]?\s*([0-9][-0-9()（）/、 ]{6,})$", re.IGNORECASE)
_AROUND_EMAIL = re.compile(r"(?:mailto|电子邮[件箱]|邮[件箱]|电邮|e-?mail|mail)\s*[:：]", re.IGNORECASE)
_BETWEEN_EMAILS = re.compile(r"[\n,，;；、/|]+|\0")  # where an address was
_AT = re.compile(r"[ \t]*@[ \t]*")
_NO_LETTERS = re.compile(r"[\W_]*")
_MARKS = " \t.。:：!！?？\"“”'‘’<>《》()（）[]【】"


class Judge:
    """Judges the rows of one table. `fields` are as `headings.guess` gives them, or corrected."""

    def __init__(self, headings, fields, wording, *, date1904=False, date_orders=(), own=None, sheet=""):
        """`date_orders`: of each column, as `looking` found it. `own`: {field: reads a text as it is stored, or raises
        ValidationError} of the company's own fields. A sheet that bears the name of a unit is that unit's, where no
        column says one."""
        self._wording, self._date1904, self._own = wording, date1904, own or {}
        self._orders = dict(enumerate(date_orders))
        self._headings = distinct(headings)
        self._is_individual = known_headings.names_persons(headings, fields)
        self._defaults = {name: entry for name, entry in wording.defaults.items() if name in _CODED}
        self._unit = wording.find("branch", sheet) if sheet and "branch" not in fields else None
        self._unit = self._unit or wording.defaults.get("branch")
        self._columns = {}
        readers = []
        for at, name in enumerate(fields):
            if name in self._columns and name not in known_headings.REPEATABLE:
                name = None
            if name:
                self._columns.setdefault(name, []).append(at)
            _number, base = known_headings.FURTHER.get(name, (1, name))
            readers.append((_TURNS.get(base, 1), at, self._reader_of(name)))
        readers.sort(key=lambda reader: reader[:2])
        self._readers = [(at, read) for _turn, at, read in readers]

    def __call__(self, cells):
        found = Judged()
        for name, entry in self._defaults.items():
            setattr(found, name, entry)
        for at, read in self._readers:
            cell = cells[at]
            if cell is not None:
                if type(cell) is str and cell[:1] == "#" and cell in FAULTS:
                    self._read_fault(found, at, cell)
                else:
                    read(found, at, cell)
        if len(cells) > len(self._headings):
            self._read_beyond(found, cells)
        self._check(found)
        return found

    def _reader_of(self, name):
        own = {
            "name": self._read_name,
            "contact": self._read_contact,
            "phone": self._read_phones,
            "email": self._read_emails,
            "credit_code": self._read_credit_code,
            "address": self._read_address,
            "created_on": self._read_date,
            "branch": partial(self._read_branch, {}),
        }
        if name in own:
            return own[name]
        if name in known_headings.FURTHER:
            number, base = known_headings.FURTHER[name]
            return partial(self._read_further, number, self._reader_of(base))
        if name in _CODED:
            return partial(self._read_coded, name, {})
        if name in _LINES:
            return partial(self._read_lines, name)
        if name in _PLAIN:
            return partial(self._read_plain, name, {})
        if name in _PARTS_OF_NAMES:
            return partial(self._read_part_of_name, name)
        if name in self._own:
            return partial(self._read_own, name)
        if name == known_headings.REFERENCE:
            return self._read_reference
        if name == known_headings.REASON:
            return self._pass_over
        return self._read_extra

    @staticmethod
    def _read_further(number, read, found, at, cell):
        """A cell about a second or third contact: read like the first one's, into a row of its own."""
        read(found.further.setdefault(number, Judged()), at, cell)

    def _read_fault(self, found, at, cell):
        """There is no value; of a date nobody knows whether it was one."""
        if at in self._columns.get("created_on", ()):
            self._reject(found, "date", at, str(WARNINGS["formula"]) % {"written": cell})
        else:
            self._warn(found, at, "formula", written=cell)

    def _read_extra(self, found, at, cell):
        if text := tidy_lines(cell):
            found.extras[self._headings[at]] = text
            if type(cell) is float and abs(cell) >= EXACT_DIGITS:
                self._warn(found, at, "cut_by_spreadsheet")

    def _read_beyond(self, found, cells):
        for at in range(len(self._headings), len(cells)):
            if cells[at] is not None and (text := tidy_lines(cells[at])):
                found.extras[column_name(at)] = text

    def _read_own(self, name, found, at, cell):
        if text := something(cell):
            try:
                found.own[name] = self._own[name](text)
            except ValidationError:
                self._warn(found, at, "own_field", written=text[:60])
                found.extras[self._headings[at]] = text

    @staticmethod
    def _read_reference(found, _at, cell):
        found.reference = tidy(cell)

    @staticmethod
    def _pass_over(_found, _at, _cell):
        pass

    @staticmethod
    def _read_plain(name, memory, found, _at, cell):
        text = memory.get(cell)
        if text is None:
            if len(memory) >= _REMEMBERED:
                memory.clear()
            text = memory[cell] = something(cell)
        setattr(found, name, text)

    @staticmethod
    def _read_part_of_name(name, found, _at, cell):
        """Na is a name here, and NA none."""
        setattr(found, name, "Na" if tidy(cell) == "Na" else something(cell))

    @staticmethod
    def _read_lines(name, found, _at, cell):
        text = tidy_lines(cell)
        if text and name == "needs":
            found.needs += (text,)
        elif text:
            before = getattr(found, name)
            setattr(found, name, f"{before}\n{text}" if before else text)

    def _read_name(self, found, at, cell):
        found.name = person_name(tidy(cell)) if self._is_individual else tidy(cell)
        if self._is_individual:
            found.kind = "individual"
        if found.name and (why := suspicion.virtual_name(found.name)):
            found.virtual += (why,)
            found.name_is_virtual = True
            self._problem(found, at, "virtual_name", why=why)

    def _read_contact(self, found, at, cell):
        text = person_name(something(cell))
        if len(text) > _SHORTEST_PHONE and _SEVEN_DIGITS.search(text):  # 张三 13812345678
            read, lost = phones_of(text)
            if read:
                self._add_phones(found, at, read)
                text = person_name(" ".join(_BETWEEN_NAMES.sub(" ", " ".join(lost)).split()))
        found.contact = text
        name, title = split_title(text)
        if title in found.title or not found.title:  # and nothing is lost
            found.contact, found.title = name, found.title or title

    def _read_address(self, found, at, cell):
        """Of invoices, one column has 地址、电话."""
        found.address = text = something(cell)
        if _OF_PHONES.search(self._headings[at]) and (
            tail := _AT_END.search(text, max(0, len(text) - LONGEST_WRITTEN))  # of the end of a long cell alone
        ):
            read, lost = phones_of(tail[1])
            if read and not lost:
                self._add_phones(found, at, read)
                found.address = text[: tail.start()]

    def _read_phones(self, found, at, cell):
        text = something_in_lines(cell)
        if "@" in text and _EMAIL.search(text):  # 电话/邮箱 in one column
            self._add_emails(found, at, text)
            text = _EMAIL.sub(" ", text)
        if not text:
            return
        read, lost = phones_of(text)
        self._add_phones(found, at, read)
        for piece in lost:
            if (
                read
                and not found.contact
                and "contact" not in self._columns
                and (is_name(piece) or is_addressed(piece))
            ):
                found.contact = piece  # 联系人/电话 in one column
            elif read and not _DIGITS.search(piece):  # 微信同号
                self._remark(found, at, piece)
            else:
                self._keep_unread(found, at, "cut_by_spreadsheet" if phones.is_scientific(piece) else "phone", piece)

    def _add_phones(self, found, at, read):
        for phone in read:
            if not any(phone.e164 == known.e164 and phone.extension == known.extension for known in found.phones):
                found.phones += (phone,)
                if why := suspicion.virtual_phone(phone):
                    found.virtual += (why,)
                    self._problem(found, at, "virtual_phone", why=why)
                elif not numbering.is_short_service(phone.e164):
                    found.phone_keys += (phone.e164,)

    def _read_emails(self, found, at, cell):
        text = _AT.sub("@", something_in_lines(cell))
        self._add_emails(found, at, text)
        if not _EMAIL.fullmatch(text):
            self._read_around_emails(found, at, _EMAIL.sub("\0", _AROUND_EMAIL.sub("", text)))

    def _add_emails(self, found, at, text):
        for written in _EMAIL.findall(text):
            address = written.lower()
            if len(address) > LONGEST_WRITTEN:
                self._keep_unread(found, at, "email", written)
            elif address not in found.emails:
                found.emails += (address,)

    def _read_around_emails(self, found, at, text):
        """Whose an address is: Li Na <li@example.com>; and what is none."""
        for piece in _BETWEEN_EMAILS.split(text):
            piece = piece.strip(_MARKS)
            if found.emails and is_name(piece):
                person = person_name(piece)
                if not found.contact and person != found.name:
                    found.contact = person
                elif person not in (found.contact, found.name):
                    self._remark(found, at, piece)
            elif (numbers := phones_of(piece))[0] and not numbers[1]:
                self._add_phones(found, at, numbers[0])
            elif not _NO_LETTERS.fullmatch(piece):
                self._keep_unread(found, at, "email", piece)

    def _keep_unread(self, found, at, code, piece):
        self._warn(found, at, code, written=piece[:60])
        self._remark(found, at, piece)

    def _remark(self, found, at, piece):
        line = f"{self._headings[at]}: {piece}"
        found.remarks = f"{found.remarks}\n{line}" if found.remarks else line

    def _read_credit_code(self, found, at, cell):
        text = something(cell)
        if not text:
            return
        if type(cell) is float and abs(cell) >= EXACT_DIGITS:
            self._reject(found, "credit_code", at, str(WARNINGS["cut_by_spreadsheet"]))
            return
        try:
            code = credit_codes.read(text)
        except ValidationError as problem:
            self._reject(found, "credit_code", at, problem.messages[0])
            return
        if code.check_digit_ok:
            found.credit_code = code.value
        else:
            self._reject(found, "credit_code", at)

    def _read_date(self, found, at, cell):
        text = no_strokes(tidy(cell))
        if text:
            found.created_on, problem = date_of(text, self._date1904, self._orders.get(at))
            if problem:
                self._reject(found, "date", at, problem.messages[0], {"date": problem.code, **(problem.params or {})})

    def _read_coded(self, name, memory, found, at, cell):
        word, entry = self._entry(name, memory, cell)
        if entry is not None:
            setattr(found, name, entry)
        elif word:
            self._wording.miss(name, word)
            self._warn(found, at, "unknown_word", written=word[:60])
            found.extras[self._headings[at]] = word

    def _read_branch(self, memory, found, at, cell):
        word, found.branch = self._entry("branch", memory, cell)
        if word and found.branch is None:
            self._wording.miss("branch", word)
        if word and found.branch is None and "branch" in self._wording.defaults:
            self._warn(found, at, "default_branch", written=word[:60])
            found.extras[self._headings[at]] = word

    def _entry(self, name, memory, cell):
        """(word, entry or None) of a cell, as remembered."""
        if cell not in memory:
            word = something(cell)
            if len(memory) >= _REMEMBERED:
                memory.clear()
            memory[cell] = word, self._wording.find(name, word) if word else None
        return memory[cell]

    def _check(self, found):
        """What a row must have, and whether it fits; then the first reason counts."""
        if found.family_name or found.given_name:
            self._join_names(found)
        if not found.name:
            self._reject(found, "no_name", self._first_column("name", "family_name"))
        self._take_further(found)
        if not (found.phones or found.emails or found.address or any(o.phones or o.emails for o in found.others)):
            self._reject(found, "no_contact", self._first_column("phone", "email", "address"))
        if found.branch is None:
            found.branch = self._unit
            if found.branch is None:
                column = self._first_column("branch")
                self._reject(found, "branch", column, None if column is not None else str(NO_UNITS))
        self._fit(found)
        if found.problems:
            codes = {problem.code for problem in found.problems}
            found.rejected = next((code for code in REJECTED if code in codes), "")

    def _join_names(self, found):
        """The parts of a name are the contact's, or the customer's own where no column names a customer."""
        person = whole_name(found.family_name, found.given_name)
        if "name" not in self._columns:
            self._read_name(found, self._first_column("family_name", "given_name"), person)
        elif not found.contact:
            found.contact = person_name(person)

    def _take_further(self, found):
        """What was noticed at further contacts counts for the row, and the customer is found by their ways, too."""
        for number, other in found.further.items():
            found.problems += other.problems
            found.virtual += other.virtual
            found.warned |= other.warned
            found.remarks = "\n".join(filter(None, (found.remarks, other.remarks)))
            found.phone_keys += tuple(key for key in other.phone_keys if key not in found.phone_keys)
            for name in ("contact", "title"):
                if len(value := getattr(other, name)) > _LONGEST[name]:
                    self._keep_whole(found, f"{name}{number}", value)
                    setattr(other, name, value[: _LONGEST[name]])

    def _first_column(self, *names):
        return next((self._columns[name][0] for name in names if name in self._columns), None)

    def _fit(self, found):
        for name, longest in _LONGEST.items():
            value = getattr(found, name)
            if len(value) > longest:
                self._keep_whole(found, name, value)
                setattr(found, name, value[:longest])
        if any(len(text) > LONGEST_NEED for text in found.needs):
            self._keep_whole(found, "needs", "\n".join(found.needs))
            found.needs = tuple(text[:LONGEST_NEED] for text in found.needs)

    def _keep_whole(self, found, name, text):
        column = self._first_column(name)
        self._warn(found, column, "too_long")
        found.extras[str(known_headings.FIELDS[name]) if column is None else self._headings[column]] = text

    @staticmethod
    def _reject(found, code, column, sentence=None, params=None):
        if sentence is None:
            sentence, params = str(REJECTED[code]), {}
        found.problems.append(Problem(column, code, sentence, params))

    def _warn(self, found, column, code, **params):
        found.warned = True
        self._problem(found, column, code, **params)

    @staticmethod
    def _problem(found, column, code, **params):
        found.problems.append(Problem(column, code, spoken(WARNINGS[code], params), params))
