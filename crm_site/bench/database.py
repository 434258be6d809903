"""A database of its own for figures, made by the owner and dropped afterwards: the user's is never touched."""

import os
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections

from crm_site import reference

ALIASES = ("default", "owner")


@contextmanager
def throw_away(purpose):
    """For the time of the block both aliases lead to a new, migrated database with the reference data."""
    name = f"keke_bench_{purpose}_{os.getpid()}"
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        _lead_to(dict.fromkeys(ALIASES, name))
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        reference.load()
        yield
    finally:
        _lead_to(names)
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _lead_to(names):
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
