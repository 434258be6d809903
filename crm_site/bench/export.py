"""What it takes to write a long list into a file. Source: GEN-03."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime

from django.db import connection, connections

from journal import exports
from journal.exports import actions
from staff.models import Branch, Department, Person, Position
from staff.verbs import PositionCode

from . import Measured, figure
from .database import throw_away

AT = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
ROWS = 100_000
LIMIT = 300  # MB of memory of the process that writes
FILL = """
INSERT INTO customers_customer (name, kind, credit_code, channel, branch_id, source, tier, stage, country, address,
       preferences, remarks, custom, created_at, created_by_id, updated_at, updated_by_id, version, missing, name_core,
       name_pinyin, initials, core_pinyin, core_initials)
SELECT '试验纸业有限公司 ' || n, 'company', '', 'branch', %(branch)s, 'walk_in', 'normal', 'prospect', 'CN',
       '中山路 ' || n || ' 号', repeat('偏好', 20), repeat('备注', 20), '{}', %(at)s, %(person)s, %(at)s, %(person)s, 1,
       '{}', 'n' || n, 'p' || n, 'i' || n, 'c' || n, 'd' || n
  FROM generate_series(1, %(rows)s::int) n;
INSERT INTO customers_contact (customer_id, name, role, title)
SELECT id, '李娜', 'general', '经理' FROM customers_customer;
INSERT INTO customers_contactway (customer_id, contact_id, kind, value, extension, as_written)
SELECT customer_id, id, 'phone', '+8613' || lpad(id::text, 9, '0'), '', '' FROM customers_contact
"""
TABLES = ("customers_customer", "customers_contact", "customers_contactway")
CHILD = """
import resource
import django
django.setup()
from journal.exports import write
assert write.write_waiting() == 1
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@figure("export", unit="MB of memory", limit=1)
def export(*, say, rows=ROWS):
    """100,000 customers with contacts as a workbook with every column: the most memory that the writing process had."""
    with throw_away("export"), tempfile.TemporaryDirectory(prefix="keke-bench-") as folder:
        person = _head_of_service()
        _fill(rows, person)
        say(f"{rows:,} customers are there")
        job = actions.ask(
            exports.get("customers"), choices={}, columns=[], format="xlsx", purpose="bench", by=person, at=AT
        )
        memory, seconds = _write_in_a_child(folder)
        job.refresh_from_db()
        if (job.state, job.done) != ("done", rows):
            raise RuntimeError(f"The export is {job.state} with {job.done} rows: {job.problem}")
    return Measured(memory, LIMIT, f"{rows:,} rows, {job.size / 1e6:.1f} MB of file, {seconds:.0f} s")


def _head_of_service():
    person = Person.objects.create(staff_number="B1", name="bench")
    place = {"department": Department.objects.first(), "starts_on": date(2020, 1, 1)}
    Position.objects.create(person=person, code=PositionCode.SERVICE_HEAD, **place)
    return person


def _fill(rows, person):
    """Customers without their history, which is not what is measured."""
    branch = Branch.objects.create(code="bench", name="bench", channel="branch")
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in FILL.split(";\n"):
            cursor.execute(statement, {"at": AT, "branch": branch.pk, "person": person.pk, "rows": rows})
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _write_in_a_child(folder):
    """(most memory in MB, seconds) of a process that does nothing else, as a worker does it."""
    database = connection.settings_dict
    host = database["HOST"].replace("/", "%2F")
    login = f"{database['USER']}:{database['PASSWORD'] or ''}"
    address = f"postgres://{login}@{host}:{database['PORT']}/{database['NAME']}"
    environment = os.environ | {"DATABASE_URL": address, "KEKE_DATA": folder}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
    started = datetime.now(UTC)
    command = [sys.executable, "-c", CHILD]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if child.returncode:
        raise RuntimeError(child.stderr[-2000:])
    return int(child.stdout.split()[-1]) / 1024, (datetime.now(UTC) - started).total_seconds()
