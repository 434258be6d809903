"""What people and the clock do to exports. A file is taken out of scope, so it lives a day, for one person.

Source: GEN-03, SEC-06, architecture ("Background work").
"""

import logging
import shutil
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language, ngettext

from journal.actions import notify
from journal.models import ExportJob
from journal.notifications import EXPORT_FAILED
from staff.locks import only_one
from staff.models import Person

KEPT_FOR = timedelta(days=1)  # a file after it was written
OPEN_AT_ONCE = 3  # exports of one person that wait or are written
ATTEMPTS = 3  # after that it is the export that ends the worker, not bad luck
SILENT = timedelta(seconds=60)  # without a sign of life the writer is dead
WRITE = "journal.tasks.write_exports"
log = logging.getLogger(__name__)


class LostJob(Exception):
    """The job was cancelled, or taken over by another process."""


def folder(job_pk=None):
    """Where files lie: beside uploads, outside of what the web server gives out."""
    place = Path(settings.MEDIA_ROOT) / "exports"
    return place if job_pk is None else place / str(job_pk)


def path_of(job):
    """The job's file while `attempt` writes it, and afterwards."""
    return folder(job.pk) / str(job.attempt) / f"list.{job.format}"


def lock_of(job):
    """Held by the process that writes, for as long as it lives: packing a large file gives no other sign of life."""
    return f"journal.export.{job.pk}"


@transaction.atomic
def ask(exporter, *, choices, columns, format, purpose, by, at, address=None, request_id=""):
    """Put an export in the queue. Raises ValidationError while the person has enough of them open."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    waiting = ExportJob.objects.visible_to(by).open().count()
    if waiting >= OPEN_AT_ONCE:
        sentence = ngettext(
            "%(n)s export of yours is not finished yet. Wait for it or cancel it.",
            "%(n)s exports of yours are not finished yet. Wait for one or cancel one.",
            waiting,
        )
        raise ValidationError(sentence % {"n": waiting})
    job = ExportJob.objects.create(
        person=by, list=exporter.code, choices=choices, columns=[column.code for column in exporter.chosen(columns)],
        format=format, purpose=purpose, language=get_language() or settings.LANGUAGE_CODE, address=address,
        request_id=request_id, asked_at=at,
    )  # fmt: skip
    transaction.on_commit(nudge, robust=True)
    return job


def end(job, *, at):
    """The person wants it no more: what is open is cancelled, a file that is there is deleted. Safe to repeat."""
    gone = {"state": ExportJob.State.GONE, "choices": {}}
    cancelled = {"state": ExportJob.State.CANCELLED, "finished_at": at, "choices": {}}
    mine = ExportJob.objects.filter(pk=job.pk)
    if mine.open().update(**cancelled) or mine.filter(state=ExportJob.State.DONE).update(**gone):
        shutil.rmtree(folder(job.pk), ignore_errors=True)


def sweep(*, at):
    """What nobody writes any more goes back into the queue, or is given up; files whose time is over are deleted.

    Returns whether anything waits. Safe at any time.
    """
    silent = ExportJob.objects.filter(state=ExportJob.State.RUNNING, sign_of_life_at__lte=at - SILENT)
    for job in silent.select_related("person"):
        with only_one(lock_of(job)) as nobody_writes:
            if nobody_writes:
                _take_up(job, at=at)
    over = ExportJob.objects.filter(state=ExportJob.State.DONE, expires_at__lte=at)
    over.update(state=ExportJob.State.GONE, choices={})
    _clear_away()
    return ExportJob.objects.filter(state=ExportJob.State.QUEUED).exists()


def _take_up(job, *, at):
    if job.attempt >= ATTEMPTS:
        fail(job, "attempts", at=at)
    else:
        again = ExportJob.objects.filter(pk=job.pk, attempt=job.attempt, state=ExportJob.State.RUNNING)
        again.update(state=ExportJob.State.QUEUED, done=0)


def _clear_away():
    """Delete what belongs to no export that is written or kept: left by a killed process, cancelled, expired."""
    found = [entry for entry in folder().glob("*") if entry.name.isdecimal()]
    alive = (ExportJob.State.RUNNING, ExportJob.State.DONE)
    jobs = ExportJob.objects.filter(pk__in=[int(entry.name) for entry in found], state__in=alive)
    wanted = {str(pk): str(attempt) for pk, attempt in jobs.values_list("pk", "attempt")}
    for entry in found:
        for part in entry.glob("*") if entry.name in wanted else [entry]:
            if part.name != wanted.get(entry.name):
                shutil.rmtree(part, ignore_errors=True)


@transaction.atomic
def fail(job, problem, *, at):
    """Give an export up and say so. Nothing if it is not this attempt's any more."""
    mine = ExportJob.objects.filter(pk=job.pk, attempt=job.attempt, state=ExportJob.State.RUNNING)
    if mine.update(state=ExportJob.State.FAILED, problem=problem, finished_at=at, choices={}):
        notify(
            kind=EXPORT_FAILED, recipients=[job.person], at=at, dedupe=f"export:{job.pk}", url_name="journal:exports",
            params={"asked_at": job.asked_at.isoformat()},
        )  # fmt: skip


def nudge():
    """Have waiting exports written now. Only a hint: without a broker the next sweep does it."""
    try:
        current_app.send_task(WRITE, ignore_result=True, retry=False)
    except Exception as error:  # what was asked for stands in the queue all the same
        log.warning("An export waits for the next sweep: %s", error)


def next_job(*, at):
    """Take the oldest waiting export in hand; None when there is none. Two takers get different ones."""
    with transaction.atomic():
        waiting = ExportJob.objects.filter(state=ExportJob.State.QUEUED).order_by("pk")
        job = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("person").first()
        if job is not None:
            job.state, job.attempt, job.sign_of_life_at, job.done = ExportJob.State.RUNNING, job.attempt + 1, at, 0
            job.save(update_fields=["state", "attempt", "sign_of_life_at", "done"])
    return job


def live(job, *, at, **counters):
    """A sign of life, with the counters. Raises LostJob when the job is not this attempt's any more."""
    mine = ExportJob.objects.filter(pk=job.pk, attempt=job.attempt, state=ExportJob.State.RUNNING)
    if not mine.update(sign_of_life_at=at, **counters):
        raise LostJob
