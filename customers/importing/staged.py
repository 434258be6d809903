"""Rows of the staging table in the hands of whoever compares them with the register or takes them over.

ImportRow, but without the cost of a model for each of 100,000 rows; what a row says is read when somebody asks for it.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection

from customers.models import ImportRow
from customers.values.keys import Profile

_COLUMNS = (
    "place", "outcome", "customer_id", "duplicate_of", "name", "name_key", "credit_code", "phones", "emails",
    "branch_id", "is_company", "fingerprint", "take", "suspects", "problems", "data",
)  # fmt: skip
TAKEN = [ImportRow.Outcome.NEW, ImportRow.Outcome.UPDATE, ImportRow.Outcome.DUPLICATE]
ROWS = f"""
SELECT {", ".join(_COLUMNS)} FROM customers_importrow
WHERE job_id = %s AND place > %s AND place <= %s AND outcome = ANY(%s) ORDER BY place
"""  # noqa: S608 - our own columns


@dataclass
class Row:
    """See ImportRow; `found` are the records that share a key: {id: (phones, emails) that they share}."""

    place: int
    outcome: str
    customer_id: int | None
    duplicate_of: int | None
    name: str
    name_key: str
    credit_code: str
    phones: list
    emails: list
    branch_id: int | None
    is_company: bool
    fingerprint: str
    take: list
    suspects: list  # [[id of a record or place of a row, "record", "row", "like" or "like_row", reasons]]
    problems: list
    written: str  # `data`, as JSON
    found: dict = field(default_factory=dict)
    conflicts: dict = field(default_factory=dict)
    adds: bool = True  # anything to the record that it updates

    @cached_property
    def data(self):
        return json.loads(self.written)

    @cached_property
    def profile(self):
        phones, emails = frozenset(self.phones), frozenset(self.emails)
        return Profile.known(
            self.name, self.name_key, self.credit_code, phones, emails, self.branch_id, self.is_company
        )  # fmt: skip

    def match_keys(self):
        """Its (kind, value) pairs, see MatchKey: by these a record is found."""
        one = self.profile
        found = [("phone", number) for number in one.phone_keys] + [("email", address) for address in one.email_keys]
        single = (("credit_code", one.code), ("name", one.core), ("pinyin", one.pinyin))
        return found + [(kind, value) for kind, value in single if value]

    @property
    def corrects(self):
        """(import, place) of the row that this row of an error workbook corrects, or None."""
        return tuple(self.data["corrects"]) if '"corrects"' in self.written and "corrects" in self.data else None


def rows(job, low, high):
    """The Rows behind place `low` up to `high` that are taken, in order: new ones, updates and duplicates."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [job.pk, low, high, TAKEN])
        return [
            Row(*columns, json.loads(suspects), json.loads(problems), data)
            for *columns, suspects, problems, data in cursor.fetchall()
        ]
