"""Nobody writes past the history: neither by pgtrigger's own switch nor by a table put in front of the real one."""

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction
from pghistory.models import Event

from journal.privileges import let_nobody_ignore_triggers
from staff.models import Department

pytestmark = pytest.mark.clause("SEC-05")
SWITCHED_OFF = "SELECT _pgtrigger_should_ignore('any'::name)"


def history_of(model):
    """The event model that follows `model`."""
    events = (found for found in apps.get_models() if issubclass(found, Event))
    return next(found for found in events if getattr(found, "pgh_tracked_model", None) is model)


def every_trigger():
    return ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())


def rename_past_the_history():
    """As keke_app, with every trigger named in pgtrigger's own switch. Returns the names that history then knows."""
    department = Department.objects.get(code="finance")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{every_trigger()}}}"])
        Department.objects.filter(pk=department.pk).update(name="财务中心")
    events = history_of(Department).objects.filter(pgh_obj_id=department.pk)
    return set(events.values_list("name", flat=True))


def test_the_application_cannot_switch_history_off(db):
    assert "财务中心" in rename_past_the_history()


def test_nor_in_the_program_itself(db):
    with pgtrigger.ignore():
        Department.objects.filter(code="finance").update(name="财务中心")
    assert history_of(Department).objects.filter(name="财务中心").exists()


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("bring_back", ["migration", "command"])
def test_what_pgtrigger_brings_back_is_taken_away_again(bring_back):
    """Every migration that adds a trigger, and `pgtrigger install`, make the function anew."""
    model, trigger = pgtrigger.registered()[0]
    with connections["owner"].cursor() as cursor:
        if bring_back == "migration":
            cursor.execute(trigger.compile(model).install_sql)
            let_nobody_ignore_triggers("owner")
        else:
            call_command("pgtrigger", "install", trigger.get_uri(model), "--database", "owner")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{any}', true)")
        cursor.execute(SWITCHED_OFF)
        assert cursor.fetchone() == (False,)


def test_the_application_cannot_put_a_table_of_its_own_before_the_history(db):
    """History triggers name no schema, and temporary tables are found first."""
    table = history_of(Department)._meta.db_table
    with (
        pytest.raises(ProgrammingError, match="permission denied to create temporary tables"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table})")
