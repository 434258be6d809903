"""Filling a book costs little more than the bare rows. Source: issue figures."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from django.db import connections, transaction
from django.utils import timezone

from crm_site import populating
from crm_site.populating.rows import COLUMNS, TABLES

from . import Measured, figure
from .book import assert_room, empty

BLOCK = 1 << 20  # bytes


@figure("populate", unit="s", limit=2, of_customers=True)
def populate(*, say, customers):
    """`populate` against a bare COPY of the same rows into the same tables, with indexes and history."""
    assert_room(customers, books=2)
    with TemporaryDirectory(prefix="keke-bench-") as folder:
        with empty("new_populate", say=say):
            started = perf_counter()
            populating.populate(
                customers, on=timezone.localdate(), progress=lambda done, total: say(f"{done:,} of {total:,} customers")
            )
            value = perf_counter() - started
            _dump(Path(folder))
        say(f"populate: {value:.1f} s")
        with empty("new_copied", say=say):
            floor = _copy(Path(folder))
        say(f"bare COPY: {floor:.1f} s")
    return Measured(value, floor, f"{customers / value:,.0f} customers a second")


def _dump(folder):
    with connections["default"].cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("wb") as file, cursor.copy(f"COPY {_rows(table)} TO STDOUT") as copy:
                for block in copy:
                    file.write(block)


def _copy(folder):
    """Seconds to read all files back, a table after the other, in one transaction."""
    started = perf_counter()
    with transaction.atomic(), connections["default"].cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("rb") as file, cursor.copy(f"COPY {_rows(table)} FROM STDIN") as copy:
                while block := file.read(BLOCK):
                    copy.write(block)
    return perf_counter() - started


def _rows(table):
    return f"{table} ({', '.join(COLUMNS[table])})"
