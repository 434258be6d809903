"""Taking an import back: what it entered goes, what it changed becomes what it was, where nobody has touched the
record since. Touched records stay whole, and their rows say why. Source: REC-15; import.md step 6.
"""

import json
from collections import defaultdict
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Event

from customers import completeness
from customers.models import (
    Contact,
    ContactWay,
    Customer,
    Import,
    ImportRow,
    MatchKey,
    Need,
    SuspectPair,
)
from customers.naming import derived_names
from staff import bulk

from . import leads, merging
from .committing import CHANGE, CONTACT

AT_ONCE = 500  # records in one transaction
OWN = (Contact, ContactWay, Need, MatchKey, SuspectPair, ImportRow)  # what an import writes beside the record
WROTE = ("new", "before", "entry")  # one of these is in `made` of a row that wrote anything
KEPT = {  # why a record is not taken back
    "archived": gettext_lazy("The record is in the archive."),
    "changed": gettext_lazy("The record was changed after the import."),
    "added": gettext_lazy("Something was added to the record after the import: %(name)s."),
    "later": gettext_lazy("A later import has rows for this record: undo that one first."),
}
# Records that the import wrote to and that have not been looked at yet. Rows that a commit did not come to, or that
# found everything there, lead to records as well, but there is nothing of theirs to take back.
PENDING = """
SELECT DISTINCT customer_id FROM customers_importrow
WHERE job_id = %s AND customer_id > %s AND made ?| %s AND NOT made ? 'kept' AND NOT made ? 'undone'
ORDER BY customer_id LIMIT %s
"""
# A row whose new record goes forgets it; one whose record is kept leads there still, and is shown with it.
MARK = """
UPDATE customers_importrow SET customer_id = CASE WHEN said ? 'undone' AND made ? 'new' THEN NULL ELSE customer_id END,
    made = made || said FROM (SELECT %s::jsonb AS said) AS marked WHERE id = ANY(%s)
"""


def undo(job, alive):
    """`alive(done, total, reached)` is told within each chunk's transaction. Returns {deleted, restored, kept}."""
    wrote = ImportRow.objects.filter(job=job, customer__isnull=False, made__has_any_keys=WROTE)
    total = wrote.values("customer").distinct().count()
    done = 0
    while ids := _pending(job):
        with transaction.atomic():
            _Chunk(job, ids).undo()
            done += len(ids)
            alive(min(done, total), total, ids[-1])
    leads.close(job)
    return counts(job)


def counts(job):
    rows = ImportRow.objects.filter(job=job)
    return {
        "deleted": rows.filter(made__has_keys=["undone", "new"]).count(),
        "restored": rows.filter(made__has_keys=["undone", "before"], customer__isnull=False).count(),
        "kept": rows.filter(made__has_key="kept").count(),
    }


def _pending(job):
    with connection.cursor() as cursor:
        cursor.execute(PENDING, [job.pk, job.reached, list(WROTE), AT_ONCE])
        return [pk for (pk,) in cursor.fetchall()]


class _Chunk:
    def __init__(self, job, ids):
        self.job, self.ids = job, ids
        self.rows = defaultdict(list)  # {customer: its rows that the commit came to, the last one first}
        for row in ImportRow.objects.filter(job=job, customer__in=ids, made__has_key="version").order_by("-place"):
            self.rows[row.customer_id].append(row)

    def undo(self):
        self.records = merging.load(self.ids, lock=True)
        touched = self._touched()
        gone, back = [], []
        for pk in self.ids:
            if pk not in touched:
                (gone if any("new" in row.made for row in self.rows[pk]) else back).append(pk)
        with connection.cursor() as cursor:
            self.cursor = cursor
            bulk.ascribe(
                cursor, person=self.job.undone_by_id, job=f"import:{self.job.pk}",
                reason=_("Import undone: %(file)s") % {"file": self.job},
            )  # fmt: skip
            for because, ids in touched.items_by_reason():
                self._mark(ids, because.said())
            self._mark(gone + back, {"undone": True})
            leads.leave(self.job, [row for pk in gone + back for row in self.rows[pk]], gone)
            self._restore(back)
            self._delete(gone)

    def _mark(self, ids, said):
        keys = [row.pk for pk in ids for row in self.rows[pk]]
        if keys:
            self.cursor.execute(MARK, [json.dumps(said, ensure_ascii=False), keys])

    def _touched(self):
        """Records that are not as the import left them, or that something else hangs on by now."""
        found = _Touched()
        for pk in self.ids:
            record = self.records[pk]
            if record.archived:
                found[pk] = _Because("archived")
            elif not self._is_as_left(record):
                found[pk] = _Because("changed")
        new = [pk for pk in self.ids if pk not in found and any("new" in row.made for row in self.rows[pk])]
        for relation in pointing_to(Customer):
            model = relation.related_model
            rows = leads.not_ours(self.job, model, model._base_manager.filter(**{f"{relation.field.name}__in": new}))
            for pk in rows.values_list(relation.field.attname, flat=True):
                found.setdefault(pk, _Because("added", model))
        wrote = {"made__has_any_keys": ["before", "entry"]}  # a row that changed nothing holds nothing
        others = ImportRow.objects.filter(customer__in=new, **wrote).exclude(job=self.job)
        for pk in others.filter(job__state=Import.State.DONE).values_list("customer_id", flat=True):
            found.setdefault(pk, _Because("later"))
        return found

    def _is_as_left(self, record):
        """Whether nobody else has written to the record since, nor between two chunks of the commit."""
        rows = self.rows[record.pk]
        versions = {row.made["version"] for row in rows if "unchanged" not in row.made} or {rows[0].made["version"]}
        return versions == set(range(record.version - len(versions) + 1, record.version + 1))

    def _delete(self, ids):
        if not ids:
            return
        SuspectPair.objects.filter(first__in=ids).delete()
        SuspectPair.objects.filter(second__in=ids).delete()
        ImportRow.objects.filter(customer__in=ids).update(customer=None)
        for model in (MatchKey, Need, ContactWay, Contact):
            model._base_manager.filter(customer__in=ids)._raw_delete(using=connection.alias)
        Customer._base_manager.filter(pk__in=ids)._raw_delete(using=connection.alias)

    def _restore(self, ids):
        rows = [row for pk in ids for row in self.rows[pk] if "before" in row.made]
        if not rows:
            return
        changed, contacts, made = set(), [], defaultdict(list)
        for row in rows:  # the last change first
            record = self.records[row.customer_id]
            for name, value in row.made["before"].items():
                record.put(name, value)
            record.version -= row is self._first_of_version(row)
            changed.add(record.pk)
            for name in ("ways", "needs", "keys", "contacts"):
                made[name] += row.made.get(name, [])
            contacts += row.made["contacts_before"]
        if contacts:
            first = {one["id"]: one for one in contacts}  # of several changes the earliest one comes last
            self.cursor.execute(CONTACT, [json.dumps(list(first.values()), ensure_ascii=False)])
        for model, name in ((ContactWay, "ways"), (Contact, "contacts"), (Need, "needs"), (MatchKey, "keys")):
            model._base_manager.filter(pk__in=made[name])._raw_delete(using=connection.alias)
        said = [self._as_it_was(self.records[pk]) for pk in changed]
        self.cursor.execute(CHANGE, {"said": json.dumps(said, ensure_ascii=False)})
        completeness.judge(changed)

    def _first_of_version(self, row):
        """The first row that brought the record to its version: several rows of one chunk count as one edit."""
        same = [one for one in self.rows[row.customer_id] if one.made.get("version") == row.made["version"]]
        return [one for one in same if "before" in one.made][-1]

    def _as_it_was(self, record):
        return {
            "id": record.pk,
            **record.columns,
            "tier": record.tier,
            "custom": {code: value for code, value in record.custom.items() if value is not None},
            "version": record.version,
            "updated_at": self.job.undone_at.isoformat(),
            "updated_by_id": self.job.undone_by_id,
            **derived_names(record.columns["name"], record.kind),
        }


def pointing_to(model):
    """Foreign keys to a model, of every app above this one too, without those of history and of the import itself."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            theirs = relation.related_model
            if theirs not in OWN and not issubclass(theirs, Event):
                yield relation


class _Because(NamedTuple):
    """Why a record is kept: a key of KEPT, and of what was added the model."""

    code: str
    model: object = None

    def said(self):
        """What its rows keep: the sentence, and what it takes to name what was added in another language."""
        if self.model is None:
            return {"kept": str(KEPT[self.code])}
        return {
            "kept": str(KEPT[self.code]) % {"name": self.model._meta.verbose_name},
            "kept_for": self.model._meta.label_lower,
        }


class _Touched(dict):
    """{customer: _Because}."""

    def items_by_reason(self):
        ids = defaultdict(list)
        for pk, because in self.items():
            ids[because].append(pk)
        return ids.items()
