"""From notifications to deliveries, set-based: what has to leave the house, when, by which way. Source: GEN-02.

Every statement can be repeated at any time and by several processes at once: unique keys make it happen once.
"""

import logging

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from . import kinds

log = logging.getLogger(__name__)
BATCH = 5000  # notifications decided on in one transaction
SWEEP = "journal.tasks.sweep"

DEPUTIES = """
INSERT INTO journal_notification (person_id, kind, params, subject_type, subject_id, branch_id, url_name, created_at,
                                  visible_at, push_at, dedupe_key, pushed)
SELECT DISTINCT ON (a.deputy_id, n.id)
       a.deputy_id, n.kind, n.params, n.subject_type, n.subject_id, n.branch_id, n.url_name, n.created_at,
       n.visible_at, n.push_at, 'deputy:' || n.id || ':' || a.deputy_id, false
  FROM journal_notification n
  JOIN staff_absence a ON a.person_id = n.person_id AND %(today)s BETWEEN a.starts_on AND a.ends_on
  JOIN staff_person d ON d.id = a.deputy_id AND d.disabled_at IS NULL
 WHERE NOT n.pushed AND n.visible_at <= %(at)s AND n.dedupe_key NOT LIKE 'deputy:%%'
   AND NOT EXISTS (SELECT FROM journal_notification same
                    WHERE same.person_id = a.deputy_id AND same.kind = n.kind AND same.params = n.params
                      AND same.subject_type = n.subject_type AND same.subject_id IS NOT DISTINCT FROM n.subject_id
                      AND same.created_at = n.created_at)
ON CONFLICT (dedupe_key) DO NOTHING
"""

# What falls into somebody's quiet hours is pushed at their end. `local` is the wall clock of the company.
QUIET_HOURS = """
UPDATE journal_notification n
   SET push_at = (date_trunc('day', local.now) + s.quiet_until
                  + CASE WHEN local.now::time >= s.quiet_until THEN interval '1 day' ELSE interval '0' END)
                 AT TIME ZONE %(zone)s
  FROM journal_pushsettings s, (SELECT %(at)s::timestamptz AT TIME ZONE %(zone)s AS now) local
 WHERE NOT n.pushed AND n.push_at <= %(at)s AND s.person_id = n.person_id AND s.quiet_from IS NOT NULL
   AND (s.hold_important OR n.kind <> ALL(%(important)s))
   AND CASE WHEN s.quiet_from < s.quiet_until THEN local.now::time >= s.quiet_from AND local.now::time < s.quiet_until
            ELSE local.now::time >= s.quiet_from OR local.now::time < s.quiet_until END
"""

DUE = """
SELECT id FROM journal_notification WHERE NOT pushed AND push_at <= %(at)s
 ORDER BY push_at, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""

EMAILS = """
INSERT INTO journal_delivery (notification_id, channel, once, state, attempts, problem, created_at, next_try_at)
SELECT n.id, 'email', 'email:' || n.id, 'queued', 0, '', %(at)s, %(at)s
  FROM journal_notification n
  JOIN staff_person p ON p.id = n.person_id AND p.disabled_at IS NULL AND p.email <> ''
  JOIN unnest(%(kinds)s::text[], %(groups)s::text[]) AS k(code, grp) ON k.code = n.kind
  LEFT JOIN journal_channelpreference c ON c.person_id = n.person_id AND c."group" = k.grp
 WHERE n.id = ANY(%(ids)s)
   AND CASE coalesce(c.email, 'important') WHEN 'all' THEN true WHEN 'important' THEN n.kind = ANY(%(important)s)
       ELSE false END
ON CONFLICT (once) DO NOTHING
"""

# One post per robot and event: people who were told the same thing at the same moment share it.
POSTS = """
INSERT INTO journal_delivery (notification_id, channel, robot_id, once, state, attempts, problem, created_at,
                              next_try_at)
SELECT DISTINCT ON (once) n.id, 'robot', r.id, 'robot:' || r.id || ':' || md5(concat_ws('|', n.kind, n.subject_type,
       n.subject_id, n.params, n.created_at AT TIME ZONE 'UTC')) AS once, 'queued', 0, '', %(at)s, %(at)s
  FROM journal_notification n
  JOIN journal_grouprobot r ON r.active AND (r.branch_id = n.branch_id OR r.department_id IN (
       SELECT p.department_id FROM staff_position p
        WHERE p.person_id = n.person_id AND p.starts_on <= %(today)s AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)))
 WHERE n.id = ANY(%(ids)s) AND n.kind = ANY(%(to_group)s)
 ORDER BY once, n.id
ON CONFLICT (once) DO NOTHING
"""


def tell_deputies(*, at):
    """While somebody is away, the deputy is told as well; not the deputy's own deputy."""
    with connection.cursor() as cursor:
        cursor.execute(DEPUTIES, {"at": at, "today": timezone.localdate(at)})


def plan(*, at):
    """Decide on every notification whose time to be pushed has come. Returns how many were decided on."""
    total = 0
    while decided := _plan_batch(at):
        total += decided
    return total


@transaction.atomic
def _plan_batch(at):
    known = [kinds.get(code) for code in kinds.codes()]
    values = {
        "at": at,
        "today": timezone.localdate(at),
        "zone": settings.TIME_ZONE,
        "batch": BATCH,
        "important": kinds.codes(important=True),
        "to_group": kinds.codes(to_group=True),
        "kinds": [kind.code for kind in known],
        "groups": [str(kind.group) for kind in known],
    }
    with connection.cursor() as cursor:
        tell_deputies(at=at)
        cursor.execute(QUIET_HOURS, values)
        cursor.execute(DUE, values)
        values["ids"] = [pk for (pk,) in cursor.fetchall()]
        if not values["ids"]:
            return 0
        if settings.EMAIL_ENABLED:
            cursor.execute(EMAILS, values)
        cursor.execute(POSTS, values)
        cursor.execute("UPDATE journal_notification SET pushed = true WHERE id = ANY(%(ids)s)", values)
    return len(values["ids"])


def nudge():
    """Have the outbox swept now. Only a hint: without a broker the next sweep does it."""
    try:
        current_app.send_task(SWEEP, ignore_result=True, retry=False)
    except Exception as error:  # a saved record must not become an error page because a queue is down
        log.warning("The outbox waits for the next sweep: %s", error)


def nudge_on_commit():
    """At most one hint per transaction."""
    if not any(entry[1] is nudge for entry in connection.run_on_commit):
        transaction.on_commit(nudge, robust=True)
