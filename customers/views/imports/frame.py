"""What the pages of an import share: whose it is, where it stands, and a step that somebody else has taken already."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from customers.importing import jobs, sentences
from customers.models import Import

State = Import.State
STEPS = [_("Upload"), _("File and columns"), _("Words"), _("Dry run"), _("Taking over"), _("Result")]
UPLOAD, FILE, WORDS, DRY_RUN, TAKING_OVER, RESULT = range(6)
STEP_OF = {
    State.LOOKING: FILE, State.MAPPING: FILE, State.CHECKING: DRY_RUN, State.CHECKED: DRY_RUN,
    State.COMMITTING: TAKING_OVER, State.UNDOING: RESULT, State.DONE: RESULT, State.UNDONE: RESULT,
    State.CANCELLED: None, State.FAILED: None,
}  # fmt: skip
NEEDED = ("asked_by", "committed_by", "undone_by", "corrects")


def find(request, pk):
    return get_object_or_404(Import.objects.visible_to(request.user).select_related(*NEEDED), pk=pk)


def steps(current):
    """(label, past, current or to come) of each step; nothing where an import ended before its time."""
    if current is None:
        return []
    states = ["past"] * current + ["current"] + ["coming"] * len(STEPS)
    return [{"label": label, "state": state} for label, state in zip(STEPS, states, strict=False)]


def context(job, step=None, **more):
    """Of every page of one import."""
    earlier = None
    if job.state in (State.MAPPING, State.CHECKED):
        earlier = jobs.earlier(job).select_related("committed_by").first()
    current = STEP_OF[job.state] if step is None else step
    problem = sentences.problem(job)
    return {"job": job, "problem": problem, "steps": steps(current), "earlier": earlier, **more}


def take(request, job, step, **arguments):
    """Take the import a step further and show where it is then; also where somebody else was faster."""
    try:
        step(job, **arguments)
    except jobs.WrongStep as late:
        messages.warning(request, late.messages[0])
    return redirect("customers:import", job.pk)
