"""One import where it stands: waiting, to be checked, to be confirmed, taken over, undone. Source: REC-15."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from customers import import_figures
from customers.forms.imports import CorrectedForm
from customers.importing import jobs
from customers.models import Import, ImportRow
from staff.access import polled, position_required
from staff.verbs import Verb

from . import frame
from .columns import mapping
from .reading import read

State, Outcome = Import.State, ImportRow.Outcome
FIRST = 5  # rows of each outcome on the page of the dry run
HASTE = 2  # seconds of a step after which its pace says something
DOING = {
    State.LOOKING: gettext_lazy("The file is being read"),
    State.CHECKING: gettext_lazy("The dry run is being made: nothing is written into the register"),
    State.COMMITTING: gettext_lazy("The rows are being taken over"),
    State.UNDOING: gettext_lazy("What the import wrote is being taken back"),
}


@require_safe
@position_required(Verb.IMPORT_RUN)
def import_page(request, pk):
    """Where the import stands now; the address stays the same from the first step to the last."""
    job = frame.find(request, pk)
    if job.is_working:
        return render(request, "customers/imports/progress.html", _progress(job))
    return PAGES.get(job.state, _ended)(request, job)


@require_safe
@polled
@position_required(Verb.IMPORT_RUN)
def import_progress(request, pk):
    """The bar alone, asked for every two seconds; when the step has ended, the page of the next one."""
    job = frame.find(request, pk)
    if not request.htmx:
        return redirect("customers:import", pk)
    if not job.is_working:
        return HttpResponseClientRefresh()
    return render(request, "customers/imports/progress.html#progress", _progress(job))


def _progress(job):
    left = _time_left(job, timezone.now())
    return frame.context(job, doing=DOING[job.state], left=left)


def _time_left(job, now):
    """What remains at the pace so far, in words; "" as long as there is none to speak of."""
    if job.phase or not (job.running and job.step_at and job.done and job.total):
        return ""
    spent = (now - job.step_at).total_seconds()
    if spent < HASTE:
        return ""
    minutes = round(spent * (job.total - job.done) / job.done / 60)
    if minutes < 1:
        return _("less than a minute left")
    return ngettext("about %(minutes)d minute left", "about %(minutes)d minutes left", minutes) % {"minutes": minutes}


def _checked(request, job):
    figures = import_figures.of(job)
    firsts = []
    for outcome in figures["outcomes"]:
        if outcome["number"]:
            rows = list(job.rows.filter(outcome=outcome["code"]).select_related("branch").order_by("place")[:FIRST])
            read(job, rows, request.user, changes=True)
            firsts.append(outcome | {"rows": rows})
    updates = job.rows.filter(outcome=Outcome.UPDATE).exclude(conflicts={})
    context = {"figures": figures, "firsts": firsts, "has_conflicts": updates.exists()}
    request.records_shown += sum(row.shows_record for first in firsts for row in first["rows"])
    context["unknown"] = sum(len(words) for words in job.unknown.values())
    return render(request, "customers/imports/checked.html", frame.context(job, **context))


def _result(request, job):
    kept = (
        list(job.rows.filter(made__has_key="kept").select_related("branch").order_by("place")[:FIRST])
        if job.state == State.UNDONE
        else []
    )
    read(job, kept, request.user)
    corrections = Import.objects.visible_to(request.user).filter(corrects=job).order_by("pk")
    context = {
        "figures": import_figures.of(job),
        "kept": kept,
        "stopped": "stopped_at" in job.counts and {"at": job.counts["stopped_at"]},
        "corrections": corrections,
        "corrected_form": CorrectedForm(),
    }
    return render(request, "customers/imports/result.html", frame.context(job, **context))


def _ended(request, job):
    return render(request, "customers/imports/ended.html", frame.context(job))


PAGES = {State.MAPPING: mapping, State.CHECKED: _checked, State.DONE: _result, State.UNDONE: _result}


@require_POST
@position_required(Verb.IMPORT_RUN)
def import_back(request, pk):
    """Once more to the columns."""
    return frame.take(request, frame.find(request, pk), jobs.back_to_mapping)


def _confirmed(request, pk, act, states):
    """A page that says what follows, and the step once it is confirmed there."""
    job = frame.find(request, pk)
    if request.method == "POST":
        return frame.take(request, job, partial(act, by=request.user, at=timezone.now()))
    if job.state not in states:
        messages.info(request, jobs.WrongStep().messages[0])
        return redirect("customers:import", pk)
    context = {"act": act.__name__, "figures": import_figures.of(job)}
    return render(request, "customers/imports/confirm.html", frame.context(job, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.IMPORT_RUN)
def import_commit(request, pk):
    return _confirmed(request, pk, jobs.commit, (State.CHECKED,))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.IMPORT_RUN)
def import_undo(request, pk):
    return _confirmed(request, pk, jobs.undo, (State.DONE,))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.IMPORT_RUN)
def import_cancel(request, pk):
    states = (State.LOOKING, State.MAPPING, State.CHECKING, State.CHECKED, State.COMMITTING)
    return _confirmed(request, pk, jobs.cancel, states)
