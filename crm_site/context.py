"""What the frame of every page shows: who is signed in, in which position, and where that position can go."""

from dataclasses import dataclass

from django.core.cache import cache
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm_site import waits
from crm_site.readiness import HEARTBEAT, background_waits
from staff.models import Company
from staff.verbs import Verb

COMPANY, COMPANY_KEPT = "company_name", 60  # seconds


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
    ("customers:desk", _("Front desk"), "building-store", Verb.DESK_SERVE),
    ("customers:forms", _("Today's forms"), "clipboard-list", Verb.FORMS_SEE),
    ("customers:checkout", _("Checkout check"), "clipboard-check", Verb.CUSTOMER_EDIT),
    ("customers:campaigns", _("Campaigns and fairs"), "flag", Verb.CAMPAIGN_VIEW),
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


def navigation(request, counts):
    """The destinations of the person's positions; the one that the page belongs to is marked."""
    mine = [(reverse(name), *rest) for name, *rest, verb in DESTINATIONS if verb is None or request.user.can(verb)]
    here = [url for url, *_rest in mine if request.path == url or (url != "/" and request.path.startswith(url))]
    deepest = max(here, key=len, default=None)
    return [Destination(label, url, icon, url == deepest, counts.get(url, "")) for url, label, icon in mine]


def frame(request):
    """Context of every page. What the frame needs of the cache comes in one answer."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or getattr(request, "htmx", False):
        return {"company_name": SimpleLazyObject(_company_name)}
    kept = cache.get_many([HEARTBEAT, COMPANY, waits.key(person)])
    counts = kept.get(waits.key(person)) or waits.count_anew(person)
    context = {
        "company_name": kept.get(COMPANY) or _company_name(),
        "navigation": navigation(request, counts["menu"]),
        "acting_positions": [str(position) for position in person.current_positions],
        "can_search": person.can(Verb.CUSTOMER_VIEW),
        "can_register": person.can(Verb.CUSTOMER_REGISTER),
        "background_waits": background_waits(kept.get(HEARTBEAT)),
        "bell_counted": counts["bell"],
        "clocks_counted": counts["clocks"],
    }
    return context | {"frame_key": _frame_key(request, context)}


def _frame_key(request, context):
    """By what the kept pieces of the frame differ; equal keys, equal pieces."""
    return (
        get_language(),
        request.COOKIES.get("theme"),
        request.COOKIES.get("rail"),
        request.user.pk,
        request.user.name,
        context["company_name"],
        tuple((item.url, item.current, item.count) for item in context["navigation"]),
        tuple(context["acting_positions"]),
        context["can_search"],
    )


def _company_name():
    name = Company.objects.values_list("name", flat=True).first() or ""
    cache.set(COMPANY, name, COMPANY_KEPT)
    return name
