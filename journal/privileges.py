"""What the application's database role may do. Source: SEC-05, "Database roles" of the architecture.

`keke_owner` owns the tables and migrates; `keke_app` serves people. History tables and the access log take INSERT and
SELECT from keke_app, nothing else. Where one role does both, triggers still refuse UPDATE and DELETE there.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections
from pghistory.models import Event

APPEND_ONLY = {"journal_accesslog", "journal_noticeread", "journal_unsubscribe", "policy_rulevalue"}


def append_only_tables():
    """Names of the tables that only ever grow."""
    events = {model._meta.db_table for model in apps.get_models() if issubclass(model, Event) and model._meta.managed}
    return sorted(APPEND_ONLY | events)


def grant(using="owner", **_):
    """Give the application's role its rights, again after every migration. Idempotent."""
    role = settings.DATABASES["default"].get("USER")
    connection = connections[using]
    if role == connection.settings_dict.get("USER") or connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quote(role)}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quote(role)}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}")
        existing = set(connection.introspection.table_names(cursor))
        for table in append_only_tables():
            if table in existing:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {quote(role)}")
        for table in {"django_migrations", "pghistory_context"} & existing:
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {quote(role)}")
