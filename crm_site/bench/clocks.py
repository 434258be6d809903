"""The clock tick costs what falls due, not what is open. Source: clocks.md."""

from datetime import UTC, date, datetime
from time import perf_counter

from django.db import connections, transaction

from policy import clocks
from staff.models import Branch, Department, OpeningPeriod, Person, Position
from staff.verbs import PositionCode

from . import Measured, figure
from .database import throw_away

AT = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
DUE, OPEN_MANY, ROUNDS = 1_000, 1_000_000, 15

# Due: past half of the term, which is told to the person in charge. Not due: the half comes later.
FILL = """
INSERT INTO policy_clock (clause_id, subject_type, subject_id, key, branch_id, responsible_id, title, url_name, rule,
                          term, kind, started_at, due_at, level, paused_for, regrades, regrade_reason)
SELECT 'REC-05', 'customers.customer', n, '', %(branch)s, %(person)s, 'clock ' || n, '', '', '10h', 'elapsed',
       %(at)s::timestamptz - %(since)s::interval, %(at)s::timestamptz - %(since)s::interval + interval '10 hours', 0,
       interval '0', 0, ''
  FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""


@figure("clock-tick", unit="s", limit=2)
def clock_tick(*, say):
    """A tick with 1,000 due clocks among 1,000,000 open ones, against one among 1,000 open ones."""
    with throw_away("clocks"):
        place = _company()
        _fill(1, DUE, since="6 hours", **place)
        floor = _fastest_tick()
        say(f"{DUE:,} open: {floor * 1000:.1f} ms")
        _fill(DUE + 1, OPEN_MANY, since="1 hour", **place)
        value = _fastest_tick()
        say(f"{OPEN_MANY:,} open: {value * 1000:.1f} ms")
    return Measured(value, floor, f"fastest of {ROUNDS}, {DUE:,} due in both")


def _company():
    branch = Branch.objects.create(code="bench", name="bench", channel="branch")
    OpeningPeriod.objects.bulk_create(
        OpeningPeriod(branch=branch, weekday=day, opens="08:30", closes="18:00") for day in range(7)
    )
    people = []
    for number, code in enumerate([PositionCode.CLERK, PositionCode.BRANCH_MANAGER, PositionCode.SERVICE_HEAD]):
        person = Person.objects.create(staff_number=f"B{number}", name=f"bench {number}")
        at_headquarters = code == PositionCode.SERVICE_HEAD
        place = {"department": Department.objects.first()} if at_headquarters else {"branch": branch}
        Position.objects.create(person=person, code=code, starts_on=date(2020, 1, 1), **place)
        people.append(person)
    return {"branch": branch.pk, "person": people[0].pk}


def _fill(first, last, **values):
    """Rows without their history, which is not what is measured; then statistics, as autovacuum would make them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE policy_clock DISABLE TRIGGER USER")
        cursor.execute(FILL, {"at": AT, "first": first, "last": last, **values})
        cursor.execute("ALTER TABLE policy_clock ENABLE TRIGGER USER")
        cursor.execute("VACUUM (ANALYZE) policy_clock")


def _fastest_tick():
    """Seconds of one tick in which all of DUE fall due; each is undone, so that the next finds the same.

    Not the median: other programs only ever add to a time, and floor and value are measured minutes apart.
    """
    _tick()
    return min(_tick() for _round in range(ROUNDS))


def _tick():
    with transaction.atomic():
        started = perf_counter()
        ticked = clocks.tick(AT)
        took = perf_counter() - started
        transaction.set_rollback(True)
    if ticked.moved != DUE:
        raise RuntimeError(f"The tick moved {ticked.moved} clocks, not {DUE}.")
    return took
