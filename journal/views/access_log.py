"""Who signed in, who saw what, who was refused: for administrators. Source: SEC-05, SEC-06."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal.forms.access_log import AccessFilter
from journal.subjects import names_of
from staff.access import position_required
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

NEWEST = Order("at", descending=True)


@require_safe
@position_required(Verb.ACCESS_LOG_VIEW)
def access_log(request):
    chosen = AccessFilter(request.GET)
    found = page(chosen.rows().select_related("person"), NEWEST, **asked(request))
    names = names_of(found.rows, request.user)
    for row in found.rows:
        row.subject = names.get((row.subject_type, row.subject_id), "")
    context = {"form": chosen, "rows": found.rows}
    fragment = "#log" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"journal/access_log.html{fragment}", context | links(request, found))
