"""Data that every installation starts with: clauses, calendar, districts, departments, code tables.

Loaded at each start by comparing sets in the database, so it is quick when nothing changed, mends what is missing and
leaves alone what administrators have made of it.
"""

import json
from pathlib import Path

import pghistory
from django.conf import settings
from django.db import connection, transaction

from policy.calendar.years import load_shipped

CLAUSE_COLUMNS = ("chip_zh", "chip_en", "title_zh", "title_en", "text_zh", "text_en")
CODE_TABLES = ("industry", "companysize", "businesstype")
OUT_OF_THE_WAY = 10_000  # from here on stand clauses whose place in the ledger another one takes

CLAUSES_TO_MOVE = """
UPDATE policy_clause SET number = policy_clause.number + (SELECT greatest(%(far)s, max(number)) FROM policy_clause)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS file(id text, number int)
WHERE policy_clause.number = file.number AND policy_clause.id <> file.id
"""
CLAUSES = """
INSERT INTO policy_clause (id, number, {columns})
SELECT id, number, {columns} FROM jsonb_to_recordset(%(rows)s::jsonb) AS file(id text, number int, {typed})
ON CONFLICT (id) DO UPDATE SET number = excluded.number, {assignments}
WHERE (policy_clause.number, {current}) IS DISTINCT FROM (excluded.number, {excluded})
""".format(
    columns=", ".join(CLAUSE_COLUMNS),
    typed=", ".join(f"{name} text" for name in CLAUSE_COLUMNS),
    assignments=", ".join(f"{name} = excluded.{name}" for name in CLAUSE_COLUMNS),
    current=", ".join(f"policy_clause.{name}" for name in CLAUSE_COLUMNS),
    excluded=", ".join(f"excluded.{name}" for name in CLAUSE_COLUMNS),
)
DISTRICTS = """
INSERT INTO staff_district (province, city, name)
SELECT file.province, file.city, file.name
FROM unnest(%(provinces)s::text[], %(cities)s::text[], %(names)s::text[])
    WITH ORDINALITY AS file(province, city, name, place)
WHERE NOT EXISTS (
    SELECT FROM staff_district d WHERE (d.province, d.city, d.name) = (file.province, file.city, file.name)
)
ORDER BY place
"""
DEPARTMENTS = """
INSERT INTO staff_department (code, name)
SELECT code, name FROM jsonb_to_recordset(%(rows)s::jsonb) AS file(code text, name text)
WHERE NOT EXISTS (SELECT FROM staff_department d WHERE d.code = file.code)
"""
CODES = """
INSERT INTO customers_{table} (code, label_zh, label_en, position, retired)
SELECT entry ->> 0, entry ->> 1, entry ->> 2, place * 10, false
FROM jsonb_array_elements(%(rows)s::jsonb) WITH ORDINALITY AS file(entry, place)
WHERE NOT EXISTS (SELECT FROM customers_{table})
ORDER BY place
"""

FILING_STANDARD = """
INSERT INTO customers_filingstandard (channel, source, items, starts_on, reason, set_at)
SELECT line ->> 0, line ->> 1, ARRAY(SELECT jsonb_array_elements_text(line -> 2)), (file ->> 'starts_on')::date,
       file ->> 'reason', (file ->> 'starts_on')::timestamp AT TIME ZONE 'Asia/Shanghai'
FROM (SELECT %(file)s::jsonb) AS read(file), jsonb_array_elements(file -> 'lines') AS line
WHERE NOT EXISTS (SELECT FROM customers_filingstandard)
"""


def load():
    """Bring the reference data up to date. Returns how many rows were written, by table. Safe to run at any time."""
    with transaction.atomic(), pghistory.context(job="reference"), connection.cursor() as cursor:
        return {
            "policy_clause": _load_clauses(cursor),
            "policy_calendarday": load_shipped(cursor),
            "staff_district": _load_districts(cursor),
            "staff_department": _write(cursor, DEPARTMENTS, rows=_text("staff/data/departments.json")),
            **_load_codes(cursor),
            "customers_filingstandard": _write(
                cursor, FILING_STANDARD, file=_text("customers/data/filing_standard.json")
            ),
        }


def _text(path):
    return (Path(settings.BASE_DIR) / path).read_text(encoding="utf-8")


def _write(cursor, statement, **parameters):
    cursor.execute(statement, parameters)
    return cursor.rowcount


def _load_clauses(cursor):
    clauses = json.loads(_text("policy/data/clauses.json"))
    rows = json.dumps([{**clause, "number": number} for number, clause in enumerate(clauses, start=1)])
    _write(cursor, CLAUSES_TO_MOVE, rows=rows, far=OUT_OF_THE_WAY)
    return _write(cursor, CLAUSES, rows=rows)


def _load_districts(cursor):
    tree = json.loads(_text("staff/data/districts.json"))
    rows = [(province, city, name) for province, cities in tree.items() for city in cities for name in cities[city]]
    provinces, cities, names = (list(column) for column in zip(*rows, strict=True))
    return _write(cursor, DISTRICTS, provinces=provinces, cities=cities, names=names)


def _load_codes(cursor):
    codes = json.loads(_text("customers/data/codes.json"))
    return {
        f"customers_{table}": _write(cursor, CODES.format(table=table), rows=json.dumps(codes[table]))
        for table in CODE_TABLES
    }
