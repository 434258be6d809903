"""Taking rows over into the register, chunk by chunk: each chunk and how far it came are one transaction, so that a
commit killed at any moment goes on where it stopped. Source: REC-15; import.md step 5.
"""

import json
from itertools import count

from django.db import connection, transaction

from customers import completeness
from customers.models import Import, ImportRow, Kind, Source, Stage, Tier
from customers.naming import derived_names
from customers.values.keys import match_keys
from staff import bulk
from staff.models import Branch

from . import existing, leads, merging, staged
from .since import Since
from .staging import day_at_noon

CHUNK = 2_000  # rows in one transaction
Outcome = ImportRow.Outcome
_COLUMNS = (
    "id", "name", "kind", "credit_code", "industry_id", "size_id", "business_type_id", "channel", "branch_id",
    "source", "owner_id", "tier", "stage", "country", "district_id", "address", "preferences", "remarks", "custom",
    "created_at", "created_by_id", "updated_at", "updated_by_id", "version", "name_core", "name_pinyin", "initials",
    "core_pinyin", "core_initials",
)  # fmt: skip
_CHANGED = (*merging.FILLED, *merging.ONLY_FILLED, "tier", "custom", "version", "updated_at", "updated_by_id")
_DERIVED = ("name_core", "name_pinyin", "initials", "core_pinyin", "core_initials")
# What a record lacks is judged with its contacts and needs in place.
NEW = f"""
INSERT INTO customers_customer ({", ".join(_COLUMNS)}, missing)
SELECT {", ".join(f"c.{name}" for name in _COLUMNS)}, {completeness.MISSING}
FROM jsonb_populate_recordset(NULL::customers_customer, %(said)s::jsonb) c
"""  # noqa: S608 - our own columns
CHANGE = f"""
UPDATE customers_customer c SET {", ".join(f"{name} = said.{name}" for name in _CHANGED + _DERIVED)}
FROM jsonb_populate_recordset(NULL::customers_customer, %(said)s::jsonb) said WHERE c.id = said.id
"""  # noqa: S608 - our own columns
CONTACT = """
UPDATE customers_contact c SET name = said.name, title = said.title
FROM jsonb_to_recordset(%s::jsonb) said(id bigint, name text, title text) WHERE c.id = said.id
"""
KEYS = """
INSERT INTO customers_matchkey (customer_id, kind, value)
SELECT customer_id, kind, value FROM jsonb_to_recordset(%s::jsonb) said(customer_id bigint, kind text, value text)
ON CONFLICT DO NOTHING RETURNING customer_id, id
"""
# Suspects of the rows of a chunk: records by their ids, earlier rows by the records that they have become.
SUSPECTS = """
INSERT INTO customers_suspectpair (first_id, second_id, reasons, found_at, found_in_id)
SELECT least(r.customer_id, other.id), greatest(r.customer_id, other.id),
       ARRAY(SELECT jsonb_array_elements_text(said -> 2)), %(at)s, r.job_id
FROM customers_importrow r, jsonb_array_elements(r.suspects) said
CROSS JOIN LATERAL (
    SELECT (said ->> 0)::bigint AS id WHERE said ->> 1 IN ('record', 'like')
    UNION ALL
    SELECT o.customer_id FROM customers_importrow o
    WHERE o.job_id = r.job_id AND o.place = (said ->> 0)::int AND said ->> 1 IN ('row', 'like_row')
) other
WHERE r.job_id = %(job)s AND r.place > %(low)s AND r.place <= %(high)s AND r.outcome = 'new' AND r.suspect
  AND other.id <> r.customer_id AND EXISTS (SELECT FROM customers_customer c WHERE c.id = other.id)
  AND NOT EXISTS (
    SELECT FROM customers_duplicateverdict v
    WHERE v.first_id = least(r.customer_id, other.id) AND v.second_id = greatest(r.customer_id, other.id)
  )
ON CONFLICT DO NOTHING
"""
DONE = """
UPDATE customers_importrow r SET customer_id = said.customer_id, made = said.made
FROM jsonb_to_recordset(%s::jsonb) said(place int, customer_id bigint, made jsonb)
WHERE r.job_id = %s AND r.place = said.place
"""


def commit(job, alive):
    """Write what the dry run found. `alive(done, total, reached)` is told within each chunk's transaction."""
    channels, since = dict(Branch.objects.values_list("pk", "channel")), Since(job)

    def write(low, high):
        leads.prepare(job)
        _Chunk(job, low, high, channels).write(since)

    by_chunks(job, CHUNK, alive, write)


def by_chunks(job, size, alive, write):
    """`write(low, high)` for the rows behind place `low` up to `high`, from where the job stands to its last row; what
    it writes and how far it came are one transaction."""
    last = ImportRow.objects.filter(job=job).order_by("-place").values_list("place", flat=True).first() or 0
    while job.reached < last:
        low, high = job.reached, job.reached + size
        with transaction.atomic():
            alive(min(high, last), last, high)
            write(low, high)


class _Chunk:
    """Rows behind place `low` up to `high`, as records."""

    def __init__(self, job, low, high, channels):
        self.job, self.low, self.high, self.channels = job, low, high, channels
        self.at = job.committed_at  # of the whole import, however often it was taken up
        self.by = job.committed_by_id
        self.made = {}  # {place: {customer, ...what was written}}

    def write(self, since):
        every = staged.rows(self.job, self.low, self.high)
        rows = [row for row in every if row.outcome != Outcome.DUPLICATE]
        given = existing.Given()
        for row in every:
            given.note(row)
        existing.match(self.job, since.concerned(rows), given)  # as the register is now, where others changed it
        with connection.cursor() as cursor:
            self.cursor = cursor
            bulk.ascribe(cursor, person=self.by, job=f"import:{self.job.pk}", reason=str(self.job))
            self._enter([row for row in rows if row.outcome == Outcome.NEW])
            self._merge([row for row in every if row.outcome != Outcome.NEW])
            since.own.update(one["customer_id"] for one in self.made.values() if "before" in one["made"])
            self._after()

    # New records

    def _enter(self, rows):
        if not rows:
            return
        ids = bulk.fresh_keys(self.cursor, "customers_customer", len(rows))
        people = {row.place: merging.people_of(row.data) for row in rows}
        contact_ids = bulk.fresh_keys(self.cursor, "customers_contact", sum(map(len, people.values())))
        customers, contacts, ways, needs, keys = [], [], [], [], []
        for row in rows:
            data, pk = row.data, next(ids)
            customers.append(self._record(row, pk))
            for person in people[row.place]:
                contact = next(contact_ids)
                contacts.append((contact, pk, person.get("contact", ""), "general", person.get("title", "")))
                ways += [(pk, contact, *way) for way in dict.fromkeys(merging.ways_of(person))]
            entered, author = self._origin(data)
            needs += [(pk, text, entered, author) for text in data.get("needs", ())]
            keys += [(pk, kind, value) for kind, value in sorted(_keys_of(row))]
            self.made[row.place] = {"customer_id": pk, "made": {"new": True, "version": 1}}
        copies = (
            ("customers_contact", ("id", "customer_id", "name", "role", "title"), contacts),
            ("customers_contactway", ("customer_id", "contact_id", "kind", "value", "extension", "as_written"), ways),
            ("customers_need", ("customer_id", "text", "noted_at", "noted_by_id"), needs),
            ("customers_matchkey", ("customer_id", "kind", "value"), keys),
        )
        for table, columns, lines in copies:  # before their customers: foreign keys are looked at in the end
            bulk.copy(self.cursor, table, columns, lines)
        self.cursor.execute(NEW, {"said": json.dumps(customers, ensure_ascii=False)})

    def _origin(self, data):
        """(when, who) entered a row first: as the file says, never the importer; now where it does not say when."""
        entered = day_at_noon(data["created_on"]) if "created_on" in data else self.at
        return entered.isoformat(), data.get("author_id")

    def _record(self, row, pk):
        data = row.data
        entered, author = self._origin(data)
        kind = data.get("kind", Kind.COMPANY)
        return {
            "id": pk,
            "name": row.name,
            "kind": kind,
            "credit_code": row.credit_code,
            "industry_id": data.get("industry_id"),
            "size_id": data.get("size_id"),
            "business_type_id": data.get("business_type_id"),
            "channel": self.channels[row.branch_id],
            "branch_id": row.branch_id,
            "source": data.get("source", Source.WALK_IN),
            "owner_id": data.get("owner_id"),
            "tier": data.get("tier", Tier.NORMAL),
            "stage": Stage.LEAD if self.job.kind == Import.Kind.LEADS else Stage.PROSPECT,
            "country": data.get("country", "CN"),
            "district_id": data.get("district_id"),
            "address": data.get("address", ""),
            "preferences": data.get("preferences", ""),
            "remarks": data.get("remarks", ""),
            "custom": data.get("custom", {}),
            "created_at": entered,
            "created_by_id": author,
            "updated_at": entered,
            "updated_by_id": author,
            "version": 1,
            **derived_names(row.name, kind),
        }

    # Records that are there

    def _merge(self, rows):
        self._lead([row for row in rows if row.outcome == Outcome.DUPLICATE])
        records = merging.load({row.customer_id for row in rows if row.customer_id}, lock=True)
        self.fresh = count(1)
        changed, contacts, ways, needs, touched = {}, {}, [], [], set()
        for row in rows:
            record = records.get(row.customer_id)
            if record is None:
                continue
            plan = merging.plan(record, row, take=row.take)
            made = {"version": record.version, "unchanged": True}
            if plan:
                made = self._apply(plan, record, row, contacts, ways, needs)
                if record.pk not in touched:
                    record.version += 1
                    touched.add(record.pk)
                made["version"] = record.version
                changed[record.pk] = record
            self.made[row.place] = {"customer_id": record.pk, "made": made}
        if changed:
            self._save(changed, contacts, ways, needs)

    def _lead(self, rows):
        """Put onto rows that are merged into an earlier one of the file the record that this one has become."""
        firsts = {row.duplicate_of for row in rows} - self.made.keys()
        known = dict(ImportRow.objects.filter(job=self.job, place__in=firsts).values_list("place", "customer_id"))
        known |= {place: entered["customer_id"] for place, entered in self.made.items()}
        for row in rows:
            row.customer_id = known.get(row.duplicate_of)

    def _apply(self, plan, record, row, contacts, ways, needs):
        """Change the record in memory; returns what undoing needs to know."""
        made = {"before": {name: record.value(name) for name in plan.columns}, "after": plan.columns}
        made |= {"contacts": [], "contacts_before": []}
        for person in plan.people:
            if person.pk is None:
                person.pk = -next(self.fresh)  # gets its key when all are known
                made["contacts"].append(person.pk)
            else:
                old = next(one for one in record.contacts if one["id"] == person.pk)
                made["contacts_before"].append({"id": person.pk, "name": old["name"], "title": old["title"]})
            contacts[person.pk] = {"customer_id": record.pk, "name": person.name, "title": person.title}
            ways += [(record.pk, person.pk, *way, row.place) for way in person.ways]
        needs += [(record.pk, text, row) for text in plan.needs]
        merging.apply(record, plan)
        return made

    def _save(self, changed, contacts, ways, needs):
        new = [key for key in contacts if key < 0]
        keys = dict(zip(new, bulk.fresh_keys(self.cursor, "customers_contact", len(new)), strict=True))
        way_keys = bulk.fresh_keys(self.cursor, "customers_contactway", len(ways))
        need_keys = bulk.fresh_keys(self.cursor, "customers_need", len(needs))
        made = {place: entered["made"] for place, entered in self.made.items()}
        lines = []
        for customer, contact, kind, value, extension, written, place in ways:
            pk = next(way_keys)
            made[place].setdefault("ways", []).append(pk)
            lines.append((pk, customer, keys.get(contact, contact), kind, value, extension, written))
        need_lines = []
        for customer, text, row in needs:
            pk = next(need_keys)
            made[row.place].setdefault("needs", []).append(pk)
            need_lines.append((pk, customer, text, *self._origin(row.data)))
        for one in made.values():
            if "contacts" in one:
                one["contacts"] = [keys[pk] for pk in one["contacts"]]
        bulk.copy(
            self.cursor, "customers_contact", ("id", "customer_id", "name", "role", "title"),
            [(keys[at], c["customer_id"], c["name"], "general", c["title"]) for at, c in contacts.items() if at < 0],
        )  # fmt: skip
        better = [{"id": at, "name": c["name"], "title": c["title"]} for at, c in contacts.items() if at > 0]
        if better:
            self.cursor.execute(CONTACT, [json.dumps(better, ensure_ascii=False)])
        way_columns = ("id", "customer_id", "contact_id", "kind", "value", "extension", "as_written")
        bulk.copy(self.cursor, "customers_contactway", way_columns, lines)
        bulk.copy(self.cursor, "customers_need", ("id", "customer_id", "text", "noted_at", "noted_by_id"), need_lines)
        self.cursor.execute(CHANGE, {"said": json.dumps([self._changed(r) for r in changed.values()])})
        self._save_keys(changed)

    def _changed(self, record):
        return {
            "id": record.pk,
            **record.columns,
            "tier": record.tier,
            "custom": record.custom,
            "version": record.version,
            "updated_at": self.at.isoformat(),
            "updated_by_id": self.by,
            **derived_names(record.columns["name"], record.kind),
        }

    def _save_keys(self, changed):
        """Keys that the records have gained. A key of a name that was replaced stays: it finds the record too."""
        said = []
        for record in changed.values():
            ways = list(record.ways)
            found = match_keys(
                name=record.columns["name"], credit_code=record.columns["credit_code"],
                phones=[v for kind, v in ways if kind == "phone"], emails=[v for kind, v in ways if kind == "email"],
                is_company=record.kind == Kind.COMPANY,
            )  # fmt: skip
            said += [{"customer_id": record.pk, "kind": kind, "value": value} for kind, value in found]
        self.cursor.execute(KEYS, [json.dumps(said, ensure_ascii=False)])
        gained = {}
        for customer, key in self.cursor.fetchall():
            gained.setdefault(customer, []).append(key)
        for entered in self.made.values():
            if "before" in entered["made"] and (keys := gained.pop(entered["customer_id"], None)):
                entered["made"]["keys"] = keys

    def _after(self):
        said = [{"place": place, **entered} for place, entered in self.made.items()]
        if said:
            self.cursor.execute(DONE, [json.dumps(said, ensure_ascii=False), self.job.pk])
        leads.enter(self.job, self.low, self.high)
        values = {"job": self.job.pk, "low": self.low, "high": self.high, "at": self.at}
        self.cursor.execute(SUSPECTS, values)
        merged = {e["customer_id"] for e in self.made.values() if "before" in e["made"]}
        if merged:
            completeness.judge(merged)


def _keys_of(row):
    return match_keys(
        name=row.name, credit_code=row.credit_code, phones=row.phones, emails=row.emails,
        is_company=row.is_company,
    )  # fmt: skip
