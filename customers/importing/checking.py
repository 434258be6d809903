"""The dry run: every row of the file judged, placed and compared, in the staging table and nowhere else.

Source: REC-15; import.md step 4.
"""

from contextlib import closing

from django.db import transaction

from customers.models import Import, ImportRow

from . import existing, known_words, near, staging
from .ahead import ahead
from .judging import Judge
from .looking import tables_of
from .matching import Matcher

CHUNK = 2_000  # rows staged in one transaction


def check(job, path, alive):
    """Stage all rows anew. Returns {field: {word: rows}} of words that mean nothing here.

    `alive(done, total)` is told with each chunk, in its transaction, with `phase` when names are compared, and raises
    when the job is no longer this worker's. While one chunk is compared with the register, which mostly waits for the
    database, the next is judged.
    """
    total = sum(table["rows"] for table in job.tables if table["header_row"] is not None) or 1
    with transaction.atomic():
        alive(0, total)
        ImportRow.objects.filter(job=job).delete()
    read = _Reading(job, path)
    staged = 0
    with closing(ahead(chunks(read))) as made:
        for chunk in made:
            with transaction.atomic():
                alive(min(staged, total), total)
                staging.copy(chunk)
                existing.match(job, staged, staged + len(chunk))
            staged += len(chunk)
    alive(total, total, phase=Import.Phase.NAMES)
    near.mark(job, lambda: alive(total, total))
    return read.unknown()


class _Reading:
    """Staging lines of all rows of the file, in order."""

    def __init__(self, job, path):
        self._job, self._path = job, path
        self._wording, self._reader, self._own = known_words.wording(job), staging.Reader(), known_words.own_readers()

    def __iter__(self):
        """Without a question to the database: see `ahead`."""
        job, place = self._job, 0
        matcher = Matcher()
        for at, table in enumerate(tables_of(job, self._path)):
            if table.header_row is None:
                continue
            orders = job.tables[at].get("date_orders", ())
            judge = Judge(
                table.headings, table.fields, self._wording,
                date1904=table.date1904, date_orders=orders, own=self._own, sheet=table.sheet.name,
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
                    match, data = matcher.place(place, profile), self._reader.data(found)
                yield staging.line(job, place, at, row, found, profile, match, data)

    def unknown(self):
        return self._wording.unknown()


def chunks(rows):
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
