"""What the frame of every page shows: who is signed in, in which position, and where that position can go."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from crm_site.figures import waiting_in_menu
from crm_site.readiness import background_waits
from staff.models import Company
from staff.verbs import Verb


@dataclass(frozen=True)
class Destination:
    """One entry of the rail. `icon` names a symbol of the vendored icon sprite; `count` says how much waits there."""

    label: str
    url: str
    icon: str
    current: bool
    count: str = ""


# In the order of the rail: URL name, label, icon, the verb that opens it (None: everybody).
DESTINATIONS = [
    ("home", _("Today"), "today", None),
    ("customers:list", _("Customers"), "customers", Verb.CUSTOMER_VIEW),
    ("customers:register", _("New customer"), "register", Verb.CUSTOMER_REGISTER),
    ("customers:proposals", _("Proposed changes"), "list-check", Verb.CUSTOMER_EDIT),
    ("customers:desk", _("Front desk"), "clipboard-check", Verb.DESK_SERVE),
    ("customers:forms", _("Today's forms"), "clipboard-list", Verb.FORMS_SEE),
    ("customers:checkout", _("Checkout check"), "clipboard-check", Verb.CUSTOMER_EDIT),
    ("policy:clocks", _("Clocks"), "clock", None),
    ("customers:tips", _("Tips"), "message", None),
    ("journal:notices", _("Notices"), "speakerphone", None),
    ("policy:handbook", _("Handbook"), "section-sign", None),
    ("staff:people", _("People"), "people", Verb.PEOPLE_MANAGE),
    ("staff:branches", _("Units"), "branches", Verb.BRANCH_MANAGE),
    ("customers:codes", _("Code tables"), "codes", Verb.CODES_MANAGE),
    ("customers:standard", _("Filing standard"), "file-text", Verb.STANDARD_MANAGE),
    ("policy:rules", _("Parameters"), "adjustments", Verb.RULES_MANAGE),
    ("policy:calendar", _("Calendar"), "calendar", Verb.CALENDAR_MANAGE),
    ("journal:outbox", _("Outbox"), "mail", Verb.OUTBOX_MANAGE),
    ("journal:access_log", _("Access log"), "history", Verb.ACCESS_LOG_VIEW),
]


def navigation(request):
    """The destinations of the person's positions; the one that the page belongs to is marked."""
    mine = [(reverse(name), *rest) for name, *rest, verb in DESTINATIONS if verb is None or request.user.can(verb)]
    here = [url for url, *_rest in mine if request.path == url or (url != "/" and request.path.startswith(url))]
    deepest = max(here, key=len, default=None)
    counts = waiting_in_menu(request.user)
    return [Destination(label, url, icon, url == deepest, counts.get(url, "")) for url, label, icon in mine]


def frame(request):
    """Context of every page."""
    context = {"company_name": SimpleLazyObject(_company_name)}
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or getattr(request, "htmx", False):
        return context
    return context | {
        "navigation": navigation(request),
        "acting_positions": [str(position) for position in person.current_positions],
        "can_search": person.can(Verb.CUSTOMER_VIEW),
        "can_register": person.can(Verb.CUSTOMER_REGISTER),
        "background_waits": background_waits(),
    }


def _company_name():
    return Company.objects.values_list("name", flat=True).first() or ""
