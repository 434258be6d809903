"""Due times after a year's calendar was confirmed: the one time that stored due times follow the calendar."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from ..calendar import SHANGHAI, ended, units
from ..models import Clock
from ..terms import Kind, Term

CHUNK = 5000
MOVE = """
UPDATE policy_clock c SET due_at = v.due_at
FROM unnest(%(ids)s::bigint[], %(dues)s::timestamptz[]) AS v(id, due_at)
WHERE c.id = v.id AND c.closed_at IS NULL AND c.breached_at IS NULL
"""


@dataclass(frozen=True)
class Recounted:
    """How many open clocks reach into the year, how many of them got another due time, how many stay breached although
    they would be due later now: a manager may waive those."""

    looked_at: int = 0
    moved: int = 0
    wrongly_breached: int = 0

    def __add__(self, other):
        return Recounted(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@transaction.atomic
def recount(year):
    """Count the open clocks again that reach into a year. Breaches stay. Source: clocks.md."""
    touching = Clock.objects.open().exclude(kind=Kind.ELAPSED)
    touching = touching.filter(
        started_at__lt=datetime(year + 1, 1, 1, tzinfo=SHANGHAI), due_at__gte=datetime(year, 1, 1, tzinfo=SHANGHAI)
    )
    total, last = Recounted(), 0
    while rows := list(touching.filter(pk__gt=last).order_by("pk").select_for_update(of=["self"])[:CHUNK]):
        total += _recount(rows)
        last = rows[-1].pk
    return total


def _recount(rows):
    hours = {}
    for day in {timezone.localdate(row.started_at) for row in rows}:
        of_day = {_unit_id(row) for row in rows if timezone.localdate(row.started_at) == day}
        hours |= {(day, pk): unit for pk, unit in units(of_day, on=day).items()}
    moved, wrongly_breached = {}, 0
    for row in rows:
        unit = hours[timezone.localdate(row.started_at), _unit_id(row)]
        due = ended(row.started_at, Term.parse(row.term), unit) + row.paused_for
        if due != row.due_at:
            if row.breached_at is None:
                moved[row.pk] = due
            else:
                wrongly_breached += due > row.breached_at
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(MOVE, {"ids": list(moved), "dues": list(moved.values())})
    return Recounted(len(rows), len(moved), wrongly_breached)


def _unit_id(row):
    return None if row.department_id else row.branch_id
