"""One at a time, across all processes and machines, by PostgreSQL's advisory locks."""

import contextlib

from django.db import InterfaceError, OperationalError, connection


@contextlib.contextmanager
def only_one(name):
    """Yield whether this process got the lock of that name; never waits. Whoever did not, has nothing to do.

    It saves work, it does not make work correct: a lock ends with its connection, so actions still guard themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            # A lost connection has lost the lock as well.
            with contextlib.suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
