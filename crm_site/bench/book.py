"""Books of customers that figures measure on: kept in var/bench, reused from run to run, on servers of their own.

A book is keyed by the tables and the words it was made with. When these change, old books go and new ones are made.
"""

import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from environ import Env

from crm_site import populating, reference
from crm_site.runner.data import DataFolder
from crm_site.runner.postgres import Postgres
from crm_site.runner.processes import launch, stop_all

from . import until_the_end

ROLES = {"default": "keke_app", "owner": "keke_owner"}
BYTES = 12_000  # of disk for each customer, with indexes, history and the write-ahead log
ANYWAY = 500_000_000
WORDS = Path(populating.__file__).parent
_server = []


def place():
    return Path(settings.DATA_DIR) / "bench"


def server():
    """The PostgreSQL of var/bench, started by the first figure that needs it."""
    if not _server:
        folder = DataFolder(place())
        folder.prepare()
        if not folder.lock(patience=5):
            raise CommandError(f"Another bench uses {folder}: wait for it.")
        until_the_end.callback(_server.clear)
        until_the_end.callback(folder.unlock)
        children = []

        def run(service):
            children.append(launch(service, log=folder.root / f"{service.name}.log"))
            until_the_end.callback(stop_all, children)
            return children[-1]

        postgres = Postgres(folder)
        postgres.start(run, time.sleep)
        _server.append(postgres)
    return _server[0]


@contextmanager
def book(customers, *, say):
    """For the time of the block both aliases lead to a book of that many customers, the cache to an empty corner."""
    postgres = server()
    with leading_to(postgres, "postgres"):
        name = _made(postgres, customers, say)
    with leading_to(postgres, name), own_cache():
        added = populating.populate(
            customers,
            on=timezone.localdate(),
            progress=lambda done, total: say(f"book: {done:,} of {total:,} customers"),
        )
        if added:
            populating.settle()
        yield


@contextmanager
def book_copy(customers, name, *, say):
    """For the time of the block everything leads to a copy of a book, for what changes it. Dropped afterwards."""
    with book(customers, say=say):
        pass
    postgres = server()
    with leading_to(postgres, "postgres"):
        assert_room(customers)
        _drop(name)
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{_made(postgres, customers, say)}" STRATEGY file_copy')
    try:
        with leading_to(postgres, name), own_cache():
            yield
    finally:
        with leading_to(postgres, "postgres"):
            _drop(name)


@contextmanager
def empty(name, *, say):
    """A database with the company and no customer, for what is measured in the making. Dropped afterwards."""
    postgres = server()
    with leading_to(postgres, "postgres"):
        template = _template(postgres, say)
        _drop(name)
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        with leading_to(postgres, name):
            yield
    finally:
        with leading_to(postgres, "postgres"):
            _drop(name)


def assert_room(customers, *, books=1):
    """Raises CommandError when the disk cannot take that many customers more."""
    needed, free = ANYWAY + books * customers * BYTES, shutil.disk_usage(settings.DATA_DIR).free
    if free < needed:
        raise CommandError(
            f"A book of {customers:,} customers needs {needed / 1e9:.1f} GB in {place()}, {free / 1e9:.1f} GB are "
            "free: make room, or measure fewer with --customers N."
        )


def key():
    """Changes with the tables and with the words that books are made of."""
    digest = hashlib.sha256(repr(sorted(MigrationLoader(None).graph.leaf_nodes())).encode())
    for path in sorted(WORDS.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _made(postgres, customers, say):
    """The name of the database of a book, which may still lack customers."""
    name = f"book_{key()}_{customers}"
    if name not in _databases():
        assert_room(customers)
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{_template(postgres, say)}"')
    return name


def _template(postgres, say):
    """The name of a migrated database with the reference data and the company. Books of other tables are dropped."""
    current = key()
    for name in _databases():
        if name.startswith(("book_", "new_", "company_")) and current not in name:
            say(f"dropping {name}: made with other tables")
            _drop(name)
    ready, draft = f"company_{current}", f"new_{current}"
    if ready not in _databases():
        say("book: making the tables")
        _drop(draft)
        _execute(f'CREATE DATABASE "{draft}"')
        with leading_to(postgres, draft):
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
            reference.load()
            populating.populate(0, on=timezone.localdate())
        _execute(f'ALTER DATABASE "{draft}" RENAME TO "{ready}"')
    return ready


def _databases():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return [name for (name,) in cursor.fetchall()]


def _drop(name):
    """Whoever is still connected is sent away. The server's own cleaners the owner may not send: they leave by
    themselves when nobody is forced."""
    try:
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except ProgrammingError:
        _execute(f'DROP DATABASE IF EXISTS "{name}"')


def _execute(*statements):
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def leading_to(postgres, name):
    """Both aliases lead to a database of this server."""
    before = {alias: dict(connections[alias].settings_dict) for alias in ROLES}
    try:
        for alias, role in ROLES.items():
            found = Env.db_url_config(postgres.url(role, name))
            found["OPTIONS"] = before[alias]["OPTIONS"] | found["OPTIONS"]
            _change(alias, found)
        yield
    finally:
        for alias, found in before.items():
            _change(alias, found)


def addresses():
    """Environment of another process that is to use the databases to which the aliases lead."""
    name = connections["default"].settings_dict["NAME"]
    variables = {"default": "DATABASE_URL", "owner": "DATABASE_OWNER_URL"}
    return {variables[alias]: server().url(role, name) for alias, role in ROLES.items()}


def _change(alias, found):
    connections[alias].close()
    connections[alias].settings_dict.update(found)


@contextmanager
def own_cache():
    """Nothing that is measured is kept for the user, nor found by a later run."""
    cache = caches["default"]
    before, cache.key_prefix = cache.key_prefix, f"bench-{os.getpid()}-{time.monotonic_ns()}"
    try:
        yield
    finally:
        cache.key_prefix = before
