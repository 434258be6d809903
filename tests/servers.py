"""The tests' database: made by its owner, then used through the application's role."""

import contextlib

import psycopg
from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connections
from django.db.backends.postgresql.operations import DatabaseOperations

from crm_site import reference
from crm_site.settings import database_number
from journal import privileges

ALIASES = ("default", "owner")
LOCK = 1606302  # one process makes the database that all copy
FIRST_CACHE = 2  # 0 is the broker, 1 the cache of a running installation


def choose_cache(worker_id):
    """Each test process empties its own cache after each test, so it needs a database of Valkey to itself."""
    number = FIRST_CACHE + int(worker_id.removeprefix("gw") or 0) if worker_id != "master" else FIRST_CACHE
    caches.settings["default"]["LOCATION"] = database_number(settings.REDIS_URL, number)
    with contextlib.suppress(AttributeError):
        del caches["default"]  # loading the apps may have connected it already


def create_database(worker_id, run):
    """Lead both aliases to a copy of the database that the first process of this run makes: migrating takes long."""
    owner = connections["owner"]
    made = owner.creation._get_test_db_name()
    copy = f"{made}_{worker_id}"
    with owner.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until this connection is closed
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [made])
        if cursor.fetchone() != (run,):
            owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            _lead_to(made)
            reference.load()
            cursor.execute(f'COMMENT ON DATABASE "{made}" IS %s', [run])
        _lead_to(copy)
        _copy(cursor, made, copy)
    privileges.grant()  # what concerns the database as a whole is not copied
    # Emptying tables after a transactional test takes rights that the application's role does not have. Set on the
    # class: inside a browser's event loop Django opens connections of its own.
    DatabaseOperations.execute_sql_flush = _empty_as_owner


def second_database(worker_id, purpose):
    """Connections, by alias, to one more copy of that database, as empty as the first was."""
    first = connections["owner"].settings_dict["NAME"]
    second = f"{first}_{purpose}"
    with connections["owner"].creation._nodb_cursor() as cursor:
        _copy(cursor, first.removesuffix(f"_{worker_id}"), second)
    others = {alias: connections[alias].copy() for alias in ALIASES}
    for connection in others.values():
        connection.settings_dict["NAME"] = second
    with connected_through(others):
        privileges.grant()
    return others


@contextlib.contextmanager
def connected_through(others):
    """Inside, this thread's aliases are these connections."""
    usual = {alias: connections[alias] for alias in others}
    for alias, connection in others.items():
        connections[alias] = connection
    try:
        yield
    finally:
        for alias, connection in usual.items():
            connections[alias] = connection


def _copy(cursor, name, copy):
    cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
    cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')


def _lead_to(name):
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _empty_as_owner(_operations, statements):
    settings = connections["owner"].get_connection_params()
    settings = {name: settings[name] for name in ("dbname", "user", "password", "host", "port") if name in settings}
    with psycopg.connect(**settings) as connection:
        for statement in statements:
            connection.execute(statement)
    reference.load()  # whatever test comes next finds the tables as the first one did


def drop_database():
    """Drop the database to which the aliases are led."""
    connections["default"].close()
    owner = connections["owner"]
    # A browser's event loop may hold a connection that nobody can close from here; the next run replaces the database.
    with contextlib.suppress(OperationalError):
        owner.creation.destroy_test_db(verbosity=0)
