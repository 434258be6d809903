"""What it takes to look through and to take over a legacy spreadsheet. Source: REC-15, import.md "Speed"."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from customers.importing import jobs, working
from customers.models import Import

from . import Measured, figure, legacy_file
from .book import addresses, book_copy
from .import_export import Tuned, Usual, rows_a_second
from .memory import Peak

ROWS = 100_000
MOST_MEMORY = 600  # MB, import.md
FOR_USUAL = 10_000  # rows, against the library's defaults
OF_USUAL = 500  # rows that these are given: each takes a query through the whole book
BLOCK = 1 << 20  # bytes
AFAR = 1_000_000_000  # added to keys, so that the same rows go in a second time
TABLES = ("customers_contact", "customers_contactway", "customers_need", "customers_matchkey", "customers_customer")
LINKS = {"id", "customer_id", "contact_id"}  # columns that hold keys of these tables


@figure("import-dry-run", unit="s", limit=0.25, of_customers=True)
def dry_run(*, say, customers, rows=ROWS):
    """Reading, checking and matching 100,000 rows of 25 columns, against django-import-export tuned by hand."""
    with _trial(customers, rows, say) as (path, job):
        value = _dry_run(job, say)
        floor = rows / rows_a_second(Tuned, path, say=say)
    return Measured(value, floor, f"{rows / value:,.0f} rows a second")


@figure("import-memory", unit="MB of memory", limit=1, of_customers=True)
def memory(*, say, customers, rows=ROWS):
    """The most memory that importing 100,000 rows of 25 columns takes, all its processes together."""
    with _trial_file(customers, rows, say) as path:
        command = [sys.executable, "-m", "django", "import", str(path), "--json"]  # knows nothing of other figures
        with subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=settings.BASE_DIR, env=os.environ | addresses(), stdout=subprocess.PIPE, text=True
        ) as worker, Peak(worker.pid) as peak:  # fmt: skip
            said = worker.communicate()[0]
    if worker.returncode:
        raise RuntimeError(f"The import ended with {worker.returncode}.")
    return Measured(peak.megabytes, MOST_MEMORY, said.splitlines()[-1])


@figure("import-dry-run-usual", unit="s", limit=0.1, of_customers=True)
def dry_run_usual(*, say, customers, rows=FOR_USUAL):
    """Reading, checking and matching 10,000 rows of 25 columns, against django-import-export as it comes."""
    with _trial(customers, rows, say) as (path, job):
        value = _dry_run(job, say)
        legacy_file.write(path, OF_USUAL, customers=customers)
        floor = rows / rows_a_second(Usual, path, say=say)
    return Measured(value, floor, f"{rows / value:,.0f} rows a second")


@figure("import-commit", unit="s", limit=3, of_customers=True)
def commit(*, say, customers, rows=ROWS):
    """Taking 100,000 rows of 25 columns over, against a bare COPY of the same rows into the same tables."""
    with _trial(customers, rows, say) as (_path, job):
        _dry_run(job, say)
        before = _last_keys()
        jobs.commit(job, by=None, at=timezone.now())
        value = _step(job)
        say(f"commit: {value:.1f} s")
        with tempfile.TemporaryDirectory(prefix="keke-bench-") as folder:
            number = _dump(Path(folder), before)
            floor = _copy(Path(folder))
        note = f"{job.counts['new']:,} new, {job.counts['update']:,} updates, {number:,} rows written anew"
    return Measured(value, floor, note)


@contextmanager
def _trial_file(customers, rows, say):
    """A copy of the book, and a file for it."""
    with (
        book_copy(customers, "import_trial", say=say),
        tempfile.TemporaryDirectory(prefix="keke-bench-") as folder,
    ):
        path = Path(folder) / "legacy.xlsx"
        legacy_file.write(path, rows, customers=customers)
        say(f"a file of {rows:,} rows, {path.stat().st_size / 1e6:.1f} MB")
        try:
            yield path
        finally:
            for job in Import.objects.all():  # files are kept beside those of the user
                jobs.discard(job)


@contextmanager
def _trial(customers, rows, say):
    """The same, with its import, looked at already."""
    with _trial_file(customers, rows, say) as path:
        with path.open("rb") as upload:
            job = jobs.begin(upload, name=path.name, by=None, at=timezone.now())
        _step(job)
        yield path, job


def _dry_run(job, say):
    jobs.check(job, fields=[table["fields"] for table in job.tables], by=None, at=timezone.now())
    seconds = _step(job)
    say(f"dry run: {seconds:.1f} s, {job.counts}")
    return seconds


def _step(job):
    """Seconds that a step takes."""
    jobs.take(job, at=timezone.now())
    started = perf_counter()
    working.take_step(job)
    seconds = perf_counter() - started
    job.refresh_from_db()
    if job.problem or job.state not in (Import.State.MAPPING, Import.State.CHECKED, Import.State.DONE):
        raise RuntimeError(f"The import is {job.state}: {job.problem}")
    return seconds


def _last_keys():
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" for table in TABLES))  # noqa: S608
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


def _dump(folder, before):
    """Write the rows that came in since, under keys of their own; returns how many there are."""
    number = 0
    with connections["default"].cursor() as cursor:
        for table in TABLES:
            columns = ", ".join(f"{name} + {AFAR}" if name in LINKS else name for name in _columns(cursor, table))
            condition = f"id > {before[table]} AND {'id' if table == 'customers_customer' else 'customer_id'} > {before['customers_customer']}"  # noqa: E501
            with (folder / table).open("wb") as file:
                with cursor.copy(f"COPY (SELECT {columns} FROM {table} WHERE {condition}) TO STDOUT") as copied:  # noqa: S608
                    for block in copied:
                        file.write(block)
                number += cursor.rowcount
    return number


def _columns(cursor, table):
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "ORDER BY attnum",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _copy(folder):
    started = perf_counter()
    with transaction.atomic(), connections["default"].cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN") as copied:
                while block := file.read(BLOCK):
                    copied.write(block)
    return perf_counter() - started
