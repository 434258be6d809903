"""What the administrator sees of the outbox, and decides. Source: GEN-02, reliability §4."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from journal import delivery, subjects
from journal.forms.outbox import WAYS, OutboxFilter
from journal.models import State
from staff.access import position_required
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

NEWEST = Order("pk", descending=True)


@require_safe
@position_required(Verb.OUTBOX_MANAGE)
def outbox(request):
    chosen = OutboxFilter(request.GET)
    found = page(chosen.rows(), NEWEST, **asked(request))
    if chosen.chosen_way == "message":
        subjects.name(found.rows, request.user)
    context = {
        "form": chosen,
        "way": chosen.chosen_way,
        "rows": found.rows,
        "figures": _figures(),
    }
    return render(request, "journal/outbox.html", context | links(request, found))


def _figures():
    """Numbers over both ways, so that what hangs is seen at a glance."""
    counted = delivery.figures(at=timezone.now())
    labels = {
        State.QUEUED: pgettext("message", "waiting"),
        "overdue": _("waiting for more than ten minutes"),
        State.INFLIGHT: _("on their way"),
        State.POSSIBLY_SENT: _("possibly sent"),
        State.DEAD: _("given up"),
    }
    return [{"label": label, "number": counted.get(name, 0)} for name, label in labels.items()]


def _stuck(way, pk):
    if way not in WAYS:
        raise Http404
    return get_object_or_404(WAYS[way], pk=pk)


def _back(way):
    return redirect(reverse("journal:outbox") + ("?way=message" if way == "message" else ""))


@require_POST
@position_required(Verb.OUTBOX_MANAGE)
def outbox_again(request, way, pk):
    row = _stuck(way, pk)
    if delivery.send_again(row, by=request.user, at=timezone.now()):
        messages.success(request, _("It is sent again within 15 seconds."))
    else:
        messages.info(request, _("Somebody has decided about this one already."))
    return _back(way)


@require_POST
@position_required(Verb.OUTBOX_MANAGE)
def outbox_close(request, way, pk):
    row = _stuck(way, pk)
    if delivery.close(row, by=request.user, at=timezone.now()):
        messages.success(request, _("Closed: it is not sent again."))
    else:
        messages.info(request, _("Somebody has decided about this one already."))
    return _back(way)
