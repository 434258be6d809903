"""What the file is, and what its columns and words mean. Source: REC-15; import.md steps 2 to 4."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.forms.imports import ColumnsForm, LookForm, WordsForm
from customers.importing import jobs
from customers.importing.refusals import Refused
from customers.models import Import
from staff.access import position_required, take_typing
from staff.verbs import Verb

from . import frame

State = Import.State


def mapping(request, job, *, look=None, columns=None):
    """The page of the second step."""
    context = {"look": look or LookForm(job=job), "form": columns or ColumnsForm(take_typing(request), job=job)}
    return render(request, "customers/imports/file.html", frame.context(job, **context))


@require_POST
@position_required(Verb.IMPORT_RUN)
def import_look(request, pk):
    """Another header row, encoding or delimiter."""
    job = frame.find(request, pk)
    if job.state != State.MAPPING:
        return frame.take(request, job, _too_late)
    form = LookForm(request.POST, job=job)
    if form.is_valid():
        try:
            return frame.take(request, job, jobs.look_again, **form.asked())
        except Refused as refused:
            form.add_error("encoding" if refused.code == "encoding" else None, refused.sentence)
    return mapping(request, job, look=form)


@require_POST
@position_required(Verb.IMPORT_RUN)
def import_columns(request, pk):
    """The columns are said: have a dry run made."""
    job = frame.find(request, pk)
    if job.state != State.MAPPING:
        return frame.take(request, job, _too_late)
    form = ColumnsForm(request.POST, job=job)
    if not form.is_valid():
        return mapping(request, job, columns=form)
    return frame.take(request, job, _checked(request), fields=form.meanings())


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.IMPORT_RUN)
def import_words(request, pk):
    """Words that no list here has, and what counts where a word means nothing; then the dry run is made anew."""
    job = frame.find(request, pk)
    if job.state != State.CHECKED:
        return frame.take(request, job, _too_late) if request.method == "POST" else redirect("customers:import", pk)
    form = WordsForm(request.POST if request.method == "POST" else take_typing(request), job=job)
    if request.method == "POST" and form.is_valid():
        said, meant = form.said(), [table["fields"] for table in job.tables]
        if (said["words"], said["defaults"]) == (job.words, job.defaults):
            messages.info(request, _("Nothing was changed, so the dry run stands as it is."))
            return redirect("customers:import", pk)
        return frame.take(request, job, _checked(request), fields=meant, **said)
    return render(request, "customers/imports/words.html", frame.context(job, frame.WORDS, form=form))


def _checked(request):
    return partial(jobs.check, by=request.user, at=timezone.now())


def _too_late(job):
    raise jobs.WrongStep
