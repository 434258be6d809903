"""One row of a legacy spreadsheet as clean values, or why it is not taken. Source: REC-15; import.md "Row outcomes".

    judge = Judge(table.headings, table.fields, wording, date1904=source.date1904)
    found = judge(row.cells)
    found.rejected      # "" or the first of REJECTED that holds
    found.problems      # cells to colour, each with its sentence, also of rows that are taken

Each cell is read by the widget of its column, see `resource`; here its value finds its place beside the others of the
row. Sentences are in the language that is active while a row is judged.
"""

import re
from functools import partial

from django.core.exceptions import ValidationError

from customers.values import numbering, phones, suspicion
from customers.values.persons import is_addressed, is_name, whole_name
from customers.values.text import person_name

from . import dialling, people
from . import headings as known_headings
from .cells import EXACT_DIGITS, FAULTS, column_name, distinct, something, tidy, tidy_lines
from .judged import NO_UNITS, REJECTED, WARNINGS, Judged, Problem, spoken
from .resource import COLUMNS
from .widgets import LONGEST_WRITTEN, Word, quoted

_CUT = ("name", "contact", "title", "address", "remarks", "preferences")
_LONGEST = {name: COLUMNS[name].longest for name in _CUT}
_LISTS = frozenset(name for name, column in COLUMNS.items() if isinstance(column.widget, Word)) - {"branch"}
# Others add to the remarks, a contact may bring phones, an e-mail address a contact's name; the rest: 1.
_TURNS = {"remarks": 0, "title": 0, "contact": 2, "email": 3}
_DIGITS = re.compile(r"\d")


class Judge:
    """Judges the rows of one table. `fields` are as `headings.guess` gives them, or corrected."""

    def __init__(self, headings, fields, wording, *, date1904=False, date_orders=(), own=None, sheet=""):
        """`date_orders`: of each column, as `looking` found it. `own`: {field: Column} of the company's own fields. A
        sheet that bears the name of a unit is that unit's, where no column says one."""
        self._wording, self._own, self._headings = wording, own or {}, distinct(headings)
        self._whole_numbers = dialling.joined(headings, fields)
        self._is_individual = known_headings.names_persons(headings, fields)
        self._defaults = {name: entry for name, entry in wording.defaults.items() if name in _LISTS}
        self._unit = wording.find("branch", sheet) if sheet and "branch" not in fields else None
        self._unit = self._unit or wording.defaults.get("branch")
        self._columns, orders = {}, dict(enumerate(date_orders))
        readers = []
        for at, name in enumerate(fields):
            if name in self._columns and name not in known_headings.REPEATABLE:
                name = None
            if name:
                self._columns.setdefault(name, []).append(at)
            known = {"heading": self._headings[at], "date1904": date1904, "order": orders.get(at)}
            readers.append((self._turn_of(name), at, name, self._reader_of(name, **known), self._place_of(name)))
        readers.sort(key=lambda reader: reader[:2])
        self._readers = [reader[1:] for reader in readers]

    def __call__(self, cells):
        if self._whole_numbers:
            cells = self._whole_numbers(cells)
        found = Judged()
        for at, name, read, place in self._readers:
            value = cell = cells[at]
            if cell is None:
                continue
            if type(cell) is str and cell[:1] == "#" and cell in FAULTS:
                self._tell_fault(found, at, name, cell)
                continue
            if read is not None:
                try:
                    value = read(cell)
                except ValidationError as problem:
                    self._refuse(found, at, name, cell, problem)
                    continue
            if place is not None:
                place(found, at, value)
            elif value is not None:
                setattr(found, name, value)
        if len(cells) > len(self._headings):
            self._keep_beyond(found, cells)
        self._take_defaults(found)
        self._check(found)
        return found

    def _take_defaults(self, found):
        for name, entry in self._defaults.items():
            if getattr(found, name) is None:
                setattr(found, name, entry)
                found.by_default += (name,)

    @staticmethod
    def _turn_of(name):
        return _TURNS.get(known_headings.FURTHER.get(name, (1, name))[1], 1)

    def _reader_of(self, name, **known):
        """What reads the cells of a column; None where they are kept or passed over as they stand."""
        column = COLUMNS.get(name) or self._own.get(name)
        return column.reader(find=partial(self._wording.find, name), **known) if column and name != "number" else None

    def _place_of(self, name):
        """What gives the values of a column their place in a row; None: the attribute of this name."""
        places = {
            "name": self._place_name,
            "contact": self._place_contact,
            "phone": self._place_phones,
            "email": self._place_emails,
            "address": self._place_address,
            "needs": self._add_need,
            "preferences": partial(self._add_lines, "preferences"),
            "remarks": partial(self._add_lines, "remarks"),
            "number": self._keep_cell,
            known_headings.REFERENCE: self._place_reference,
            known_headings.REASON: self._pass_over,
        }
        if name in known_headings.FURTHER:
            number, base = known_headings.FURTHER[name]
            return partial(self._place_further, number, base, places.get(base))
        if name in self._own:
            return partial(self._place_own, name)
        return places.get(name) if name in COLUMNS or name in places else self._keep_cell

    def _tell_fault(self, found, at, name, cell):
        """There is no value; of a date nobody knows whether it was one."""
        if name == "created_on":
            self._reject(found, "date", at, str(WARNINGS["formula"]) % {"written": cell})
        else:
            self._warn(found, at, "formula", written=cell)

    def _refuse(self, found, at, name, cell, problem):
        """A cell that its widget cannot read is a reason to reject, or kept beside the record as it is written."""
        if name == "created_on":
            self._reject(found, "date", at, problem.messages[0], {"date": problem.code, **(problem.params or {})})
        elif name == "credit_code" and problem.code == "old":  # no credit code at all, and nobody has another
            self._warn(found, at, "old_number")
            found.extras[self._headings[at]] = something(cell)
        elif name == "credit_code":
            self._reject(found, "credit_code", at, problem.messages[0], {} if problem.code in REJECTED else None)
        else:
            self._keep_word(found, at, name, something(cell), problem.code)

    def _keep_word(self, found, at, name, word, code):
        if name in COLUMNS:
            self._wording.miss(name, word)
        if name == "branch":
            if "branch" not in self._wording.defaults:
                return  # a reason to reject, as where there is none
            code = "default_branch"
        elif code == "unknown_word" and name not in self._defaults:
            code = "left_empty"  # nobody chose a default
        self._warn(found, at, code, **quoted(word))
        found.extras[self._headings[at]] = word

    def _keep_cell(self, found, at, cell):
        if text := tidy_lines(cell):
            found.extras[self._headings[at]] = text
            if type(cell) is float and abs(cell) >= EXACT_DIGITS:
                self._warn(found, at, "cut_by_spreadsheet")

    def _keep_beyond(self, found, cells):
        for at in range(len(self._headings), len(cells)):
            if cells[at] is not None and (text := tidy_lines(cells[at])):
                found.extras[column_name(at)] = text

    @staticmethod
    def _place_further(number, name, place, found, at, value):
        """What tells of a second or third contact stands in a row of its own, as that of the first does."""
        other = found.further.get(number)
        if other is None:
            other = found.further[number] = Judged()
        if place:
            place(other, at, value)
        else:
            setattr(other, name, value)

    @staticmethod
    def _place_own(name, found, _at, value):
        if value is not None:
            found.own[name] = value

    @staticmethod
    def _place_reference(found, _at, cell):
        found.reference = tidy(cell)

    @staticmethod
    def _pass_over(_found, _at, _cell):
        pass

    @staticmethod
    def _add_need(found, _at, text):
        if text:
            found.needs += (text,)

    @staticmethod
    def _add_lines(name, found, _at, text):
        if text:
            before = getattr(found, name)
            setattr(found, name, f"{before}\n{text}" if before else text)

    def _place_name(self, found, at, text):
        found.name = text
        if self._is_individual:
            found.name, found.kind = person_name(text), "individual"
        if found.name and (why := suspicion.virtual_name(found.name)):
            found.virtual += (why,)
            found.name_is_virtual = True
            self._problem(found, at, "virtual_name", why=why)

    def _place_contact(self, found, at, person):
        whole, name, title, numbers, found.people = person
        if numbers:
            self._add_phones(found, at, numbers)
        found.contact = whole
        if title in found.title or not found.title:  # and nothing is lost
            found.contact, found.title = name, found.title or title

    def _place_address(self, found, at, value):
        found.address, numbers = value
        if numbers:
            self._add_phones(found, at, numbers)

    def _place_phones(self, found, at, value):
        numbers, lost, addresses, several = value
        if addresses:
            self._add_emails(found, at, addresses)
        self._add_phones(found, at, numbers)
        if len(numbers) > 1:
            found.several += (("phones", numbers),)
        if several and "contact" not in self._columns and not found.contact and all(one.phone for one in several):
            found.people, lost = several, ()
        for piece in lost:
            if (
                numbers
                and not found.contact
                and "contact" not in self._columns
                and (is_name(piece) or is_addressed(piece))
            ):
                found.contact = piece  # 联系人/电话 in one column
            elif numbers and not _DIGITS.search(piece):  # 微信同号
                self._remark(found, at, piece)
            else:
                self._keep_unread(found, at, "cut_by_spreadsheet" if phones.is_scientific(piece) else "phone", piece)

    def _add_phones(self, found, at, numbers):
        for phone in numbers:
            known = found.phones
            if known and any(phone.e164 == one.e164 and phone.extension == one.extension for one in known):
                continue
            found.phones += (phone,)
            if why := suspicion.virtual_phone(phone):
                found.virtual += (why,)
                self._problem(found, at, "virtual_phone", why=why)
            elif not numbering.is_short_service(phone.e164):
                found.phone_keys += (phone.e164,)

    def _place_emails(self, found, at, value):
        addresses, beside = value
        self._add_emails(found, at, addresses)
        if len(addresses) > 1:
            found.several += (
                ("emails", [address for address in map(str.lower, addresses) if address in found.emails]),
            )
        for piece in beside:
            if found.emails and piece.person:  # whose an address is
                if not found.contact and piece.person != found.name:
                    found.contact = piece.person
                elif piece.person not in (found.contact, found.name):
                    self._remark(found, at, piece.text)
            elif piece.phones:
                self._add_phones(found, at, piece.phones)
            else:
                self._keep_unread(found, at, "email", piece.text)

    def _add_emails(self, found, at, addresses):
        for written in addresses:
            address = written.lower()
            if len(address) > LONGEST_WRITTEN:
                self._keep_unread(found, at, "email", written)
            elif address not in found.emails:
                found.emails += (address,)

    def _keep_unread(self, found, at, code, piece):
        self._warn(found, at, code, **quoted(piece))
        self._remark(found, at, piece)

    def _remark(self, found, at, piece):
        line = f"{self._headings[at]}: {piece}"
        found.remarks = f"{found.remarks}\n{line}" if found.remarks else line

    def _check(self, found):
        """What a row must have, and whether it fits; then the first reason counts."""
        if found.family_name or found.given_name:
            self._join_names(found)
        if not found.name:
            self._reject(found, "no_name", self._first_column("name", "family_name"))
        if found.people or found.further:
            self._divide_people(found)
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
            self._place_name(found, self._first_column("family_name", "given_name"), person)
        elif not found.contact:
            found.contact = person_name(person)

    def _divide_people(self, found):
        """Several people of one cell are several contacts, behind those that have columns of their own."""

        def another():
            return found.further.setdefault(max(found.further, default=1) + 1, Judged())

        for number, one in ((1, found), *found.further.items()):
            if one.people and not people.divide(one, another):
                column = self._first_column("contact" if number == 1 else f"contact{number}")
                self._warn(found, column, "people", **quoted(one.contact))

    def _take_further(self, found):
        """What was noticed at further contacts counts for the row, and the customer is found by their ways, too."""
        for number, other in found.further.items():
            found.problems += other.problems
            found.virtual += other.virtual
            found.warned |= other.warned
            found.remarks = "\n".join(filter(None, (found.remarks, other.remarks)))
            found.phone_keys += tuple(key for key in other.phone_keys if key not in found.phone_keys)
            for name in ("contact", "title"):
                if len(text := getattr(other, name)) > _LONGEST[name]:
                    self._keep_whole(found, f"{name}{number}" if f"{name}{number}" in COLUMNS else name, text)
                    setattr(other, name, text[: _LONGEST[name]])

    def _first_column(self, *names):
        return next((self._columns[name][0] for name in names if name in self._columns), None)

    def _fit(self, found):
        for name, longest in _LONGEST.items():
            if len(text := getattr(found, name)) > longest:
                self._keep_whole(found, name, text)
                setattr(found, name, text[:longest])
        longest = COLUMNS["needs"].longest
        if found.needs and any(len(text) > longest for text in found.needs):
            self._keep_whole(found, "needs", "\n".join(found.needs))
            found.needs = tuple(text[:longest] for text in found.needs)

    def _keep_whole(self, found, name, text):
        column = self._first_column(name)
        self._warn(found, column, "too_long")
        heading = str(COLUMNS[name].label) if column is None else self._headings[column]
        found.extras[heading] = "\n".join(filter(None, (found.extras.get(heading), text)))

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
