"""One row of a spreadsheet of sales as clean values, or why it is not taken. Source: REC-15, REC-16.

Each cell is read by the widget of its field in `resource`. Whose purchase it is and whether it is known already is
found for whole chunks, by `finding`; the reasons of all of them are here, and the first one counts.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.importing import cells
from customers.importing import headings as common
from customers.importing.judged import WARNINGS as COMMON
from customers.importing.judged import Problem
from customers.importing.wording import dictionary, plain
from customers.models import Product
from customers.values.amounts import FEN

from .headings import PURCHASES

REJECTED = {
    "no_customer": _("The row names nobody: fill in the customer's name, phone or credit code."),
    "customer": _("No customer of the register is surely meant: correct the name, or add phone or credit code."),
    "date": _("There is no day of sale: write it as 2012-05-03."),
    "amount": _("There is no amount: write it as 1234.50."),
    "branch": _("There is no unit of this name: correct it or choose a unit for such rows."),
    "locked": _("%(month)s is locked: no purchase can be added to it."),
}
SEVERAL = _("Several customers match this row equally: add phone, credit code or unit.")
WARNINGS = {
    "default_branch": _("There is no unit “%(written)s”: the chosen unit is taken and what was written is kept."),
    "seller": _("“%(written)s” is the name of none of our people, or of several: it is kept as it is written."),
    "product": _("“%(written)s” is not in the list of products: it is kept as it is written."),
    "too_long": _("The text is longer than its field: it is cut there and kept whole beside it."),
    "other_amount": _("The file has this document with this product already, with another amount: that one counts."),
    "month_locked": _("The month is locked: the purchase stays as it is."),
}
_LONGEST = {name: column.longest for name, column in PURCHASES.columns.items() if column.longest}
_REASONS = {"bought_on": "date", "amount": "amount"}  # fields without which there is no purchase
_EXTRAS = frozenset(("unit_price", "number"))  # have no column of their own


@dataclass(slots=True)
class Judged:
    """A row read. `customer`, and a unit that the file does not say, are found afterwards."""

    rejected: str = ""
    name: str = ""
    phone: tuple = ()
    credit_code: str = ""
    branch: int | None = None
    bought_on: object = None
    document_number: str = ""
    product: str = ""
    product_id: int | None = None
    quantity: object = None
    unit_price: object = None
    amount: object = None
    seller: str = ""
    seller_id: int | None = None
    remarks: str = ""
    author: str = ""
    author_id: int | None = None
    created_on: object = None
    reference: list | None = None  # [import, place] of the row that this one corrects
    customer: int | None = None
    extras: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    warned: bool = False
    columns: dict = field(default_factory=dict, repr=False)  # {field: its first column}

    def reject(self, code, name, sentence=None, **params):
        told = str(sentence or REJECTED[code]) % params
        self.problems.append(Problem(self.columns.get(name), code, told, None if sentence else params))

    def warn(self, code, name, **params):
        self.warned = True
        self.problems.append(Problem(self.columns.get(name), code, str(WARNINGS[code]) % params, params))

    def settle(self):
        """Of several reasons to reject the first counts."""
        codes = {problem.code for problem in self.problems}
        self.rejected = next((code for code in REJECTED if code in codes), "")

    def data(self):
        """The values as JSON keeps them; what is empty is left out."""
        said = {
            "bought_on": self.bought_on.isoformat(),
            "document_number": self.document_number,
            "product": self.product,
            "product_id": self.product_id,
            "quantity": None if self.quantity is None else str(self.quantity),
            "amount": str(self.amount),
            "seller": self.seller,
            "seller_id": self.seller_id,
            "remarks": self.remarks,
            "author_text": self.author,
            "author_id": self.author_id,
            "created_on": self.created_on and self.created_on.isoformat(),
            "corrects": self.reference,
        }
        return {name: value for name, value in said.items() if value not in (None, "")}


class Judge:
    """Judges the rows of one table. `wording` knows units, `people` the staff by name; `orders` as looked up."""

    def __init__(self, table, wording, products, people, orders=()):
        self._wording, self._products, self._people = wording, products, people
        self._headings = cells.distinct(table.headings)
        self._unit = wording.defaults.get("branch")
        if "branch" not in table.fields:  # a sheet that bears the name of a unit is that unit's
            self._unit = wording.find("branch", table.sheet.name) or self._unit
        self._columns, self._readers, orders = {}, [], dict(enumerate(orders))
        for at, name in enumerate(table.fields):
            if name in self._columns and name not in PURCHASES.repeatable:
                name = None
            column = PURCHASES.columns.get(name)
            if column:
                self._columns.setdefault(name, at)
            read = column and column.reader(date1904=table.date1904, order=orders.get(at))
            self._readers.append((at, name, read))

    def __call__(self, row):
        found = Judged(columns=self._columns)
        for at, name, read in self._readers:
            cell = row[at]
            if cell is None:
                continue
            if type(cell) is str and cell in cells.FAULTS:
                self._complain(found, at, name, cell, str(COMMON["formula"]) % {"written": cell})
            elif read:
                self._read(found, at, name, cell, read)
            elif name == common.REFERENCE:
                found.reference = common.referred(cells.tidy(cell))
            elif name != common.REASON:
                self._keep(found, at, cell)
        for at in range(len(self._headings), len(row)):
            if row[at] is not None and (text := cells.tidy_lines(row[at])):
                found.extras[cells.column_name(at)] = text
        self._complete(found)
        return found

    def _read(self, found, at, name, cell, read):
        try:
            value = read(cell)
        except ValidationError as problem:
            self._complain(found, at, name, cell, problem.messages[0])
        else:
            self._place(found, at, name, value)
        if name in _EXTRAS:
            self._keep(found, at, cell)

    def _place(self, found, at, name, value):
        if name in PURCHASES.repeatable:
            self._add(found, name, value)
        elif name == "branch":
            self._read_branch(found, at, value)
        elif name != "number":
            setattr(found, name, value)

    def _complain(self, found, at, name, cell, sentence):
        code = _REASONS.get(name, "unreadable")
        found.problems.append(Problem(at, code, sentence))
        if code == "unreadable":
            found.warned = True
            self._keep(found, at, cell)

    @staticmethod
    def _add(found, name, value):
        before = getattr(found, name)
        if before and value:
            value = before + value if name == "phone" else f"{before}\n{value}"
        setattr(found, name, value or before)

    def _keep(self, found, at, cell):
        if text := cells.tidy_lines(cell):
            found.extras[self._headings[at]] = text

    def _read_branch(self, found, at, word):
        if not word:
            return
        found.branch = self._wording.find("branch", word)
        if found.branch is None:
            self._wording.miss("branch", word)
            if "branch" in self._wording.defaults:
                found.warn("default_branch", "branch", written=word[:60])
                found.extras[self._headings[at]] = word
            else:
                found.reject("branch", "branch")

    def _complete(self, found):
        if found.branch is None:
            found.branch = self._unit
        told = {problem.code for problem in found.problems}
        if not (found.name or found.phone or found.credit_code):
            found.reject("no_customer", "name")
        if found.bought_on is None and "date" not in told:
            found.reject("date", "bought_on")
        if found.amount is None and "amount" not in told:
            if found.quantity is None or found.unit_price is None:
                found.reject("amount", "amount")
            else:
                found.amount = (found.quantity * found.unit_price).quantize(FEN, ROUND_HALF_UP)
        self._fit(found)
        self._name(found)

    def _fit(self, found):
        for name, longest in _LONGEST.items():
            text = getattr(found, name)
            if len(text) > longest:
                column = self._columns[name]
                found.warn("too_long", name)
                found.extras[self._headings[column]] = text
                setattr(found, name, text[:longest])

    def _name(self, found):
        """People and product of the row by their keys."""
        if found.seller:
            found.seller_id = self._people.find(found.seller)
            if found.seller_id is None:
                found.warn("seller", "seller", written=found.seller)
        found.author_id = self._people.find(found.author) if found.author else None
        if found.product:
            found.product_id, found.product = self._products.find(found.product)
            if found.product_id is None and self._products:
                found.warn("product", "product", written=found.product[:60])


class Products:
    """Products by name or code, as words are compared."""

    def __init__(self):
        rows = list(Product.objects.order_by("retired", "pk").values_list("pk", "name", "code"))
        names = {name: (pk, name) for pk, name, _code in rows}
        self._entries = dictionary(names, {code: (pk, name) for pk, name, code in rows})
        self._found = {}

    def __bool__(self):
        return bool(self._entries)

    def find(self, text):
        """(id, name), or (None, the text) of what is in no list."""
        if text not in self._found:
            self._found[text] = self._entries.get(plain(text), (None, text))
        return self._found[text]
