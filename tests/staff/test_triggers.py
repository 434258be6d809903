"""The triggers of history are made with their tables, and go with them. Source: SEC-05."""

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from staff.triggers import InstallTriggers

INSTALLED = """
SELECT tgname FROM pg_trigger WHERE tgrelid = 'staff_branch'::regclass AND tgname LIKE 'pgtrigger%' ORDER BY tgname
"""


def installed(owner):
    with owner.cursor() as cursor:
        cursor.execute(INSTALLED)
        return cursor.fetchall()


@pytest.mark.clause("SEC-05")
@pytest.mark.django_db(databases=["default", "owner"])
def test_they_can_be_taken_away_and_installed_again():
    owner = connections["owner"]
    state, operation = MigrationLoader(owner).project_state(), InstallTriggers(["branch"])
    before = installed(owner)
    assert len(before) == 3
    with owner.schema_editor() as editor:
        operation.database_backwards("staff", editor, state, state)
        assert installed(owner) == []
        operation.database_forwards("staff", editor, state, state)
    assert installed(owner) == before
