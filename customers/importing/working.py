"""What a worker does for imports, one step after the other. Source: REC-15, architecture ("Background work").

One process in the whole company works on imports at a time: two files that name the same customer never race. Whoever
has the lock knows that nobody else has an import in hand, so what a killed worker left is taken up at once.
"""

import logging
from collections.abc import Callable
from errno import EDQUOT, ENOSPC
from typing import NamedTuple

from django.db import InterfaceError, OperationalError
from django.utils import timezone, translation
from psycopg.errors import DiskFull

from customers.models import Import
from staff.locks import only_one

from . import checking, committing, counts, error_workbook, jobs, looking, undoing
from .apart import Gone
from .jobs import PROBLEMS, LostJob
from .purchases import checking as checking_purchases
from .purchases import committing as committing_purchases
from .purchases import undoing as undoing_purchases
from .refusals import Refused

LOCK = "customers.imports"
State = Import.State
log = logging.getLogger(__name__)


class Steps(NamedTuple):
    """What is done with one kind of file, besides looking at it."""

    check: Callable
    commit: Callable
    undo: Callable


USUAL = Steps(checking.check, committing.commit, undoing.undo)
OTHERS = {
    Import.Kind.PURCHASES: Steps(checking_purchases.check, committing_purchases.commit, undoing_purchases.undo),
}  # fmt: skip


def steps(job):
    return OTHERS.get(job.kind, USUAL)


def work(*, now=timezone.now):
    """Take every step that waits. Returns how many; None where another process is at it."""
    with only_one(LOCK) as mine:
        if not mine:
            return None
        jobs.take_up_orphans(at=now())
        number = 0
        while job := jobs.next_job(at=now()):
            take_step(job, now=now)
            number += 1
        return number


def take_step(job, *, now=timezone.now):
    """One step of an import that was taken in hand. A fault is told to its person; only what another try may mend is
    raised."""
    try:
        with translation.override(job.language):
            _STEPS[job.state](job, now)
        return
    except LostJob:
        log.info("Import %s was cancelled or taken over", job.pk)
    except Refused as refusal:
        jobs.fail(job, refusal, at=now())
    except Gone:
        raise  # as if this process had been killed: the next sweep goes on
    except OSError as error:
        log.exception("Import %s", job.pk)
        full = error.errno in (ENOSPC, EDQUOT)
        jobs.fail(job, PROBLEMS["disk" if full else "file"], at=now())
    except (OperationalError, InterfaceError) as error:
        if not isinstance(error.__cause__, DiskFull):
            raise  # PostgreSQL went away, or could not just now: the next sweep goes on
        log.exception("Import %s", job.pk)
        jobs.fail(job, PROBLEMS["disk"], at=now())
    except Exception:
        log.exception("Import %s", job.pk)
        jobs.fail(job, PROBLEMS["fault"], at=now())


def _look(job, now):
    found = looking.look(job, jobs.path_of(job), lambda rows: jobs.live(job, at=now(), done=rows))
    jobs.finish_step(job, State.MAPPING, **found)


def _check(job, now):
    def alive(done, total, **phase):
        jobs.live(job, at=now(), done=done, total=total, **phase)

    error_workbook.drop(job)
    unknown = steps(job).check(job, jobs.path_of(job), alive)
    _keep_errors(job, now)
    jobs.finish_step(job, State.CHECKED, unknown=unknown, counts=counts.of(job))


def _commit(job, now):
    def alive(done, total, reached):
        jobs.live(job, at=now(), done=done, total=total, reached=reached)

    steps(job).commit(job, alive)
    _keep_errors(job, now)
    jobs.finish_step(job, State.DONE, counts=counts.of(job))


def _keep_errors(job, now):
    def alive():
        jobs.live(job, at=now(), phase=Import.Phase.WORKBOOK)

    alive()
    error_workbook.keep(job, alive)


def _undo(job, now):
    def alive(done, total, reached):
        jobs.live(job, at=now(), done=done, total=total, reached=reached)

    undone = steps(job).undo(job, alive)
    jobs.finish_step(job, State.UNDONE, counts=job.counts | {"undone": undone})


_STEPS = {State.LOOKING: _look, State.CHECKING: _check, State.COMMITTING: _commit, State.UNDOING: _undo}
