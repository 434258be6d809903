"""Rows of a file that are customers already, or may be: by the keys and the verdict of every other door.

Source: REC-15 ("update", "suspect"), REC-18.
"""

import json

from django.db import connection

from customers.models import Import, ImportRow
from customers.values.keys import SURE, Profile, compare

from . import merging
from .judged import ARCHIVED

ENOUGH = 20  # records looked at for one key; a card of look-alikes shows five
MOST_SUSPECTS = 5
Outcome = ImportRow.Outcome

# Columns as lines of text: these are much faster to send than arrays. No key has several lines.
ASKED = r"""unnest(
    string_to_array(%(places)s, E'\n')::int[], string_to_array(%(kinds)s, E'\n'), string_to_array(%(values)s, E'\n'),
    string_to_array(%(branches)s, E'\n', '')::bigint[]
) k(place, kind, value, branch)"""
# Every key of every row asks for its records at once; a key that thousands share is answered by some of them.
BY_KEYS = f"""
SELECT k.place, m.customer_id, k.kind, k.value
FROM {ASKED}
CROSS JOIN LATERAL (
    SELECT customer_id FROM customers_matchkey WHERE kind = k.kind AND value = k.value LIMIT %(enough)s
) m
"""  # noqa: S608 - our own columns
# The same name, or one that sounds the same, in the row's own unit; the same name anywhere.
BY_NAMES = f"""
SELECT k.place, m.customer_id, k.kind, k.value
FROM {ASKED}
CROSS JOIN LATERAL (
    SELECT m.customer_id FROM customers_matchkey m JOIN customers_customer c ON c.id = m.customer_id
    WHERE m.kind = k.kind AND m.value = k.value AND (k.kind = 'name' OR c.branch_id = k.branch)
    ORDER BY c.branch_id <> k.branch, m.customer_id LIMIT %(enough)s
) m
"""  # noqa: S608 - our own columns
RECORDS = """
SELECT id, name,
       coalesce((SELECT value FROM customers_matchkey m WHERE m.customer_id = c.id AND m.kind = 'name' LIMIT 1), ''),
       credit_code, branch_id, kind = 'company', archived_at IS NOT NULL
FROM customers_customer c WHERE id = ANY(%s)
"""
# The same row of an earlier import, where its record has no key by which it would be found.
SEEN_BEFORE = """
SELECT DISTINCT ON (r.place) r.place, earlier.customer_id
FROM customers_importrow r JOIN customers_importrow earlier ON earlier.fingerprint = r.fingerprint
WHERE r.job_id = %(job)s AND r.place = ANY(%(places)s) AND r.fingerprint <> '' AND earlier.customer_id IS NOT NULL
  AND earlier.job_id <> r.job_id
ORDER BY r.place, earlier.customer_id
"""
WRITE = """
UPDATE customers_importrow r
SET outcome = said.outcome, customer_id = said.customer_id, suspects = said.suspects,
    suspect = said.suspects <> '[]' AND said.outcome = 'new', conflicts = said.conflicts, problems = said.problems,
    take = said.take, warned = r.warned OR said.archived,
    made = CASE WHEN said.unchanged THEN '{"unchanged": true}' ELSE r.made END
FROM jsonb_to_recordset(%(said)s::jsonb)
    said(place int, outcome text, customer_id bigint, suspects jsonb, conflicts jsonb, problems jsonb, take varchar[],
         archived bool, unchanged bool)
WHERE r.job_id = %(job)s AND r.place = said.place
"""


class Given:
    """Credit codes that rows of a file bring to records: one that has none gets the first. Two different ones are never
    one customer."""

    def __init__(self):
        self.codes, self._targets = {}, {}  # {record: code}, {place of a row: the record that it updates}

    def note(self, row):
        """A row, in the order of the file, once it is known which record it updates; duplicates add to their first."""
        if row.outcome == Outcome.DUPLICATE:
            target = self._targets.get(row.duplicate_of)
        else:
            target = None if any(problem[1] == "archived" for problem in row.problems) else row.customer_id
        if target:
            self._targets[row.place] = target
            if row.credit_code:
                self.codes.setdefault(target, row.credit_code)


def match(job, rows, given):
    """Say of staged.Rows whether they are new or which record they update, with their conflicts, and whom else they
    resemble. Part of the caller's transaction. `given` is what earlier rows have brought, and notes these, for which
    duplicates may stand among them."""
    compared = [row for row in rows if row.outcome != Outcome.DUPLICATE]
    _find(compared)
    records = _records({pk for row in compared for pk in row.found})
    corrected = _corrected(compared)
    seen = None
    changed = []
    for row in rows:
        if row.outcome == Outcome.DUPLICATE:
            given.note(row)
            continue
        target, suspects = _judge(row, records, given.codes)
        if first := corrected.get(row.corrects):
            target, suspects = first.customer_id, []
        elif target is None:
            if seen is None:
                seen = _seen_before(job, [row.place for row in compared])
            target = seen.get(row.place)
        before = _said(row)
        _put(row, target, suspects, records)
        given.note(row)
        if row.outcome == Outcome.UPDATE or _said(row) != before:
            changed.append(row)
    merging.find_conflicts([row for row in changed if row.outcome == Outcome.UPDATE])
    for row in changed:
        if first := corrected.get(row.corrects):
            # What a person corrected in the workbook counts, what stands there as before does not.
            mended = {name for name, (_stands, said) in row.conflicts.items() if merging.said(first, name) != said}
            row.take = sorted(mended.union(row.take))
    _write(job, changed)


def _find(rows):
    """Put the records that share a key onto the rows."""
    by_place = {row.place: row for row in rows}
    asked = [(row.place, kind, value, row.branch_id) for row in rows for kind, value in row.match_keys()]
    for place, pk, kind, value in sharing(asked):
        phones, emails = by_place[place].found.setdefault(pk, (set(), set()))
        if kind == "phone":
            phones.add(value)
        elif kind == "email":
            emails.add(value)


def sharing(keys):
    """(place, id of a record, kind, value) of the keys of rows, (place, kind, value, unit), that a record has, too."""
    names = [key for key in keys if key[1] in ("name", "pinyin")]
    others = [key for key in keys if key[1] not in ("name", "pinyin")]
    return [found for question, asked in ((BY_KEYS, others), (BY_NAMES, names)) for found in _shared(question, asked)]


def _shared(question, asked):
    if not asked:
        return []
    places, kinds, values, branches = zip(*asked, strict=True)
    columns = {
        "places": map(str, places),
        "kinds": kinds,
        "values": values,
        "branches": (str(b or "") for b in branches),
    }
    return _ask(question, {name: "\n".join(column) for name, column in columns.items()} | {"enough": ENOUGH})


def _records(ids):
    """{id: (Profile without ways, archived)}; phones and e-mails are known from the keys that were shared."""
    return {pk: row for pk, *row in _ask(RECORDS, [list(ids)])} if ids else {}


def _judge(row, records, codes):
    """(id of the record that the row surely is, or None; suspects)."""
    sure, suspects = [], []
    for pk, (phones, emails) in row.found.items():
        name, core, code, branch, is_company, _archived = records[pk]
        other = Profile.known(name, core, code or codes.get(pk, ""), phones, emails, branch, is_company)
        said = compare(row.profile, other)
        if said.verdict == SURE:
            strength = (said.reasons[0] != "same_credit_code", other.branch != row.profile.branch, -said.score, pk)
            sure.append((strength, pk))
        elif said.verdict:
            suspects.append((-said.score, pk, list(said.reasons)))
    if sure:
        return min(sure)[1], []
    return None, [[pk, "record", reasons] for _score, pk, reasons in sorted(suspects)[:MOST_SUSPECTS]]


def _seen_before(job, places):
    return dict(_ask(SEEN_BEFORE, {"job": job.pk, "places": places}))


def _corrected(rows):
    """{(import, place): ImportRow} of rows with a record that rows of an error workbook correct."""
    asked = {row.corrects for row in rows} - {None}
    if not asked:
        return {}
    firsts = ImportRow.objects.filter(
        job__in={job for job, _place in asked}, place__in={place for _job, place in asked}, customer__isnull=False
    )
    return {(first.job_id, first.place): first for first in firsts if (first.job_id, first.place) in asked}


def _said(row):
    return row.outcome, row.customer_id, list(row.suspects), list(row.problems)


def _put(row, target, suspects, records):
    others = [said for said in row.suspects if said[1] != "record"]
    row.customer_id = target
    row.outcome = Outcome.UPDATE if target else Outcome.NEW
    row.suspects = [] if target else [*suspects, *others]
    row.problems = [problem for problem in row.problems if problem[1] != "archived"]
    if target and target in records and records[target][-1]:
        row.problems.append([None, "archived", str(ARCHIVED)])


def _write(job, rows):
    # The commit says it itself. A lead becomes a member of its campaign, whatever its record says already.
    tells_unchanged = job.state == Import.State.CHECKING and job.kind != Import.Kind.LEADS
    said = [
        {
            "place": row.place,
            "outcome": row.outcome,
            "customer_id": row.customer_id,
            "suspects": row.suspects,
            "conflicts": row.conflicts,
            "problems": row.problems,
            "take": row.take,
            "archived": any(problem[1] == "archived" for problem in row.problems),
            "unchanged": tells_unchanged and row.outcome == Outcome.UPDATE and not row.adds,
        }
        for row in rows
    ]
    if said:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, {"job": job.pk, "said": json.dumps(said, ensure_ascii=False)})


def _ask(question, values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()
