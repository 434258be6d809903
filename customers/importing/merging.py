"""What a row of a file adds to a record that is there: blanks are filled, what differs is a conflict, nothing is lost.

Source: REC-15; import.md "Row outcomes" (update, duplicate).
"""

import json
from dataclasses import dataclass, field
from itertools import count

from django.db import connection

from customers import blanks

from .own_columns import OWN

FILLED = (
    "name", "credit_code", "industry_id", "size_id", "business_type_id", "source", "district_id", "address",
    "preferences", "remarks",
)  # fmt: skip
ONLY_FILLED = ("owner_id",)  # a person in charge is changed by assigning, never by a file. Source: "Settled"
TITLE = "title"  # of a contact: may differ like a column
_CUSTOMERS = f"""
SELECT id, kind, country, branch_id, tier, custom, version, archived_at IS NOT NULL, {", ".join(FILLED + ONLY_FILLED)}
FROM customers_customer WHERE id = ANY(%s)
"""  # noqa: S608 - our own columns
_LOCKED = f"{_CUSTOMERS} ORDER BY id FOR NO KEY UPDATE"
_CONTACTS = """
SELECT customer_id, id, name, title FROM customers_contact WHERE customer_id = ANY(%s) AND valid_until IS NULL
ORDER BY id
"""
_WAYS = "SELECT customer_id, contact_id, kind, value FROM customers_contactway WHERE customer_id = ANY(%s)"
_NEEDS = "SELECT customer_id, text FROM customers_need WHERE customer_id = ANY(%s)"


@dataclass
class Record:
    """A customer as it stands, changed in memory while rows are merged into it."""

    pk: int
    kind: str
    country: str
    branch: int
    tier: str
    custom: dict
    version: int
    archived: bool
    columns: dict
    contacts: list = field(default_factory=list)  # [{id, name, title}] of today
    ways: dict = field(default_factory=dict)  # {(kind, value): id of the contact}
    needs: set = field(default_factory=set)

    def value(self, name):
        if name.startswith(OWN):
            return self.custom.get(name.removeprefix(OWN))
        return self.tier if name == "tier" else self.columns[name]

    def put(self, name, value):
        if name.startswith(OWN):
            self.custom = {**self.custom, name.removeprefix(OWN): value}
        elif name == "tier":
            self.tier = value
        else:
            self.columns[name] = value


@dataclass
class Person:
    """A contact to be changed, or to be made where it has no `pk`, and the ways that it gets."""

    pk: int | None
    name: str
    title: str
    ways: list  # [(kind, value, extension, as written)]


@dataclass
class Plan:
    """What one row does to one record."""

    columns: dict = field(default_factory=dict)  # {name: value}
    conflicts: dict = field(default_factory=dict)  # {name: [what stands in the record, what the file says]}
    people: list = field(default_factory=list)  # of Person
    needs: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.columns or self.people or self.needs)

    @property
    def ways(self):
        """Of all contacts."""
        return [way for person in self.people for way in person.ways]


def load(ids, *, lock=False):
    """{id: Record} of customers, in four queries."""
    ids = sorted(ids)
    if not ids:
        return {}
    records = {}
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED if lock else _CUSTOMERS, [ids])
        for pk, kind, country, branch, tier, custom, version, archived, *rest in cursor.fetchall():
            columns = dict(zip(FILLED + ONLY_FILLED, rest, strict=True))
            records[pk] = Record(pk, kind, country, branch, tier, json.loads(custom), version, archived, columns)
        cursor.execute(_CONTACTS, [ids])
        for customer, pk, name, title in cursor.fetchall():
            records[customer].contacts.append({"id": pk, "name": name, "title": title})
        cursor.execute(_WAYS, [ids])
        for customer, contact, kind, value in cursor.fetchall():
            records[customer].ways.setdefault((kind, value), contact)
        cursor.execute(_NEEDS, [ids])
        for customer, text in cursor.fetchall():
            records[customer].needs.add(text)
    return records


def find_conflicts(rows):
    """Put onto rows that update a record in what they differ from it, as earlier ones leave it, and whether they add
    anything to it."""
    records = load({row.customer_id for row in rows})
    fresh = count(1)
    for row in rows:
        record = records[row.customer_id]
        made = plan(record, row, take=row.take)
        row.conflicts, row.adds = made.conflicts, bool(made)
        for person in made.people:
            person.pk = person.pk or -next(fresh)
        apply(record, made)


def plan(record, row, *, take=()):
    """The Plan of a row for a record; what a row does not say itself is no reason to doubt it. `take`: names of
    conflicts that are decided for the file."""
    made = Plan()
    if record.archived:
        return made
    by_default = row.data.get("by_default", ())
    for name, value in _said(row).items():
        if value in (None, "") or (name == "district_id" and record.country != "CN"):
            continue
        stands = record.value(name)
        if stands in (None, ""):
            made.columns[name] = value
        elif stands != value and name not in ONLY_FILLED and name.removesuffix("_id") not in by_default:
            made.conflicts[name] = [stands, value]
            if name in take:
                made.columns[name] = value
    for person in people_of(row.data):
        _plan_contact(record, person, made, take)
    made.needs = [text for text in row.data.get("needs", ()) if text not in record.needs]
    return made


def _said(row):
    data = row.data
    said = {name: data.get(name) for name in FILLED + ONLY_FILLED}
    said |= {"name": row.name, "credit_code": row.credit_code, "tier": data.get("tier")}
    return said | {f"{OWN}{code}": value for code, value in data.get("custom", {}).items()}


def said(row, name):
    """What a row says for one column, or of its first contact's job title."""
    return row.data.get(name) if name == TITLE else _said(row).get(name)


def people_of(data):
    """The contacts of a row, the first one first, as staging keeps them: contact, title, phones and emails."""
    people = [data, *data.get("further", ())]
    return [one for one in people if any(one.get(name) for name in ("contact", "title", "phones", "emails"))]


def ways_of(data):
    """(kind, value, extension, as written) of the phones and e-mails of one of them."""
    phones = [("phone", e164, extension, written) for e164, extension, written in data.get("phones", ())]
    return phones + [("email", address, "", address) for address in data.get("emails", ())]


def _plan_contact(record, data, made, take):
    """New phones and addresses go to whom the row is about; where that is nobody yet, the file brings a contact. A name
    alone brings one only to a record that has none."""
    ways = ways_of(data)
    known = {record.ways[way[:2]] for way in ways if way[:2] in record.ways}
    planned = {way[:2] for way in made.ways}
    new = [way for way in ways if way[:2] not in record.ways and way[:2] not in planned]
    name, title = data.get("contact", ""), data.get("title", "")
    at = blanks.place_of(name, [(one["name"], one["id"] in known) for one in record.contacts])
    if at is not None:
        contact = record.contacts[at]
        person = Person(contact["id"], contact["name"] or name, contact["title"] or title, new)
        is_other = title not in ("", person.title) and name in ("", contact["name"])
        if is_other and TITLE not in made.conflicts:
            made.conflicts[TITLE] = [contact["title"], title]
            if TITLE in take:
                person.title = title
        if new or (person.name, person.title) != (contact["name"], contact["title"]):
            made.people.append(person)
    elif new or (name and not record.contacts):
        made.people.append(Person(None, name, title, new))


def apply(record, made):
    """Change the Record in memory as planned. Every contact of the plan has its key by now."""
    for name, value in made.columns.items():
        record.put(name, value)
    for person in made.people:
        known = next((one for one in record.contacts if one["id"] == person.pk), None)
        if known is None:
            known = {"id": person.pk}
            record.contacts.append(known)
        known |= {"name": person.name, "title": person.title}
        record.ways |= {way[:2]: person.pk for way in person.ways}
    record.needs.update(made.needs)
