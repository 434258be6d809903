"""Who signed in, who saw what, who was refused: for administrators. Source: SEC-05, SEC-06."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from journal import subjects
from journal.forms.access_log import AccessFilter
from staff import searches
from staff.access import position_required
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

NEWEST = Order("at", descending=True)
DETAILS = {
    "staff_number": _("typed: %(value)s"),
    "reason": _("reason: %(value)s"),
    "ended": _("ended: %(value)s"),
    "cards": _("cards printed: %(value)s"),
    "purpose": _("for: %(value)s"),
}
WORDS = {
    ("way", "one-time link"): _("by a one-time link"),
    ("way", "second step: app"): _("with a code of the app"),
    ("way", "second step: recovery"): _("with a recovery code"),
    ("way", "command on the server"): _("by a command on the server"),
    ("masked", "True"): _("phones masked"),
    ("masked", "False"): _("phones in full"),
    ("step", "second"): _("at the second step"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.ACCESS_LOG_VIEW)
def access_log(request):
    if request.method == "POST":
        return searches.to_list(request, AccessFilter)
    choices = searches.opened(request.user, request.GET)
    chosen = AccessFilter(choices)
    found = page(chosen.rows().select_related("person"), NEWEST, **asked(request))
    subjects.name(found.rows, request.user)
    for row in found.rows:
        row.details = [_detail(name, value) for name, value in row.detail.items()]
    context = {"form": chosen, "rows": found.rows, "search_expired": searches.has_expired(request.GET, choices)}
    fragment = "#log" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"journal/access_log.html{fragment}", context | links(request, found))


def _detail(name, value):
    """A detail in the reader's words; one that nobody described stays as it was written."""
    if words := WORDS.get((name, str(value))):
        return words
    return DETAILS[name] % {"value": value} if name in DETAILS else f"{name}: {value}"
