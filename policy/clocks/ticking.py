"""The tick: finds all clocks that have come to a level, notes it and tells whom it concerns, in one statement.

A clock keeps its level, so each is told once, however late the scheduler comes and however many run. Source: clocks.md.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from journal import outbox

from ..calendar import units
from ..notifications import CLOCK_KINDS
from . import daily

BATCH = 5000  # clocks moved in one transaction

COMING = "SELECT DISTINCT branch_id FROM policy_clock WHERE next_at <= %(at)s AND department_id IS NULL"

# Told are: at 50 and 80 % the person in charge; at 100, 150 and 200 % the first, second and third occupied rung above
# them. Rungs of a unit: 1 its manager, 2 its operations specialists, 3 heads of service, 4 management; of a department:
# 3 its head, 4 management. With nobody in charge (any more), the lowest occupied rung is. Whoever missed several levels
# while the scheduler stood still is told the last one.
TICK = """
WITH due AS MATERIALIZED (
    SELECT id, level AS told, policy_clock_level(%(at)s, started_at, paused_for, due_at) AS reached
    FROM policy_clock WHERE next_at <= %(at)s ORDER BY next_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE policy_clock c
    SET level = greatest(c.level, due.reached),
        breached_at = CASE WHEN due.reached >= 3 THEN coalesce(c.breached_at, c.due_at) ELSE c.breached_at END
    FROM due WHERE c.id = due.id
    RETURNING c.id, c.level, due.told, c.regrades, c.branch_id, c.department_id, c.responsible_id, c.title, c.due_at,
              c.subject_type, c.subject_id, c.url_name
), at_work AS MATERIALIZED (
    SELECT p.person_id, p.code, p.branch_id, p.department_id
    FROM staff_position p JOIN staff_person s ON s.id = p.person_id AND s.disabled_at IS NULL
    WHERE p.code IN ('branch_manager', 'operations_specialist', 'service_head', 'executive')
      AND p.starts_on <= %(today)s AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)
), rung AS (
    SELECT m.id, CASE w.code WHEN 'branch_manager' THEN 1 ELSE 2 END AS place, w.person_id
    FROM moved m JOIN at_work w ON w.branch_id = m.branch_id AND m.department_id IS NULL
    UNION
    SELECT m.id, CASE w.code WHEN 'service_head' THEN 3 ELSE 4 END, w.person_id
    FROM moved m JOIN at_work w ON w.code = 'executive' OR (
        w.code = 'service_head' AND (m.department_id IS NULL OR m.department_id = w.department_id))
    UNION
    SELECT m.id, 3, d.head_id
    FROM moved m JOIN staff_department d ON d.id = m.department_id
    JOIN staff_person s ON s.id = d.head_id AND s.disabled_at IS NULL
), own AS (
    SELECT m.id, s.id AS person_id, s.name,
           CASE WHEN s.id IS NULL THEN min(r.place)
                ELSE coalesce(max(r.place) FILTER (WHERE r.person_id = s.id), 0) END AS place
    FROM moved m
    LEFT JOIN staff_person s ON s.id = m.responsible_id AND s.disabled_at IS NULL
    LEFT JOIN rung r ON r.id = m.id
    GROUP BY m.id, s.id, s.name
), above AS (
    SELECT r.id, r.person_id, dense_rank() OVER (PARTITION BY r.id ORDER BY r.place) AS step
    FROM rung r JOIN own o ON o.id = r.id
    WHERE r.place > o.place AND r.person_id IS DISTINCT FROM o.person_id
), told AS (
    SELECT m.id, m.level, o.person_id FROM moved m JOIN own o ON o.id = m.id
    WHERE m.told < 2 AND o.person_id IS NOT NULL
    UNION
    SELECT m.id, m.level, r.person_id FROM moved m JOIN own o ON o.id = m.id AND o.person_id IS NULL
    JOIN rung r ON r.id = m.id AND r.place = o.place WHERE m.told < 2
    UNION
    SELECT m.id, a.step + 2, a.person_id FROM moved m JOIN above a ON a.id = m.id
    WHERE a.step + 2 BETWEEN m.told + 1 AND m.level
), row AS (
    SELECT DISTINCT ON (m.id, t.person_id)
           t.person_id, (%(kinds)s::text[])[t.level] AS kind,
           jsonb_build_object('title', m.title, 'due_at', m.due_at, 'name', coalesce(o.name, '—')) AS params,
           CASE m.url_name WHEN '' THEN 'policy.clock' ELSE m.subject_type END AS subject_type,
           CASE m.url_name WHEN '' THEN m.id ELSE m.subject_id END AS subject_id,
           m.branch_id, coalesce(nullif(m.url_name, ''), 'policy:clock') AS url_name,
           CASE WHEN m.department_id IS NULL THEN coalesce(p.push_at, %(at)s) ELSE %(department_push)s END AS push_at,
           concat_ws(':', 'clock', m.id, m.regrades, t.level, t.person_id) AS dedupe_key
    FROM told t JOIN moved m ON m.id = t.id JOIN own o ON o.id = t.id
    LEFT JOIN unnest(%(branches)s::bigint[], %(pushes)s::timestamptz[]) AS p(branch_id, push_at)
           ON p.branch_id = m.branch_id
    ORDER BY m.id, t.person_id, t.level DESC
), written AS (
    INSERT INTO journal_notification (person_id, kind, params, subject_type, subject_id, branch_id, url_name,
                                      created_at, visible_at, push_at, dedupe_key, pushed)
    SELECT person_id, kind, params, subject_type, subject_id, branch_id, url_name, %(at)s, %(at)s, push_at, dedupe_key,
           false
    FROM row ON CONFLICT (dedupe_key) DO NOTHING RETURNING 1
)
SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM moved WHERE told < 3 AND level >= 3),
       (SELECT count(*) FROM written)
"""


@dataclass(frozen=True)
class Ticked:
    """What one tick did: clocks that came to a level, those of them breached just now, notifications written."""

    moved: int = 0
    breached: int = 0
    told: int = 0

    def __add__(self, other):
        return Ticked(self.moved + other.moved, self.breached + other.breached, self.told + other.told)


def tick(at):
    """Bring every clock to the level it has at an instant. Safe at any time, late, repeated and several at once."""
    daily.open_days(at)
    total = part = _tick_batch(at)
    while part.moved == BATCH:
        part = _tick_batch(at)
        total += part
    return total


@transaction.atomic
def _tick_batch(at):
    today = timezone.localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(COMING, {"at": at})
        branches = [pk for (pk,) in cursor.fetchall()]
        hours = units([*branches, None], on=today)
        values = {
            "at": at,
            "today": today,
            "batch": BATCH,
            "kinds": list(CLOCK_KINDS),
            "branches": branches,
            "pushes": [hours[pk].next_opening(at) for pk in branches],
            "department_push": hours[None].next_opening(at),
        }
        cursor.execute(TICK, values)
        ticked = Ticked(*cursor.fetchone())
    if ticked.told:
        outbox.nudge_on_commit()
    return ticked
