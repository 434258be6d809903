"""Tests run on the real servers that `manage.py test` starts: PostgreSQL through both roles, and Valkey."""

import os

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.utils.translation import trans_real
from hypothesis import settings as hypothesis_settings

from crm_site import translations
from tests import servers
from tests.world import SharedWorlds, World, load_world

# Cores are shared, and a slow example is no wrong one. Other examples each time: over the runs there are many.
hypothesis_settings.register_profile("keke", deadline=None, max_examples=40)
hypothesis_settings.load_profile("keke")
# A password takes a quarter of a second, on purpose; tests hash thousands. The same function, with the least work.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in the test's thread

LONG = ("tests/test_access", "tests/security/", "tests/runner/", "tests/crm_site/test_bench",
        "tests/browser/test_accessibility", "tests/browser/test_desk", "tests/browser/test_phone")  # fmt: skip


def pytest_collection_modifyitems(items):
    """What takes long is begun first, so that no process waits for another at the end.

    Browsers come last, the longest at their head: what follows them would run in their event loop.
    """
    items.sort(key=lambda item: (item.nodeid.startswith("tests/browser/"), not item.nodeid.startswith(LONG)))
    for item in items:
        if "shared_world" in item.fixturenames:  # before another fixture begins the transaction of the test
            item.fixturenames.insert(0, "shared_world")


@pytest.fixture(scope="session", autouse=True)
def _compiled_translations():
    """Pages speak Chinese also where `prepare` has never run, though Django may have looked for catalogues before."""
    list(translations.compile_changed())
    trans_real._translations, trans_real._default = {}, None


@pytest.fixture(scope="session", autouse=True)
def _own_valkey(worker_id):
    servers.choose_cache(worker_id)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id, testrun_uid):
    """One database per test process, made and migrated by keke_owner, used as keke_app, as in production."""
    with django_db_blocker.unblock():
        servers.create_database(worker_id, testrun_uid)
        yield
        servers.drop_database()


@pytest.fixture(autouse=True)
def _own_cache():
    """No test sees what another left in the cache."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _no_demo(settings):
    """Rules from which the demo is exempt hold here, whatever the installation under test is."""
    settings.DEMO = False


@pytest.fixture(scope="session")
def loading():
    """The function that makes the world; the tests of a folder may have their own."""
    return load_world


@pytest.fixture(scope="session")
def shared_worlds(_compiled_translations, _own_valkey, django_db_setup, django_db_blocker, worker_id):
    with django_db_blocker.unblock():
        worlds = SharedWorlds(worker_id)
    yield worlds
    with django_db_blocker.unblock():
        worlds.drop()


@pytest.fixture
def shared_world(shared_worlds, loading, django_db_blocker):
    """Leads the test to the database of a shared world, before its transaction begins: see the collection above."""
    with django_db_blocker.unblock():
        shared = shared_worlds.made_by(loading)
    with shared.connected():
        yield shared


@pytest.fixture
def world(shared_world, db) -> World:
    """Two branches with their people, headquarters, and a few customers. See tests/world.py."""
    return shared_world.copy()


@pytest.fixture
def live_world(transactional_db, loading) -> World:
    """The same company, committed: for tests with threads, other processes or a browser."""
    return loading()


@pytest.fixture
def sign_in(client):
    """`sign_in(person)` gives a client in which the person is signed in."""

    def _sign_in(person):
        client.force_login(person)
        return client

    return _sign_in
