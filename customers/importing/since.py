"""Who else has changed the register since the dry run of an import: only rows that this may concern are compared anew
when they are taken over. Source: REC-15.

Events are numbered as they are written, but become visible when their transaction ends. So the number of the last one
is a mark only if, after it was read, nobody was found who still writes.
"""

from time import monotonic, sleep

from django.db import connection

from customers.models import Import, ImportRow

PATIENCE, PAUSE = 2, 0.02  # seconds that a dry run waits for those who write
MOST = 5_000  # changed records; of more, every row is compared anew
EVENTS = {"customers_customerevent": "pgh_obj_id", "customers_contactwayevent": "customer_id"}  # all that makes keys
NUMBERS = f"SELECT {', '.join(f'(SELECT coalesce(max(pgh_id), 0) FROM {table})' for table in EVENTS)}"  # noqa: S608
WRITERS = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE relation = ANY(%s::regclass[]) AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""
CHANGED = " UNION ".join(
    f"SELECT {customer} FROM {table} WHERE pgh_id > %({table})s AND pgh_context ->> 'job' IS DISTINCT FROM %(job)s"  # noqa: S608
    for table, customer in EVENTS.items()
)
# By what a record is found: its keys, and the rows of imports that it comes from (existing.SEEN_BEFORE).
KEYS = """
SELECT kind, value FROM customers_matchkey WHERE customer_id = ANY(%(records)s)
UNION ALL
SELECT 'fingerprint', fingerprint FROM customers_importrow WHERE customer_id = ANY(%(records)s) AND fingerprint <> ''
"""
OWN = "SELECT customer_id FROM customers_importrow WHERE job_id = %s AND made ? 'before' AND customer_id IS NOT NULL"


def mark():
    """The numbers of the last events, once nobody can add events before them; None when somebody writes for long."""
    numbers, until = _numbers(), monotonic() + PATIENCE
    while _somebody_writes():
        if monotonic() > until:
            return None
        sleep(PAUSE)
    return numbers


class Since:
    """What others have changed since the dry run, looked at again with every chunk of a commit."""

    def __init__(self, job):
        self._job = f"import:{job.pk}"
        self._mark = Import.objects.values_list("seen", flat=True).get(pk=job.pk)
        self._records, self._keys = set(), set()
        self.own = {pk for (pk,) in _ask(OWN, [job.pk])}  # records to which the import itself has added something

    def concerned(self, rows):
        """Those of some staged.Rows that may now mean another record than in the dry run."""
        if self._mark is not None:
            self._look()
        if self._mark is None:
            return rows
        return [row for row in rows if self._concerns(row)]

    def _look(self):
        numbers, settled = _numbers(), not _somebody_writes()
        changed = {pk for (pk,) in _ask(f"{CHANGED} LIMIT {MOST + 1}", self._mark | {"job": self._job})}
        self._records |= changed
        self._keys.update(_ask(KEYS, {"records": list(changed)}) if changed else ())
        if len(self._records) > MOST:
            self._mark = None
        elif settled:
            self._mark = numbers

    def _concerns(self, row):
        if row.outcome == ImportRow.Outcome.UPDATE and (row.customer_id is None or row.customer_id in self.own):
            return True  # the record is gone, or no longer what it was
        if row.customer_id in self._records or row.corrects:
            return True
        if any(kind in ("record", "like") and pk in self._records for pk, kind, _reasons in row.suspects):
            return True
        return bool(self._keys) and not self._keys.isdisjoint([*row.match_keys(), ("fingerprint", row.fingerprint)])


def _numbers():
    return dict(zip(EVENTS, _ask(NUMBERS)[0], strict=True))


def _somebody_writes():
    return _ask(WRITERS, [list(EVENTS)])[0][0]


def _ask(question, values=None):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()
