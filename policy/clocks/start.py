"""The beginning and the good end of a clock."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from staff.models import Branch, Department, Person

from ..calendar import ended, units
from ..models import Clock
from ..rules import Rule
from ..terms import Term


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a clock is made of. The term is given, or is the value of `rule` for the unit on the day of the start.

    `branch` is the unit of the record; `department`, where headquarters are in charge, whose hours then count.
    """

    subject: object
    clause: str
    at: datetime
    title: str
    branch: Branch | None = None
    department: Department | None = None
    responsible: Person | None = None
    term: Term | str | None = None
    rule: Rule | None = None
    url_name: str = ""
    key: str = ""

    @property
    def length(self):
        """The term. Raises ValidationError for one that does not read as a term."""
        term = self.rule.value(self.branch, on=timezone.localdate(self.at)) if self.term is None else self.term
        return term if isinstance(term, Term) else Term.parse(term)

    @property
    def unit_id(self):
        """Of the branch whose hours count; None for a department."""
        return None if self.department else self.branch.pk

    def row(self, unit):
        term = self.length
        return Clock(
            clause_id=self.clause,
            subject_type=self.subject._meta.label_lower,
            subject_id=self.subject.pk,
            key=self.key,
            branch=self.branch,
            department=self.department,
            responsible=self.responsible,
            title=self.title[: Clock._meta.get_field("title").max_length],
            url_name=self.url_name,
            rule=self.rule.key if self.rule else "",
            term=str(term),
            kind=term.kind,
            started_at=self.at,
            due_at=ended(self.at, term, unit),
        )


def start(subject, clause, **values):
    """Start a clock and return it; `values` are those of Start. One that is open already goes on as it was."""
    wanted = Start(subject=subject, clause=clause, **values)
    start_many([wanted])
    return Clock.objects.open().of(subject, clause, wanted.key).get()


@transaction.atomic
def start_many(starts):
    """Start many clocks in a few statements; what is open already goes on as it was."""
    starts = list(starts)
    days = {timezone.localdate(start.at) for start in starts}
    hours = {day: units({start.unit_id for start in starts}, on=day) for day in days}
    rows = [start.row(hours[timezone.localdate(start.at)][start.unit_id]) for start in starts]
    Clock.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


@transaction.atomic
def meet(subject, clause, *, at, by=None, key=""):
    """The duty was done at an instant: close its open clock, breached if late. Returns it, or None without one."""
    open_ones = Clock.objects.open().of(subject, clause, key)
    clock = open_ones.select_for_update(of=["self"]).first()
    if clock is None:
        return None
    pause = (at - clock.paused_at) if clock.paused_at else None
    if pause:
        clock.paused_for, clock.due_at = clock.paused_for + pause, clock.due_at + pause
    clock.met_at, clock.met_by, clock.closed_at = at, by, at
    clock.paused_at = clock.paused_by = clock.pause_reason = None
    if clock.breached_at is None and at > clock.due_at:
        clock.breached_at = clock.due_at
    clock.save()
    return clock


MEET = """
UPDATE policy_clock c
SET met_at = v.at, met_by_id = v.by, closed_at = v.at,
    breached_at = CASE WHEN v.at > c.due_at THEN coalesce(c.breached_at, c.due_at) ELSE c.breached_at END
FROM unnest(%(clocks)s::bigint[], %(at)s::timestamptz[], %(by)s::bigint[]) AS v(id, at, by)
WHERE c.id = v.id AND c.closed_at IS NULL AND c.paused_at IS NULL
"""


def meet_many(done):
    """Meet many running clocks in one statement; `done` are (clock id, instant, id of the person). For bulk work."""
    columns = zip(*done, strict=True) if done else ((), (), ())
    with connection.cursor() as cursor:
        cursor.execute(MEET, dict(zip(("clocks", "at", "by"), map(list, columns), strict=True)))
