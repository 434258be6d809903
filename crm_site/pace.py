"""Who has customer records shown faster than anybody reads is stopped, and the manager hears of it. Source: SEC-06.

A view says how many records it shows: `request.records_shown += len(rows)`; the others cost nothing. One bucket a
person and minute; while Valkey is away nobody is stopped, because that would keep the company from its customers.
"""

from django.core.cache import cache
from django.shortcuts import render
from django.utils import timezone

from customers.notifications import SCRAPING
from customers.rules import RECORDS_A_MINUTE
from journal.actions import notify
from staff.superiors import superiors

MINUTE = 60  # seconds


def records_pace(get_response):
    """Counts what an answer shows; an answer that begins beyond the limit is not given."""

    def middleware(request):
        request.records_shown = 0
        response = get_response(request)
        if not request.records_shown or not request.user.is_authenticated:
            return response
        now = timezone.now()
        shown = cache.count(counter(request.user, now), request.records_shown, 2 * MINUTE)
        before = shown - request.records_shown
        # Who is below the least limit there can be does not ask for the limit in force.
        if before < RECORDS_A_MINUTE.minimum or before < (limit := RECORDS_A_MINUTE.value(on=timezone.localdate(now))):
            return response
        _tell(request.user, limit, now)
        return _refused(request, now)

    return middleware


def counter(person, now):
    """The key under which Valkey counts the records of this minute."""
    return f"shown:{person.pk}:{int(now.timestamp()) // MINUTE}"


def _tell(person, limit, now):
    """Once a day, however long the person goes on."""
    today = timezone.localdate(now)
    if cache.add(f"shown-told:{person.pk}:{today}", 1, 24 * 3600):
        notify(
            kind=SCRAPING, recipients=superiors(person, on=today), at=now, dedupe=f"scraping:{person.pk}:{today}",
            params={"name": person.name, "number": limit, "stopped_at": now.isoformat()},
        )  # fmt: skip


def _refused(request, now):
    wait = MINUTE - int(now.timestamp()) % MINUTE
    response = render(request, "429.html", {"seconds": wait}, status=429)
    response["Retry-After"] = str(wait)
    return response
