"""Lists of who has confirmed something and who has not yet. Source: SEC-08, SEC-09."""

from django.db.models import Exists, Prefetch
from django.utils.translation import gettext as _

from .paging import Order, asked, links, page


def with_confirmation(people, confirmations):
    """People with `has_confirmed` and `confirmed_at`; `confirmations` are rows of OuterRef("pk") with a column `at`."""
    return people.annotate(has_confirmed=Exists(confirmations), confirmed_at=confirmations.values("at")[:1])


def confirmation_page(request, people, positions):
    """Context of staff/confirmations.html: those who have not confirmed, or on request those who have, with the
    positions that count here. Each figure leads to its rows."""
    counts = {state: people.filter(has_confirmed=state == "done").count() for state in ("open", "done")}
    state = request.GET.get("state") if request.GET.get("state") in counts else "open"
    held = Prefetch("positions", queryset=positions.select_related("branch", "department"), to_attr="held")
    rows = people.filter(has_confirmed=state == "done").prefetch_related(held)
    found = page(rows, Order("staff_number"), **asked(request))
    tabs = [
        {"label": label, "url": f"?state={name}", "count": counts[name], "current": name == state}
        for name, label in (("open", _("not confirmed yet")), ("done", _("confirmed")))
    ]
    return {"rows": found.rows, "tabs": tabs, "state": state, **links(request, found)}
