"""The tests' database: made by its owner, then used through the application's role."""

import contextlib

import psycopg
from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connections
from django.db.backends.postgresql.operations import DatabaseOperations

from crm_site import reference
from crm_site.settings import database_number

FIRST_CACHE = 2  # 0 is the broker, 1 the cache of a running installation


def choose_cache(worker_id):
    """Each test process empties its own cache after each test, so it needs a database of Valkey to itself."""
    number = FIRST_CACHE + int(worker_id.removeprefix("gw") or 0) if worker_id != "master" else FIRST_CACHE
    caches.settings["default"]["LOCATION"] = database_number(settings.REDIS_URL, number)
    with contextlib.suppress(AttributeError):
        del caches["default"]  # loading the apps may have connected it already


def create_database(worker_id):
    """Create and migrate it, load the reference data, and point both aliases at it."""
    owner, app = connections["owner"], connections["default"]
    suffix = "" if worker_id == "master" else worker_id
    name = owner.creation._get_test_db_name() + (f"_{suffix}" if suffix else "")
    owner.settings_dict["TEST"]["NAME"] = name
    owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    app.close()
    app.settings_dict["NAME"] = name
    # Emptying tables after a transactional test takes rights that the application's role does not have. Set on the
    # class: inside a browser's event loop Django opens connections of its own.
    DatabaseOperations.execute_sql_flush = _empty_as_owner
    reference.load()


def _empty_as_owner(_operations, statements):
    settings = connections["owner"].get_connection_params()
    settings = {name: settings[name] for name in ("dbname", "user", "password", "host", "port") if name in settings}
    with psycopg.connect(**settings) as connection:
        for statement in statements:
            connection.execute(statement)
    reference.load()  # whatever test comes next finds the tables as the first one did


def drop_database():
    connections["default"].close()
    owner = connections["owner"]
    # A browser's event loop may hold a connection that nobody can close from here; the next run replaces the database.
    with contextlib.suppress(OperationalError):
        owner.creation.destroy_test_db(owner.settings_dict["NAME"], verbosity=0)
