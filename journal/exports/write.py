"""Writes waiting exports, one after the other. Source: GEN-03, SEC-06.

Killed at any point nothing is left but a folder that the sweep deletes, and the export starts anew. Rows are read from
a cursor of the database server and written one by one, so memory does not grow with the list.
"""

import logging
import shutil
from errno import EDQUOT, ENOSPC
from itertools import islice
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation

from journal import exports
from journal.actions import notify
from journal.models import AccessLog, ExportJob
from journal.notifications import EXPORT_DONE
from staff.locks import only_one
from staff.models import Person

from . import actions
from .actions import LostJob
from .files import FILES
from .mark import file_name, mark_of

ROWS_AT_ONCE = 500  # read with their relations together
SIGN_EVERY = 1.0  # seconds
log = logging.getLogger(__name__)


class NotOpen(Exception):
    """The person may not see this list any more, or it is not given out any more."""


def write_waiting(*, now=timezone.now):
    """Write what waits until nothing does. Returns how many were written or given up."""
    number = 0
    while job := actions.next_job(at=now()):
        write(job, now=now)
        number += 1
    return number


def write(job, *, now=timezone.now):
    """Write one export that was taken in hand. A fault is told to its person; what another try may mend is raised."""
    shutil.rmtree(actions.folder(job.pk), ignore_errors=True)
    try:
        with only_one(actions.lock_of(job)) as mine, translation.override(job.language):
            if not mine:
                raise LostJob
            _write(job, now)
        return
    except LostJob:
        log.info("Export %s was cancelled or taken over", job.pk)
    except NotOpen:
        actions.fail(job, "not_open", at=now())
    except (OperationalError, InterfaceError):
        raise  # PostgreSQL went away, or could not just now: the sweep takes the export up again
    except OSError as error:
        log.exception("Export %s", job.pk)
        actions.fail(job, "disk" if error.errno in (ENOSPC, EDQUOT) else "fault", at=now())
    except Exception:
        log.exception("Export %s", job.pk)
        actions.fail(job, "fault", at=now())
    shutil.rmtree(actions.path_of(job).parent, ignore_errors=True)


def _write(job, now):
    exporter = exports.get(job.list)
    job.person = Person.objects.get(pk=job.person_id)  # asked anew: positions and account as they are now
    if exporter is None or not exporter.open_to(job.person):
        raise NotOpen
    started = now()
    rows = exporter.rows(job.person, job.choices)
    actions.live(job, at=started, total=rows.count())
    path = actions.path_of(job)
    path.parent.mkdir(parents=True, mode=0o700)
    columns = exporter.chosen(job.columns)
    file = FILES[job.format](path, columns, mark_of(job, exporter, started))
    try:
        number = _write_rows(job, exporter, rows, columns, file, now)
        file.close()
    except BaseException:
        file.abandon()
        raise
    _finish(job, exporter, path, number, file_name(job, exporter, started), at=now())


def _write_rows(job, exporter, rows, columns, file, now):
    number, last = 0, monotonic()
    stream = rows.iterator(chunk_size=ROWS_AT_ONCE)
    while chunk := list(islice(stream, ROWS_AT_ONCE)):
        exporter.prepare(job.person, chunk)
        for row in chunk:
            file.write([column.value(row) for column in columns])
        number += len(chunk)
        if monotonic() - last > SIGN_EVERY:
            actions.live(job, at=now(), done=number)
            last = monotonic()
    return number


@transaction.atomic
def _finish(job, exporter, path, number, name, *, at):
    """The file is there: from here on it can be had, and the log says that it can. Raises LostJob."""
    expires = at + actions.KEPT_FOR
    actions.live(
        job, at=at, state=ExportJob.State.DONE, done=number, total=number, finished_at=at, expires_at=expires,
        name=name, size=path.stat().st_size, choices={},
    )  # fmt: skip
    AccessLog.objects.create(
        action=AccessLog.Action.EXPORT, at=at, person=job.person, subject_type=job._meta.label_lower,
        subject_id=job.pk, address=job.address, request_id=job.request_id,
        detail={"list": exporter.code, "rows": number, "purpose": job.purpose, "format": job.format},
    )  # fmt: skip
    notify(
        kind=EXPORT_DONE, recipients=[job.person], at=at, dedupe=f"export:{job.pk}", url_name="journal:exports",
        params={"file": name, "rows": f"{number:,}", "until_at": expires.isoformat()},
    )  # fmt: skip
