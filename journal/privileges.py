"""What the application's database role may do. Source: SEC-05, "Database roles" of the architecture.

`keke_owner` owns the tables and migrates; `keke_app` serves people. History tables and the access log take INSERT and
SELECT from keke_app, nothing else. Where one role does both, triggers still refuse UPDATE and DELETE there.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from pghistory.models import Event

APPEND_ONLY = {"journal_accesslog", "journal_noticeread", "journal_unsubscribe", "policy_rulevalue"}


def append_only_tables():
    """Names of the tables that only ever grow."""
    events = {model._meta.db_table for model in apps.get_models() if issubclass(model, Event) and model._meta.managed}
    return sorted(APPEND_ONLY | events)


# pgtrigger asks this before every trigger, and its own answer is yes to whoever says `SET pgtrigger.ignore`.
NEVER_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""


def let_nobody_ignore_triggers(using="owner", **_):
    """Take pgtrigger's way around triggers away, again whenever migrations may have brought it back."""
    if using == "owner":
        with connections[using].cursor() as cursor:
            cursor.execute(NEVER_IGNORED)


def grant(using="owner", **_):
    """Give the application's role its rights, again after every migration. Idempotent."""
    role = settings.DATABASES["default"].get("USER")
    connection = connections[using]
    if role == connection.settings_dict.get("USER") or connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with transaction.atomic(using=using), connection.cursor() as cursor:  # at no moment more rights than meant
        # History triggers name their tables without a schema: a temporary table of the same name would catch the rows.
        database = quote(connection.settings_dict["NAME"])
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {quote(role)}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quote(role)}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quote(role)}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}")
        existing = set(connection.introspection.table_names(cursor))
        for table in append_only_tables():
            if table in existing:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {quote(role)}")
        for table in {"django_migrations", "pghistory_context"} & existing:
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {quote(role)}")
