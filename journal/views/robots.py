"""The administrator's pages for group robots. Source: GEN-02."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal import robots as actions
from journal.forms.robots import RobotForm
from journal.models import GroupRobot
from journal.senders.outcomes import PossiblySent, Sent
from staff import refusals
from staff.access import position_required
from staff.verbs import Verb


@require_safe
@position_required(Verb.OUTBOX_MANAGE)
def robots(request):
    rows = GroupRobot.objects.select_related("branch", "department")
    return render(request, "journal/robots.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.OUTBOX_MANAGE)
def robot_new(request):
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.OUTBOX_MANAGE)
def robot_edit(request, pk):
    return _form(request, get_object_or_404(GroupRobot, pk=pk))


def _form(request, robot):
    # What was typed before the session ended is not taken back here: the address of a robot is a key.
    form = RobotForm(request.POST or None, instance=robot or GroupRobot())
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            saved = actions.save(robot, **form.robot(), by=request.user)
            messages.success(request, _("%(name)s was saved. Send a test message to be sure.") % {"name": saved})
            return redirect("journal:robots")
    return render(request, "journal/robot_form.html", {"form": form, "robot": robot})


@require_POST
@position_required(Verb.OUTBOX_MANAGE)
def robot_test(request, pk):
    robot = get_object_or_404(GroupRobot.objects.select_related("branch", "department"), pk=pk)
    outcome = actions.test(robot)
    if isinstance(outcome, Sent):
        messages.success(request, _("The test message is in the group %(name)s.") % {"name": robot})
    elif isinstance(outcome, PossiblySent):
        messages.warning(request, _("No clear answer came; look into the group. %(why)s") % {"why": outcome.reason})
    else:
        messages.error(request, _("The test message was not sent: %(why)s") % {"why": outcome.reason})
    return redirect("journal:robots")
