"""The dry run of a spreadsheet of sales: every row judged, its customer and its purchase found, in the staging table
and nowhere else. Source: REC-15, REC-16; import.md step 4.
"""

from collections import Counter

from django.db import connection, transaction
from django.utils import timezone

from customers.importing import known_words, staging
from customers.importing.checking import chunks
from customers.importing.looking import tables_of
from customers.models import ImportRow
from staff import bulk

from . import customers, known
from .judging import SEVERAL, Judge, Products
from .months import Months

COLUMNS = (*staging.COLUMNS, "customer_id")
Outcome = ImportRow.Outcome


def check(job, path, alive):
    """Stage all rows anew; as `customers.importing.checking.check`."""
    total = sum(table["rows"] for table in job.tables if table["header_row"] is not None) or 1
    with transaction.atomic():
        alive(0, total)
        ImportRow.objects.filter(job=job).delete()
    wording, staged = known_words.wording(job), 0
    placing = _Placing()
    for chunk in chunks(_read(job, path, wording)):
        with transaction.atomic(), connection.cursor() as cursor:
            staged += len(chunk)
            alive(min(staged, total), total)
            placing.place([one for one in chunk if one.found])
            bulk.copy(cursor, ImportRow._meta.db_table, COLUMNS, [one.line(job) for one in chunk])
    return wording.unknown()


def _read(job, path, wording):
    products, people, place = Products(), known_words.People.known(), 0
    for at, table in enumerate(tables_of(job, path)):
        if table.header_row is None:
            continue
        judge = Judge(table, wording, products, people, job.tables[at].get("date_orders", ()))
        for row in table:
            place += 1
            yield _Row(place, at, row, None if row.ignored else judge(row.cells))


class _Row:
    """A row of the file on its way. `found` is what it says, None for a row that is no data."""

    def __init__(self, place, table, row, found):
        self.place, self.table, self.row, self.found = place, table, row, found
        self.outcome, self.duplicate_of, self.fingerprint = Outcome.IGNORED, None, ""
        self.data, self.conflicts, self.take, self.made = {}, {}, [], {}

    def line(self, job):
        """Its values for COPY, in the order of COLUMNS."""
        found, number = self.found, self.row.number
        if found is None:
            return (
                job.pk, self.place, self.table, number, self.outcome, self.row.ignored, False, False, False, None, "",
                "", "", [], [], None, True, "", "{}", "{}", "[]", staging.cells_of_ignored(self.row), "[]", "{}", [],
                "{}", None,
            )  # fmt: skip
        problems = [problem.kept for problem in found.problems]
        return (
            job.pk, self.place, self.table, number, self.outcome, found.rejected, False, False, found.warned,
            self.duplicate_of, found.name, "", found.credit_code, list(found.phone), [], found.branch, True,
            self.fingerprint, staging.as_json(self.data), staging.as_json(found.extras), staging.as_json(problems),
            staging.as_json(self.row.cells), "[]", staging.as_json(self.conflicts), self.take,
            staging.as_json(self.made),
            None if found.rejected else found.customer,
        )  # fmt: skip


class _Placing:
    """Gives rows their outcomes, chunk after chunk, in the order of the file."""

    def __init__(self):
        self._months = Months(timezone.now())
        self._documents, self._targets = {}, {}  # {document, or id of a purchase: (place, amount) of its first row}
        self._ordinals = Counter()

    def place(self, rows):
        self._find_customers(rows)
        for one in rows:
            one.found.settle()
            if not one.found.rejected:
                one.data = one.found.data()
                self._count(one)
        taken = [one for one in rows if not one.found.rejected]
        there = known.find([(one.place, one.found.branch, one.data, one.fingerprint) for one in taken])
        firsts = known.mended([one.data["corrects"] for one in taken if "corrects" in one.data])
        for one in taken:
            self._decide(one, there.get(one.place), firsts)
        for one in rows:
            if one.found.rejected:
                one.outcome = Outcome.REJECTED

    @staticmethod
    def _find_customers(rows):
        asked = [one.found for one in rows if one.found.name or one.found.phone or one.found.credit_code]
        for found, record in zip(asked, customers.find(asked), strict=True):
            if record:
                found.customer = record.pk
                found.branch = found.branch or record.branch
            else:
                found.reject("customer", "name", SEVERAL if record == () else None)

    def _count(self, one):
        """Of purchases without a number, the how manyeth of its kind this one is."""
        found, data = one.found, one.data
        if not found.document_number:
            kind = (found.customer, found.branch, found.bought_on, found.product, found.amount)
            self._ordinals[kind] += 1
            one.fingerprint = known.fingerprint(found.customer, found.branch, data, self._ordinals[kind])

    def _decide(self, one, purchase, firsts):
        found = one.found
        if purchase is None and self._months.are_locked(found.branch, found.bought_on):
            found.reject("locked", "bought_on", month=f"{found.bought_on:%Y-%m}")
            found.settle()
            return
        first = self._first(one, purchase)
        if first:
            one.outcome, (one.duplicate_of, amount) = Outcome.DUPLICATE, first
            if amount != found.amount:
                found.warn("other_amount", "amount")
        elif purchase is None:
            one.outcome = Outcome.NEW
        else:
            self._compare(one, purchase, firsts)

    def _first(self, one, purchase):
        """(place, amount) of the earlier row that is this purchase; this row is the first where there is none."""
        found, mine = one.found, (one.place, one.found.amount)
        first = None
        if found.document_number:
            key = (found.branch, found.document_number, found.product)
            first = self._documents.setdefault(key, mine)
        if purchase and first in (None, mine):
            first = self._targets.setdefault(purchase.pk, mine)
        return None if first in (None, mine) else first

    def _compare(self, one, purchase, firsts):
        one.outcome, one.data["purchase"] = Outcome.UPDATE, purchase.pk
        if self._months.are_locked(purchase.branch_id, purchase.bought_on, one.found.bought_on):
            one.found.warn("month_locked", "bought_on")
            one.made = {"unchanged": True}
            return
        blanks, one.conflicts = known.compare(purchase, one.found.customer, one.data)
        one.made = {} if blanks else {"unchanged": True}
        if first := firsts.get(tuple(one.data.get("corrects", ()))):
            # What a person corrected in the workbook counts, what stands there as before does not.
            before = known.said(*first)
            one.take = [name for name, (_stands, said) in one.conflicts.items() if before[name] != said]
