"""Sending what is due, so that nothing is lost and nothing leaves twice. Source: GEN-02, reliability §4.

Rows are taken one by one with FOR UPDATE SKIP LOCKED and marked `inflight`, committed, right before they are sent; the
outcome is written right after. A sender that dies in between leaves one row `inflight` (a batch would leave many in
doubt); after a while it counts as possibly sent, and only a person decides about it.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F

from .models import State
from .senders.outcomes import NotSent, PossiblySent, Refused, Sent, Withheld

STALE = timedelta(minutes=5)  # longer than any attempt takes
ATTEMPTS = 16  # with the pauses below: about ten hours
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
OVERDUE = timedelta(minutes=10)
RUN = timedelta(seconds=60)  # a task does not hold a worker longer; the next sweep goes on


def deliver(courier, *, now):
    """Send what is due through one courier. `now` is called for the time. Returns how many attempts were made.

    A courier knows its rows (`rows(down)`: a queryset of Outgoing without those of lines that are down), names the line
    a row goes through (`line(row)`), sends it (`send(row)` -> Outcome), and is closed at the end.
    """
    started, down, attempts = now(), set(), 0
    try:
        row = take(courier.rows(), at=started)
        while row:
            outcome = courier.send(row)
            attempts += 1
            if isinstance(outcome, NotSent) and outcome.line_down:
                down.add(courier.line(row))
            with transaction.atomic():  # one commit a message: what became of this one, the mark on the next
                finish(row, outcome, at=now())
                row = take(courier.rows(down), at=now()) if now() - started < RUN else None
    finally:
        courier.close()
    return attempts


def take(rows, *, at):
    """The oldest due row, marked as on its way; None when there is none. Passes over what another sender has."""
    with transaction.atomic(savepoint=False):
        due = rows.due(at).order_by("next_try_at", "id").select_for_update(skip_locked=True)
        key = due.values_list("pk", flat=True).first()
        if key is None:
            return None
        rows.model.objects.filter(pk=key).update(state=State.INFLIGHT, started_at=at, attempts=F("attempts") + 1)
    return rows.model.objects.select_related(*rows.model.NEEDED).get(pk=key)


def finish(row, outcome, *, at):
    """Write what became of an attempt, also when the row counts as possibly sent by now: we know better."""
    attempt = type(row).objects.filter(pk=row.pk, started_at=row.started_at, attempts=row.attempts)
    attempt.filter(state__in=[State.INFLIGHT, State.POSSIBLY_SENT]).update(**_after(row, outcome, at))


def _after(row, outcome, at):
    match outcome:
        case Sent():
            return {"state": State.SENT, "sent_at": at, "problem": ""}
        case Refused(reason=reason):
            return {"state": State.DEAD, "problem": reason[:300]}
        case Withheld(reason=reason):
            return {"state": State.REFUSED, "problem": reason[:300]}
        case PossiblySent(reason=reason):
            return {"state": State.POSSIBLY_SENT, "problem": reason[:300]}
    made = row.attempts if outcome.counts else row.attempts - 1
    if made >= ATTEMPTS:
        return {"state": State.DEAD, "problem": outcome.reason[:300]}
    wait = outcome.wait or min(FIRST_PAUSE * 2 ** max(made - 1, 0), LONGEST_PAUSE)
    return {"state": State.QUEUED, "attempts": made, "next_try_at": at + wait, "problem": outcome.reason[:300]}


def flag_stale(model, *, at, because):
    """What has been on its way for too long was possibly sent. Returns how many rows."""
    stale = model.objects.filter(state=State.INFLIGHT, started_at__lte=at - STALE)
    return stale.update(state=State.POSSIBLY_SENT, problem=because)


def send_again(row, *, by, at):
    """A person decides that it shall be sent (again). Returns whether it was stuck."""
    stuck = type(row).objects.stuck().filter(pk=row.pk)
    return bool(stuck.update(state=State.QUEUED, attempts=0, next_try_at=at, decided_by=by, decided_at=at))


def close(row, *, by, at):
    """A person decides that nothing more shall be sent. Returns whether it was stuck."""
    stuck = type(row).objects.stuck().filter(pk=row.pk)
    return bool(stuck.update(state=State.CLOSED, decided_by=by, decided_at=at))


def figures(*, at):
    """{name: rows} over all that is unfinished: each state, and `overdue` for what should have left ten minutes ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH unfinished AS (
                SELECT state, next_try_at FROM journal_delivery
                 WHERE state IN ('queued', 'inflight', 'possibly_sent', 'dead')
                UNION ALL
                SELECT state, next_try_at FROM journal_customermessage
                 WHERE state IN ('queued', 'inflight', 'possibly_sent', 'dead') AND channel <> 'letter')
            SELECT state, count(*) FROM unfinished GROUP BY state
            UNION ALL
            SELECT 'overdue', count(*) FROM unfinished WHERE state = 'queued' AND next_try_at < %s
            """,
            [at - OVERDUE],
        )
        return dict(cursor.fetchall())
