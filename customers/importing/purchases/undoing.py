"""Taking an import of purchases back: what it entered goes, what it changed becomes what it was, where nobody has
touched the purchase since and its month is open. Rows of those that stay say why.

Source: REC-15, REC-16; import.md step 6.
"""

import json
from collections import defaultdict

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing.undoing import counts, pointing_to
from customers.models import Import, ImportRow, Purchase
from staff import bulk

from . import known
from .months import Months

AT_ONCE = 500  # purchases in one transaction
Outcome = ImportRow.Outcome
KEPT = {  # why a purchase is not taken back
    "locked": gettext_lazy("%(month)s is locked: its purchases stay as they are."),
    "changed": gettext_lazy("The purchase was changed after the import."),
    "corrected": gettext_lazy("A correction was asked for this purchase after the import."),
    "later": gettext_lazy("A later import has rows for this purchase: undo that one first."),
}
MARK = "UPDATE customers_importrow SET made = made || %s::jsonb WHERE id = ANY(%s)"


def undo(job, alive):
    """As `customers.importing.undoing.undo`; the first row of each purchase leads to it."""
    firsts = ImportRow.objects.filter(job=job, made__has_key="purchase").exclude(outcome=Outcome.DUPLICATE)
    total, done = firsts.count(), 0
    while rows := list(firsts.filter(place__gt=job.reached).order_by("place")[:AT_ONCE]):
        with transaction.atomic():
            done += len(rows)
            alive(min(done, total), total, rows[-1].place)
            _Chunk(job, rows).undo()
    return counts(job)


class _Chunk:
    def __init__(self, job, firsts):
        self.job, self.rows = job, {}  # {purchase: its rows, the first one first}
        for row in firsts:
            self.rows[row.made["purchase"]] = [row]
        purchases = {row.place: row.made["purchase"] for row in firsts}
        merged = ImportRow.objects.filter(job=job, outcome=Outcome.DUPLICATE, duplicate_of__in=purchases)
        for row in merged.filter(made__has_key="purchase").order_by("place"):
            self.rows[purchases[row.duplicate_of]].append(row)

    def undo(self):
        held = Purchase.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        self.purchases = held.in_bulk(list(self.rows))
        touched = self._touched()
        free = [pk for pk in self.rows if pk not in touched]
        with connection.cursor() as cursor:
            self.cursor = cursor
            bulk.ascribe(
                cursor, person=self.job.undone_by_id, job=f"import:{self.job.pk}",
                reason=_("Import undone: %(file)s") % {"file": self.job},
            )  # fmt: skip
            reasons = defaultdict(list)
            for pk, because in touched.items():
                reasons[because].append(pk)
            for because, ids in reasons.items():
                self._mark(ids, {"kept": because})
            self._mark(free, {"undone": True})
            gone = [pk for pk in free if "new" in self.rows[pk][0].made]
            Purchase.objects.filter(pk__in=gone)._raw_delete(using=connection.alias)
            self._restore([pk for pk in free if pk in self.purchases and pk not in set(gone)])

    def _mark(self, ids, said):
        keys = [row.pk for pk in ids for row in self.rows[pk]]
        if keys:
            self.cursor.execute(MARK, [json.dumps(said, ensure_ascii=False), keys])

    def _touched(self):
        """{purchase: why it is kept} of those that are not as the import left them, or that something hangs on."""
        found, months = {}, Months(timezone.now())
        wrote = {pk for pk, rows in self.rows.items() if any("new" in row.made or "before" in row.made for row in rows)}
        for pk in wrote & self.purchases.keys():
            purchase = self.purchases[pk]
            days = [purchase.bought_on]
            if before := next((row.made["before"] for row in self.rows[pk] if "before" in row.made), None):
                days.append(known.day(before))
            if months.are_locked(purchase.branch_id, *days):
                month = {"month": f"{purchase.bought_on:%Y-%m}"}
                found[pk] = str(KEPT["locked"]) % month
            elif known.mark(purchase) != self.rows[pk][-1].made["mark"]:
                found[pk] = str(KEPT["changed"])
        for relation in pointing_to(Purchase):
            name, rows = relation.field.attname, relation.related_model._base_manager
            for pk in rows.filter(**{f"{name}__in": wrote}).values_list(name, flat=True):
                found.setdefault(pk, str(KEPT["corrected"]))
        for pk in self._later():
            if pk in wrote:
                found.setdefault(pk, str(KEPT["later"]))
        return found

    def _later(self):
        """Purchases that rows of another import belong to as well, which stands and wrote into this one."""
        customers = {row.customer_id for rows in self.rows.values() for row in rows}
        others = ImportRow.objects.filter(
            customer__in=customers, job__kind=Import.Kind.PURCHASES, job__state=Import.State.DONE, job__gt=self.job.pk,
            made__has_key="purchase",
        )  # fmt: skip
        return {made["purchase"] for made in others.exclude(job=self.job).values_list("made", flat=True)}

    def _restore(self, ids):
        said = []
        for pk in ids:
            if before := next((row.made["before"] for row in self.rows[pk] if "before" in row.made), None):
                said.append({"id": pk, **before})
        if said:
            self.cursor.execute(known.CHANGE, [json.dumps(said, ensure_ascii=False)])
