"""Judged rows on their way into the staging table, by COPY. Source: REC-15."""

import hashlib
import json
from datetime import datetime

from django.db import connection
from django.utils import timezone

from customers.models import ImportRow
from staff import bulk

from .headings import FIELDS, referred
from .known_words import Districts, People, countries
from .wording import plain

COLUMNS = (
    "job_id", "place", "table", "number", "outcome", "reason", "virtual", "suspect", "warned", "duplicate_of", "name",
    "name_key", "credit_code", "phones", "emails", "branch_id", "is_company", "fingerprint", "data", "extras",
    "problems", "cells", "suspects", "conflicts", "take", "made",
)  # fmt: skip
Outcome = ImportRow.Outcome
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def copy(rows):
    """Write rows as `line` gives them."""
    with connection.cursor() as cursor:
        bulk.copy(cursor, ImportRow._meta.db_table, COLUMNS, rows)


def ignored(job, place, table, row):
    return _line(job, place, table, row.number, Outcome.IGNORED, reason=row.ignored, cells=cells_of_ignored(row))


def cells_of_ignored(row):
    """What stands in a row that is no data, for whoever checks that it is none."""
    if row.ignored not in ("title", "total"):  # nothing, or the headings once more
        return "[]"
    return as_json([cell for cell in row.cells if cell is not None and cell != ""])


def line(job, place, table, row, found, profile, match, data):
    """A row that is data. `profile` and `match`, within the file, are None for one that is rejected."""
    cells = fingerprint = ""
    if found.problems:
        cells = _without_nul(_encode(row.cells))
    if found.rejected:
        outcome, suspects = Outcome.REJECTED, []
    else:
        outcome = Outcome.DUPLICATE if match.duplicate_of else Outcome.NEW
        suspects = [[other, "row", reasons] for other, reasons in match.suspects]
        fingerprint = fingerprint_of(row.cells)
    return _line(
        job, place, table, row.number, outcome, reason=found.rejected, found=found, profile=profile, suspects=suspects,
        duplicate_of=match.duplicate_of if match else None, data=data, cells=cells, fingerprint=fingerprint,
    )  # fmt: skip


def _line(job, place, table, number, outcome, *, reason, found=None, profile=None, suspects=(), duplicate_of=None,
          data=None, cells="", fingerprint=""):  # fmt: skip
    if found is None:
        return (
            job.pk, place, table, number, outcome, reason, False, False, False, None, "", "", "", [], [], None, True,
            "", "{}", "{}", "[]", cells or "[]", "[]", "{}", [], "{}",
        )  # fmt: skip
    problems = [problem.kept for problem in found.problems]
    return (
        job.pk, place, table, number, outcome, reason, bool(found.virtual), bool(suspects), found.warned, duplicate_of,
        found.name, profile.core if profile else "", found.credit_code, list(found.phone_keys), list(found.email_keys),
        found.branch, found.kind == "company", fingerprint, _without_nul(_encode(data)) if data else "{}",
        _without_nul(_encode(found.extras)) if found.extras else "{}", _encode(problems) if problems else "[]",
        cells or "[]", _encode(suspects) if suspects else "[]", "{}", [], "{}",
    )  # fmt: skip


def as_json(value):
    return _without_nul(_encode(value))


def _without_nul(text):
    """PostgreSQL keeps no NUL in JSON, nor halves of characters."""
    if "\\u0000" in text:
        text = text.replace("\\u0000", "")
    return text if text.isascii() else text.encode("utf-8", "ignore").decode()


def fingerprint_of(cells):
    """Equal for rows that say the same, whatever the columns are taken for."""
    said = [cell for cell in cells if cell is not None and cell != ""]
    return hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=16).hexdigest()


class Reader:
    """Turns what a row says into what is written into the records: people and places by their keys."""

    def __init__(self):
        self._people, self._districts, self._countries = People.known(), Districts(), countries()

    def data(self, found):
        """The values of an accepted row, as JSON keeps them; what is empty is left out."""
        said = _person(found) | {
            "kind": found.kind,
            "further": [person for person in map(_person, found.others) if any(person.values())],
            "address": found.address,
            "source": found.source,
            "tier": found.tier,
            "industry_id": found.industry,
            "size_id": found.size,
            "business_type_id": found.business_type,
            "by_default": found.by_default,
            "needs": found.needs,
            "preferences": found.preferences,
            "remarks": found.remarks,
            "custom": {name.partition(":")[2]: value for name, value in found.own.items()},
            "owner_text": found.owner,
            "author_text": found.author,
            "created_on": found.created_on and found.created_on.isoformat(),
        }
        if found.owner:
            said["owner_id"] = self._people.find(found.owner)
        if found.author:
            said["author_id"] = self._people.find(found.author)
        if found.reference:
            said["corrects"] = referred(found.reference)
        said["country"] = self._countries.get(plain(found.country), "") if found.country else "CN"
        if said["country"] == "CN":
            where = found.province, found.city, found.district, found.area
            said["district_id"] = self._districts.find(*where, found.address)
        if not said.get("district_id"):
            self._keep(found, "province", "city", "district", "area")
        if not said["country"]:
            self._keep(found, "country")
        return {name: value for name, value in said.items() if value}

    @staticmethod
    def _keep(found, *names):
        """What is no place here is kept as it is written."""
        for name in names:
            if text := getattr(found, name):
                found.extras.setdefault(str(FIELDS[name]), text)


def _person(found):
    return {
        "contact": found.contact,
        "title": found.title,
        "phones": [[phone.e164, phone.extension, phone.as_written] for phone in found.phones],
        "emails": found.emails,
    }


def day_at_noon(day):
    """The moment by which a day of a file stands in the register."""
    return timezone.make_aware(datetime.fromisoformat(f"{day}T12:00"))
