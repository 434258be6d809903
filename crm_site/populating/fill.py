"""Writes the rows, one transaction a chunk: killed at any moment it leaves whole customers, and goes on from there."""

from contextlib import contextmanager

from django.db import connection, connections, transaction

from customers import completeness
from customers.models import Customer
from staff.bulk import ascribe, fresh_keys

from .company import found
from .names import MOST
from .rows import COLUMNS, TABLES, Author

CHUNK = 5_000
LOCK = 1606303  # a second one waits, and then finds the customers
RESERVED = {"customers_customer": 1, "customers_contact": 4, "customers_registrationform": 1}  # keys for each customer


class NoRoom(Exception):
    """More customers than there are numbers for."""


def populate(customers, *, on, progress=lambda done, total: None):
    """Bring the book up to a number of customers, as the demo company would have it on a date. Returns how many were
    added. Raises NoRoom, and NoCompany where people are there that are not the demo company's."""
    if customers > MOST:
        raise NoRoom(MOST)
    with only_one():
        company = found(on=on)
        there = Customer.objects.count()
        author = Author(company, on=on, total=max(customers, 1))
        for start in range(there, customers, CHUNK):
            numbers = range(start, min(start + CHUNK, customers))
            write(author, numbers)
            progress(numbers.stop, customers)
    return max(customers - there, 0)


@contextmanager
def only_one():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def write(author, numbers):
    with transaction.atomic(), connection.cursor() as cursor:
        ids = {table: fresh_keys(cursor, table, each * len(numbers)) for table, each in RESERVED.items()}
        lines = author.chunk(numbers, *ids.values())
        ascribe(cursor, job="populate")
        for table in TABLES:
            with cursor.copy(f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copy:
                copy.write("".join(lines[table]))


def settle():
    """The book as it is the morning after: records judged by the filing standard, statistics and indexes in order."""
    completeness.judge_all()
    _in_order()


def _in_order():
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
