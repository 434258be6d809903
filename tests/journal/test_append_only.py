"""What the application's role may do in the database, and that nobody rewrites the past."""

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.utils import timezone
from pghistory.models import Event
from psycopg.sql import SQL, Identifier

from customers.models import Consent, CustomerGrant
from journal.actions import record
from journal.models import AccessLog
from journal.privileges import append_only_tables, grant
from staff.models import OpeningPeriod

pytestmark = pytest.mark.clause("SEC-05")

READ_ONLY = {"django_migrations", "pghistory_context"}


# Beside the history: what was looked at, what was read, who wants nothing more, what was in force.
GROWING = {"journal_accesslog", "journal_noticeread", "journal_unsubscribe", "policy_rulevalue"}


def event_tables():
    return {m._meta.db_table for m in apps.get_models() if issubclass(m, Event) and m._meta.managed}


def key_of(table):
    return "id" if table in GROWING else "pgh_id"


def refused(statement, match="permission denied"):
    with pytest.raises(ProgrammingError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_append_only_tables_are_all_event_tables_and_the_access_log():
    assert set(append_only_tables()) == event_tables() | GROWING


def test_the_application_comes_in_as_a_role_that_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT current_user <> pg_get_userbyid(datdba), rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication,
                   (SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user),
                   (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)
            FROM pg_database, pg_roles r WHERE datname = current_database() AND rolname = current_user
        """)
        assert cursor.fetchone() == (True, False, 0, 0)


def test_keke_app_has_exactly_the_documented_rights(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT relname, array_agg(privilege_type ORDER BY privilege_type)
            FROM pg_class, aclexplode(relacl) WHERE relkind IN ('r', 'v', 'p', 'm') AND grantee = current_user::regrole
            AND relnamespace = 'public'::regnamespace GROUP BY relname
        """)
        rights = dict(cursor.fetchall())
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
    assert set(rights) == tables
    for table in tables:
        wanted = ["DELETE", "INSERT", "SELECT", "UPDATE"]
        if table in READ_ONLY:
            wanted = ["SELECT"]
        elif table in append_only_tables():
            wanted = ["INSERT", "SELECT"]
        assert rights[table] == wanted, table


def test_keke_app_may_use_the_schema_but_not_create_in_it(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'USAGE'), has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (True, False)
    refused("CREATE TABLE public.side_door (id int)")
    refused("CREATE FUNCTION public.side_door() RETURNS int LANGUAGE sql AS 'SELECT 1'")


@pytest.mark.django_db(databases=["default", "owner"])
def test_granting_again_changes_nothing():
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
    with connections["owner"].cursor() as cursor:
        cursor.execute(rights)
        before = cursor.fetchall()
        grant()
        cursor.execute(rights)
        assert cursor.fetchall() == before


@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_the_application_cannot_change_the_past(act, db):
    for table in append_only_tables():
        refused(act.format(table, key_of(table)))


@pytest.mark.parametrize(
    "act", ["ALTER TABLE {} ADD COLUMN more int", "DROP TABLE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"]
)
def test_the_application_cannot_change_tables_or_switch_triggers_off(act, db):
    for table in [*append_only_tables(), "customers_customer", "staff_person", "django_migrations"]:
        refused(act.format(table), match="must be owner")
    refused("SET session_replication_role = replica")


def test_the_application_cannot_drop_what_history_is_written_by(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE tgname LIKE 'pgtrigger_%' ORDER BY tgname LIMIT 3
        """)
        triggers = cursor.fetchall()
    for trigger, table in triggers:
        refused(f"DROP TRIGGER {trigger} ON {table}", match="must be owner")
        refused(f"DROP FUNCTION {trigger}() CASCADE", match="must be owner")


def owner_parameters():
    parameters = connections["owner"].get_connection_params()
    return {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}


def test_triggers_refuse_changes_of_the_past_to_the_owner_too(live_world):
    """Rows in most tables, committed; then the owner, who has all rights, tries."""
    world, now = live_world, timezone.now()
    world.customer(
        "东方红印务有限公司", phone="13910020009", different_because="分公司", needs=["名片"],
        consents=[Consent.Purpose.SERVICE],
    )  # fmt: skip
    CustomerGrant.objects.create(customer=world.ours, person=world.nobody, subject_type="tests.call", subject_id=1)
    OpeningPeriod.objects.create(branch=world.east, weekday=0, opens="09:00", closes="18:00")
    record(AccessLog.Action.SIGN_IN, at=now, by=world.clerk)
    tried = set()
    with psycopg.connect(**owner_parameters(), autocommit=True) as owner:
        for table in append_only_tables():
            names = Identifier(table), Identifier(key_of(table))
            if owner.execute(SQL("SELECT FROM {} LIMIT 1").format(names[0])).fetchone() is None:
                continue
            tried.add(table)
            for act in ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"):
                with pytest.raises(psycopg.errors.RaiseException, match="Cannot update or delete"):
                    owner.execute(SQL(act).format(*names))
    assert tried >= {"customers_customerevent", "customers_contactevent", "staff_personevent", "journal_accesslog"}


def test_every_table_that_only_grows_has_the_trigger_that_refuses(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc f ON f.oid = tgfoid
            WHERE NOT tgisinternal AND tgenabled = 'O' AND tgtype & 27 = 27 AND prosrc LIKE '%Cannot update or delete%'
        """)  # before each row, on UPDATE and on DELETE
        protected = {name for (name,) in cursor.fetchall()}
    assert set(append_only_tables()) <= protected


def test_rows_can_be_added_and_read(world):
    record(AccessLog.Action.REVEAL, at=timezone.now(), by=world.clerk, subjects=[world.ours, world.theirs])
    rows = AccessLog.objects.filter(action=AccessLog.Action.REVEAL)
    assert [(row.subject_type, row.subject_id) for row in rows] == [
        ("customers.customer", world.ours.pk), ("customers.customer", world.theirs.pk),
    ]  # fmt: skip
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows.first().delete()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows.update(action="nothing")


def test_a_single_role_for_both_is_left_as_it_is(settings, monkeypatch):
    """Where one role owns and serves, there is nothing to take away: the triggers protect alone."""
    monkeypatch.setitem(settings.DATABASES["default"], "USER", connections["owner"].settings_dict["USER"])
    monkeypatch.setattr(connections["owner"], "cursor", None)
    assert grant() is None
