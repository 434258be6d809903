"""Imports as rows of work: people ask for a step, a worker takes it, killed at any moment another one goes on.

What a person does is a function here that changes the state and nudges; what a worker does stands in `working`.
Source: REC-15, architecture ("Background work").
"""

import hashlib
import logging
import shutil
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Func, Value
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from customers.models import Import, ImportMapping, ImportRow
from customers.notifications import IMPORT_CHECKED, IMPORT_DONE, IMPORT_FAILED, IMPORT_UNDONE
from journal.actions import notify

from . import counts, files
from .headings import fingerprint

WORK = "customers.tasks.work_on_imports"
ATTEMPTS = 3  # of one step; after that it is the file that ends the worker, not bad luck
LONGEST_NAME = 200
State = Import.State
PROBLEMS = {  # why a step was given up, besides refusals.SENTENCES
    "attempts": gettext_lazy("The import ended its worker three times."),
    "disk": gettext_lazy("The disk is full."),
    "file": gettext_lazy("The file could not be read."),
    "fault": gettext_lazy("Something went wrong with this file. The log has the details."),
}
log = logging.getLogger(__name__)


class LostJob(Exception):
    """The import was cancelled, or taken over by another process."""


class _Array(Func):
    """A change to the columns whose conflicts are decided for the file."""

    arity = 2
    output_field = ImportRow._meta.get_field("take")


class WrongStep(ValidationError):
    """Somebody else has taken this import a step further, or back."""

    def __init__(self):
        super().__init__(_("This import is at another step by now: look at the page again."))


def path_of(job):
    """Where the file lies: beside uploads, outside of what the web server gives out."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(job.token) / "file"


def begin(upload, *, name, by, at, kind=Import.Kind.CUSTOMERS, corrects=None, campaign=""):
    """Keep a file and have it read. `upload` is an open binary file, `campaign` the name of that whose leads it holds.

    Raises refusals.Refused; then nothing is kept. Source: REC-15; import.md step 1.
    """
    with transaction.atomic():
        job = Import.objects.create(
            kind=kind, name=Path(name).name[-LONGEST_NAME:], size=0, asked_at=at, asked_by=by, corrects=corrects,
            campaign_name=corrects.campaign_name if corrects else campaign,
            language=get_language() or settings.LANGUAGE_CODE,
        )  # fmt: skip
        path = path_of(job)
        path.parent.mkdir(parents=True, mode=0o700)
        try:
            job.size, job.sha256 = _store(upload, path)
            source = files.examine(path)
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        job.encoding, job.delimiter = source.encoding, source.delimiter
        job.save(update_fields=["size", "sha256", "encoding", "delimiter"])
        transaction.on_commit(nudge, robust=True)
    return job


def _store(upload, path):
    """(bytes, SHA-256) of what was written. Stops where the file is larger than any that is read."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while piece := upload.read(2**20):
            size += len(piece)
            if size > files.LARGEST_FILE:
                raise files.Refused("file_size")
            digest.update(piece)
            file.write(piece)
    return size, digest.hexdigest()


def earlier(job):
    """Imports of the same file that were taken over and stand, the latest first."""
    same = Import.objects.filter(sha256=job.sha256, state=State.DONE).exclude(pk=job.pk)
    return same.order_by("-committed_at")


def look_again(job, *, header_rows, encoding="", delimiter=""):
    """Another header row, encoding or delimiter than the one that was found. Raises Refused for an impossible one."""
    if encoding or delimiter:
        source = files.examine(path_of(job), encoding=encoding, delimiter=delimiter)
        encoding, delimiter = source.encoding, source.delimiter
    found = {"encoding": encoding or job.encoding, "delimiter": delimiter or job.delimiter}
    _step(job, State.MAPPING, State.LOOKING, header_rows=header_rows, **found)


def check(job, *, fields, words=None, defaults=None, by, at):
    """Have a dry run made. `fields`: for each table a list, for each column the field it means or None. What a person
    chose is remembered."""
    tables = [table | {"fields": list(names)} for table, names in zip(job.tables, fields, strict=True)]
    chosen = {"words": job.words if words is None else words}
    chosen["defaults"] = job.defaults if defaults is None else defaults
    with transaction.atomic():
        _step(job, (State.MAPPING, State.CHECKED), State.CHECKING, tables=tables, **chosen)
        for table in tables if by else ():
            if table["header_row"] is not None:
                ImportMapping.objects.update_or_create(
                    kind=job.kind, fingerprint=fingerprint(table["headings"]),
                    defaults={"fields": table["fields"], "saved_at": at, "saved_by": by, **chosen},
                )  # fmt: skip


def back_to_mapping(job):
    _step(job, State.CHECKED, State.MAPPING)


@transaction.atomic
def decide(job, *, rows, columns, take):
    """For some update rows (None: all of them): whether the file's values of these columns replace the record's."""
    current = _lock(job, State.CHECKED)
    asked = ImportRow.objects.filter(job=job, outcome=ImportRow.Outcome.UPDATE)
    if rows is not None:
        asked = asked.filter(place__in=rows)
    for column in columns:
        decided = _Array(F("take"), Value(column), function="array_remove")
        if take:
            decided = _Array(decided, Value(column), function="array_append")
        asked.filter(conflicts__has_key=column).update(take=decided)
    now = current.counts | {"unchanged": counts.unchanged(job)}
    Import.objects.filter(pk=job.pk).update(counts=now)


def commit(job, *, by, at):
    """Take the rows over. Source: import.md step 5."""
    _step(job, State.CHECKED, State.COMMITTING, reached=0, committed_by=by, committed_at=at)


def undo(job, *, by, at):
    """Take back what the import wrote, as far as nobody has touched it since. Source: import.md step 6."""
    _step(job, State.DONE, State.UNDOING, reached=0, undone_by=by, undone_at=at)


def cancel(job, *, by, at):
    """Stop an import. What a commit has written already is taken back."""
    with transaction.atomic():
        current = Import.objects.select_for_update(no_key=True).get(pk=job.pk)
        if current.state == State.COMMITTING:
            _put(current, State.UNDOING, **_taken_back(current), undone_by=by, undone_at=at)
        elif current.state in (State.LOOKING, State.MAPPING, State.CHECKING, State.CHECKED):
            _put(current, State.CANCELLED)
            ImportRow.objects.filter(job=job).delete()
        else:
            raise WrongStep
    job.refresh_from_db()


def finish_step(job, state, **columns):
    """A worker's step is done."""
    mine = Import.objects.filter(pk=job.pk, attempt=job.attempt, running=True)
    if not mine.update(state=state, running=False, failures=0, phase="", **columns):
        raise LostJob
    job.refresh_from_db()
    _tell(job)


def live(job, *, at, **counters):
    """A sign of life, with the counters. Raises LostJob when the job is not this attempt's any more."""
    mine = Import.objects.filter(pk=job.pk, attempt=job.attempt, running=True, state=job.state)
    if not mine.update(sign_of_life_at=at, **counters):
        raise LostJob
    for name, value in counters.items():
        setattr(job, name, value)


def fail(job, why, *, at):
    """Give a step up. One that only looked at the file ends the import, a commit is taken back, an undoing waits for a
    person. `why` is one of PROBLEMS or Refused: it is kept in the language of the import, see `sentences`."""
    with translation.override(job.language):
        problem = str(why)[:200]
    mine = Import.objects.filter(pk=job.pk, attempt=job.attempt, running=True)
    current = mine.first() or job
    after = {"state": State.DONE if job.state == State.UNDOING else State.FAILED}
    if job.state == State.COMMITTING:
        after = {"state": State.UNDOING, **_taken_back(current), "undone_by": job.committed_by, "undone_at": at}
    if mine.update(running=False, failures=0, phase="", problem=problem, sign_of_life_at=at, **after):
        job.refresh_from_db()
        if job.state == State.UNDOING:
            nudge()
        else:
            _tell(job)


def _tell(job):
    """Word to whoever waits for the step that has ended; whoever uploaded the file is still at the page."""
    kind = {State.CHECKED: IMPORT_CHECKED, State.DONE: IMPORT_DONE, State.UNDONE: IMPORT_UNDONE}.get(job.state)
    if job.problem:
        kind = IMPORT_FAILED  # whatever step it stands at now
    people = {State.DONE: job.committed_by, State.UNDONE: job.undone_by}
    if kind and (person := people.get(job.state) or job.asked_by):
        rows = counts.taken(job.counts) if job.state == State.DONE else job.counts.get("rows", 0)
        params = {"file": job.name, "rows": f"{rows:,}", "problem": job.problem}
        notify(
            kind=kind, recipients=[person], at=job.sign_of_life_at, subject=job,
            dedupe=f"import:{job.pk}:{job.attempt}", url_name="customers:import", params=params,
        )  # fmt: skip


def take_up_orphans(*, at):
    """What a killed worker had in hand waits again, or is given up. Only for whoever holds the lock of the workers."""
    for job in Import.objects.filter(state__in=Import.WORKING, running=True):
        if job.failures + 1 >= ATTEMPTS:
            fail(job, PROBLEMS["attempts"], at=at)
        else:
            mine = Import.objects.filter(pk=job.pk, attempt=job.attempt, running=True)
            mine.update(running=False, failures=job.failures + 1)


def next_job(*, at):
    """Take the oldest waiting step in hand; None when there is none."""
    with transaction.atomic():
        waiting = Import.objects.waiting().order_by("pk").select_related("asked_by", "committed_by", "undone_by")
        job = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if job is not None:
            job.running, job.attempt, job.done, job.total = True, job.attempt + 1, 0, None
            job.phase = ""
            job.sign_of_life_at = job.step_at = at
            job.save(update_fields=["running", "attempt", "done", "total", "phase", "sign_of_life_at", "step_at"])
    return job


def discard(job):
    """Leave nothing of an import that was not taken over: no rows, no file."""
    ImportRow.objects.filter(job=job).delete()
    Import.objects.filter(pk=job.pk).delete()
    shutil.rmtree(path_of(job).parent, ignore_errors=True)


def take(job, *, at):
    """Take the step of this import in hand, out of turn. Only for whoever holds the lock of the workers."""
    mine = Import.objects.filter(pk=job.pk, running=False, state__in=Import.WORKING)
    if not mine.update(
        running=True, attempt=F("attempt") + 1, done=0, total=None, phase="", sign_of_life_at=at, step_at=at
    ):  # fmt: skip
        raise LostJob
    job.refresh_from_db()


def nudge():
    """Have waiting steps taken now. Only a hint: without a broker the next sweep does it."""
    try:
        current_app.send_task(WORK, ignore_result=True, retry=False)
    except Exception as error:  # what was asked for stands in the database all the same
        log.warning("An import waits for the next sweep: %s", error)


def _taken_back(job):
    """Columns of a commit that is given up. Its figures stay those of the dry run, so what it came to stands there."""
    stopped_at = min(job.reached, job.counts.get("rows", job.reached))  # the last chunk ends behind the last row
    return {"reached": 0, "counts": job.counts | {"stopped_at": stopped_at}}


def _lock(job, states):
    current = Import.objects.select_for_update(no_key=True).get(pk=job.pk)
    if current.state not in ((states,) if isinstance(states, str) else states):
        raise WrongStep
    return current


def _step(job, before, after, **columns):
    with transaction.atomic():
        _put(_lock(job, before), after, **columns)
    job.refresh_from_db()


def _put(current, state, **columns):
    """The step that a worker, or nobody, takes next. Whoever has the import in hand loses it."""
    columns |= {"state": state, "running": False, "failures": 0, "problem": "", "done": 0, "total": None, "phase": ""}
    Import.objects.filter(pk=current.pk).update(**columns)
    if state in Import.WORKING:
        transaction.on_commit(nudge, robust=True)
