"""Many customers to one person in charge: choose on the list, look at the preview, confirm. Source: SEC-04, ux 4.

Everything goes by POST, ids included; each step scopes them anew. Nothing is written before the last one.
"""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from customers import search
from customers.assigning import AT_MOST, assign_many, plan, read_selection, written
from customers.filters import filters_for
from customers.forms.reasons import BulkOwnerForm
from customers.models import Customer
from customers.policies import units_with
from staff.access import position_required
from staff.verbs import Verb

NAMED = 20  # skipped customers named for each reason; the rest is a number


@require_POST
@position_required(Verb.CUSTOMER_ASSIGN)
def assign(request):
    """One address for the three steps: `step` is empty, "preview" or "confirm"."""
    step = request.POST.get("step", "")
    back = QueryDict(request.POST.get("list", ""))
    all_of_list = not step and "all" in request.POST
    selection = _of_list(request, back) if all_of_list else read_selection(request.POST.getlist("customer"))
    if not selection:
        messages.warning(request, _("No customer was chosen. Tick some in the list."))
        return _to_list(back)
    form = BulkOwnerForm(request.POST if step else None, units=units_with(request.user, Verb.CUSTOMER_ASSIGN))
    context = {
        "form": form,
        "list": back.urlencode(),
        "list_url": _list_url(back),
        "selection": written(selection),
        "number": len(selection),
        "at_most": AT_MOST,
        "cut": all_of_list and len(selection) == AT_MOST,
    }
    if not step or not form.is_valid():
        return render(request, "customers/assign.html", context)
    owner, reason = form.cleaned_data["owner"], form.cleaned_data["reason"]
    if step == "confirm":
        done = assign_many(selection, owner=owner, reason=reason, by=request.user, at=timezone.now())
        if done.moving:
            _say(request, done)
            return _to_list(back)
    else:
        done = plan(selection, owner=owner, by=request.user)
    context |= {
        "plan": done,
        "skips": [(why, rows[:NAMED], len(rows), len(rows) - NAMED) for why, rows in done.skips()],
        "moving": written(done.selection),
        "nothing_done": step == "confirm",
    }
    return render(request, "customers/assign_preview.html", context)


def _of_list(request, back):
    """All customers of the list as it was filtered, newest first, at most AT_MOST, of those whose owner one decides."""
    mine = Customer.objects.visible_to(request.user, verb=Verb.CUSTOMER_ASSIGN)
    rows = filters_for(request.user, back, now=timezone.now(), rows=mine).qs
    if key := back.get("q", ""):
        text = search.kept(request.user, key)
        rows = search.matching(rows, text) if text is not None else rows.none()
    return dict(rows.order_by("-pk").values_list("pk", "version")[:AT_MOST])


def _list_url(back):
    return f"{reverse('customers:list')}?{back.urlencode()}".rstrip("?")


def _to_list(back):
    return redirect(_list_url(back))


def _say(request, done):
    number, skipped = len(done.moving), sum(map(len, done.skipped.values()))
    text = ngettext(
        "%(count)s customer is now in the charge of %(name)s.",
        "%(count)s customers are now in the charge of %(name)s.",
        number,
    )
    messages.success(request, text % {"count": number, "name": done.owner.name})
    if skipped:
        text = ngettext("%(count)s was left as it was.", "%(count)s were left as they were.", skipped)
        messages.info(request, text % {"count": skipped})
