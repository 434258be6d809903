"""Whose purchases the rows of a file are, by the keys of every other door. Source: REC-15, REC-16.

The credit code decides; else the phone, with a similar name where the row has one; else the name in the row's unit, or
in the whole register where only one customer bears it. Two different credit codes are never one customer.
"""

from dataclasses import dataclass, field

from django.db import connection

from customers.importing.existing import RECORDS, sharing
from customers.values.keys import name_key
from customers.values.names import is_similar


@dataclass(slots=True)
class Record:
    pk: int
    name: str
    core: str
    code: str
    branch: int
    archived: bool


@dataclass(slots=True)
class _Asked:
    """A row and the ids of the records that share a key with it."""

    row: object
    cores: frozenset
    code: set = field(default_factory=set)
    phone: set = field(default_factory=set)
    name: set = field(default_factory=set)


def find(rows):
    """For each of the Judged rows its Record, None where nobody is surely meant, or () where several are equally."""
    asked = [_Asked(row, _cores(row.name)) for row in rows]
    keys = [
        (at, kind, value, one.row.branch)
        for at, one in enumerate(asked)
        for kind, values in (("credit_code", [one.row.credit_code]), ("phone", one.row.phone), ("name", one.cores))
        for value in values
        if value
    ]
    for at, pk, kind, _value in sharing(keys):
        getattr(asked[at], "code" if kind == "credit_code" else kind).add(pk)
    records = _records({pk for one in asked for pk in one.code | one.phone | one.name})
    return [_choose(one, records) for one in asked]


def _cores(name):
    """Of a company or a person: the row does not say which."""
    return frozenset({name_key(name), name_key(name, is_company=False)} - {""}) if name else frozenset()


def _records(ids):
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, [list(ids)])
        return {
            pk: Record(pk, name, core, code, branch, archived)
            for pk, name, core, code, branch, _is_company, archived in cursor.fetchall()
        }


def _choose(one, records):
    row = one.row
    if by_code := [records[pk] for pk in one.code]:
        return _only(by_code, row)
    others = {pk for pk in one.phone | one.name if not (row.credit_code and records[pk].code)}
    by_phone = [records[pk] for pk in one.phone & others]
    if row.name:
        by_phone = [record for record in by_phone if any(is_similar(core, record.core) for core in one.cores)]
    by_name = [records[pk] for pk in one.name & others]
    at_home = [record for record in by_name if record.branch == row.branch]
    return _only(by_phone or at_home or by_name, row)


def _only(records, row):
    """The one of several that is meant more surely than the others: by the unit, the name in full, or because the
    others are in the archive."""
    for is_meant in (
        lambda record: record.branch == row.branch,
        lambda record: record.name == row.name,
        lambda record: not record.archived,
    ):
        if len(records) > 1:
            records = [record for record in records if is_meant(record)] or records
    if not records:
        return None
    return records[0] if len(records) == 1 else ()
