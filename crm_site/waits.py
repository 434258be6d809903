"""How much waits for a person, as the frame of every page says it: bell, clocks, menu.

Kept for a moment, because every page asks. What people do themselves counts at once, what others do within KEPT; the
page Today and the lists themselves are always exact.
"""

from django.core.cache import cache

from journal.reading import unread
from policy.templatetags.clocks import running
from staff.paging import counted_together

from .figures import COUNTED_IN_MENU, counted, in_menu, waiting

REFUSED = 400  # from this status on nothing was done
KEPT = 20  # seconds; the bell by itself asks once a minute


def key(person):
    return f"waits:{person.pk}"


def count_anew(person):
    bell, *clocks = counted_together([unread(person), *running(person)], COUNTED_IN_MENU)
    counts = {"bell": bell, "clocks": clocks, "menu": in_menu(counted(waiting(person), COUNTED_IN_MENU))}
    cache.set(key(person), counts, KEPT)
    return counts


def forget_after_writing(get_response):
    """Middleware: who has just done something sees what waits now."""

    def middleware(request):
        response = get_response(request)
        asked_to_write = request.method not in ("GET", "HEAD", "OPTIONS") and not _answers_only(request)
        if asked_to_write and response.status_code < REFUSED and request.user.is_authenticated:
            cache.delete(key(request.user))
        return response

    return middleware


def _answers_only(request):
    return request.resolver_match is not None and hasattr(request.resolver_match.func, "answers_only")
