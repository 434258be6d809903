"""Taking the rows of a spreadsheet of sales over, chunk by chunk: each chunk and how far it came are one transaction.

Source: REC-15, REC-16; import.md step 5.
"""

import json

from django.db import connection
from django.utils import timezone

from customers.importing.committing import DONE, by_chunks
from customers.importing.staging import day_at_noon
from customers.models import ImportRow, Purchase
from staff import bulk

from . import known
from .judging import REJECTED
from .months import Months

CHUNK = 2_000  # rows in one transaction
Outcome = ImportRow.Outcome
COLUMNS = (
    "id", "customer_id", "branch_id", "bought_on", "document_number", "product_id", "product_text", "quantity",
    "amount", "seller_id", "seller_text", "remarks", "fingerprint", "created_at", "created_by_id",
)  # fmt: skip
TAKEN = (Outcome.NEW, Outcome.UPDATE, Outcome.DUPLICATE)


def commit(job, alive):
    """Write what the dry run found. `alive(done, total, reached)` is told within each chunk's transaction."""
    by_chunks(job, CHUNK, alive, lambda low, high: _Chunk(job, low, high).write())


class _Chunk:
    """Rows behind place `low` up to `high`, as purchases. What a lock or another hand has changed since the dry run
    counts as it is at this moment."""

    def __init__(self, job, low, high):
        self.job, self.months, self.made = job, Months(timezone.now()), {}
        rows = ImportRow.objects.filter(job=job, place__gt=low, place__lte=high, outcome__in=TAKEN)
        self.rows = list(rows.exclude(made__has_key="purchase").order_by("place"))

    def write(self):
        with connection.cursor() as cursor:
            self.cursor = cursor
            bulk.ascribe(cursor, person=self.job.committed_by_id, job=f"import:{self.job.pk}", reason=str(self.job))
            firsts = [row for row in self.rows if row.outcome != Outcome.DUPLICATE]
            asked = [(row.place, row.branch_id, row.data, row.fingerprint) for row in firsts]
            self.there = known.find(asked)
            for row in firsts:
                self._settle(row)
            self._enter([row for row in firsts if row.outcome == Outcome.NEW])
            self._merge([row for row in firsts if row.outcome == Outcome.UPDATE] + self._duplicates())
            self._after()

    def _settle(self, row):
        """Whether the row is still what the dry run found."""
        before, purchase = (row.outcome, row.reason), self.there.get(row.place)
        day = known.day(row.data)
        if row.customer_id is None:
            self._reject(row, "customer")
        elif purchase is None and self.months.are_locked(row.branch_id, day):
            self._reject(row, "locked", month=f"{day:%Y-%m}")
        elif purchase is None:
            row.outcome, row.conflicts, row.take = Outcome.NEW, {}, []
            row.data.pop("purchase", None)
        else:
            row.outcome, row.data["purchase"] = Outcome.UPDATE, purchase.pk
            if before[0] == Outcome.NEW:
                _blanks, row.conflicts = known.compare(purchase, row.customer_id, row.data)
        row.is_other = (row.outcome, row.reason) != before

    def _reject(self, row, code, **params):
        row.outcome, row.reason, row.conflicts, row.take = Outcome.REJECTED, code, {}, []
        row.problems.append([None, code, str(REJECTED[code]) % params, params])
        row.is_other = True

    def _enter(self, rows):
        keys = bulk.fresh_keys(self.cursor, Purchase._meta.db_table, len(rows)) if rows else ()
        lines = []
        for row, pk in zip(rows, keys, strict=True):
            data, at = row.data, self.job.committed_at
            entered = day_at_noon(data["created_on"]) if "created_on" in data else at
            lines.append(
                (pk, row.customer_id, row.branch_id, data["bought_on"], data.get("document_number", ""),
                 data.get("product_id"), data.get("product", ""), data.get("quantity"), data["amount"],
                 *known.seller(data), data.get("remarks", ""), row.fingerprint, entered, data.get("author_id"))
            )  # fmt: skip
            self.made[row.place] = {"purchase": pk, "new": True}
        bulk.copy(self.cursor, Purchase._meta.db_table, COLUMNS, lines)

    def _duplicates(self):
        """Rows merged into an earlier one of the file, which has become a purchase; with that one they are rejected."""
        rows = [row for row in self.rows if row.outcome == Outcome.DUPLICATE]
        places = {row.duplicate_of for row in rows} - self.made.keys()
        targets = {place: made["purchase"] for place, made in self.made.items()}
        targets |= {place: purchase.pk for place, purchase in self.there.items()}
        firsts = ImportRow.objects.filter(job=self.job, place__in=places, made__has_key="purchase")
        targets |= {first.place: first.made["purchase"] for first in firsts.only("place", "made")}
        rejected = {row.place: row for row in self.rows if row.outcome == Outcome.REJECTED}
        for row in rows:
            row.data["purchase"], row.is_other = targets.get(row.duplicate_of), False
            if row.data["purchase"] is None:
                first = rejected.get(row.duplicate_of)
                self._reject(row, first.reason if first else "customer", month=f"{known.day(row.data):%Y-%m}")
        return [row for row in rows if row.outcome == Outcome.DUPLICATE]

    def _merge(self, rows):
        """Fill blanks, and put what was decided for the file. New ones are looked at for how they stand now."""
        ids = {row.data["purchase"] for row in rows} | {made["purchase"] for made in self.made.values()}
        held = Purchase.objects.select_for_update(of=("self",), no_key=True).select_related("seller").order_by("pk")
        purchases, changed = held.in_bulk(ids), {}
        for made in self.made.values():
            made["mark"] = known.mark(purchases[made["purchase"]])
        for row in sorted(rows, key=lambda row: row.place):
            purchase = purchases.get(row.data["purchase"])
            if purchase is None:
                continue
            made = self.made[row.place] = {"purchase": purchase.pk}
            names = []
            days = purchase.bought_on, known.day(row.data)
            if not self.months.are_locked(purchase.branch_id, *days):
                blanks, conflicts = known.compare(purchase, row.customer_id, row.data)
                names = blanks + [name for name in row.take if name in conflicts]
            if names:
                made["before"] = known.columns(purchase)
                known.put(purchase, names, row.customer_id, row.data)
                changed[purchase.pk] = purchase
                made["after"] = known.columns(purchase)
            else:
                made["unchanged"] = True
            made["mark"] = known.mark(purchase)
        if changed:
            said = [{"id": pk, **known.columns(purchase)} for pk, purchase in changed.items()]
            self.cursor.execute(known.CHANGE, [json.dumps(said, ensure_ascii=False)])

    def _after(self):
        others = [row for row in self.rows if row.is_other]
        ImportRow.objects.bulk_update(others, ["outcome", "reason", "problems", "conflicts", "take", "data"])
        customers = {row.place: row.customer_id for row in self.rows}
        said = [{"place": place, "customer_id": customers[place], "made": made} for place, made in self.made.items()]
        if said:
            self.cursor.execute(DONE, [json.dumps(said, ensure_ascii=False), self.job.pk])
