"""The dry run: every row of the file judged, placed and compared, in the staging table and nowhere else.

Source: REC-15; import.md step 4.
"""

from contextlib import closing

from django.db import transaction

from customers.models import Import, ImportRow

from . import existing, known_words, near, own_columns, since, staged, staging
from .apart import apart
from .judging import Judge
from .looking import tables_of
from .matching import Matcher

CHUNK = 2_000  # rows staged in one transaction


def check(job, path, alive):
    """Stage all rows anew. Returns {field: {word: rows}} of words that mean nothing here.

    `alive(done, total)` is told with each chunk, in its transaction, with `phase` when names are compared, and raises
    when the job is no longer this worker's. While one chunk of many is compared with the register, the next is read and
    judged by another process.
    """
    total = sum(table["rows"] for table in job.tables if table["header_row"] is not None) or 1
    with transaction.atomic():
        alive(0, total)
        ImportRow.objects.filter(job=job).delete()
    seen = since.mark()
    read, done, unknown, given = _judged(job, path), 0, {}, existing.Given()
    with apart(read) if total > CHUNK else closing(read) as made:
        for chunk, unknown in made:  # noqa: B007 - the last one counts
            with transaction.atomic():
                alive(min(done, total), total)
                staging.copy(chunk)
                existing.match(job, staged.rows(job, done, done + len(chunk)), given)
            done += len(chunk)
    alive(total, total, phase=Import.Phase.NAMES, seen=seen)
    near.mark(job, lambda: alive(total, total))
    return unknown


def _judged(job, path):
    """(staging lines of a chunk, unknown words so far) of the whole file, in order. What it asks the database it asks
    at once; see `apart`."""
    wording, own = known_words.wording(job), own_columns.columns()
    lines = _lines(job, path, wording, staging.Reader(), own)
    return ((chunk, wording.unknown()) for chunk in chunks(lines))


def _lines(job, path, wording, reader, own):
    place, matcher = 0, Matcher()
    for at, table in enumerate(tables_of(job, path)):
        if table.header_row is None:
            continue
        judge = Judge(
            table.headings, table.fields, wording,
            date1904=table.date1904, date_orders=job.tables[at].get("date_orders", ()), own=own,
            sheet=table.sheet.name,
        )  # fmt: skip
        for row in table:
            place += 1
            if row.ignored:
                yield staging.ignored(job, place, at, row)
                continue
            found = judge(row.cells)
            profile = match = data = None
            if not found.rejected:
                profile = found.profile()
                match, data = matcher.place(place, profile), reader.data(found)
            yield staging.line(job, place, at, row, found, profile, match, data)


def chunks(rows):
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
