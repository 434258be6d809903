"""Where a person is signed in: each act is atomic, whatever it ends is gone from the database and the cache.

Floors above give the limits, which are parameters. Source: SEC-02.
"""

from importlib import import_module

from django.conf import settings
from django.db import transaction

from .models import EndReason, Person, SignedInSession


@transaction.atomic
def begin(person, *, session_key, at, limit, idle_limit, lasts, address=None, browser=""):
    """Note that a person has signed in; beyond `limit` sessions the oldest end. Returns the new row.

    `idle_limit` and `lasts` are timedeltas. Two sign-ins at the same moment wait for each other: the later one stays.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    row = SignedInSession.objects.create(
        person_id=person.pk, session_key=session_key, started_at=at, last_seen_at=at, idle_limit=idle_limit,
        ends_at=at + lasts, address=address, browser=browser[:60],
    )  # fmt: skip
    # By the order in which they were written: clocks of two processes may differ.
    kept = SignedInSession.objects.filter(person=person).live(at).order_by("-pk")[:limit]
    others = SignedInSession.objects.filter(person=person).live(at).exclude(pk__in=[session.pk for session in kept])
    end(others, because=EndReason.ELSEWHERE, at=at, address=address)
    return row


@transaction.atomic
def end(sessions, *, because, at, address=None):
    """End sessions, a queryset; those that have ended stay as they are. Returns how many ended."""
    ending = list(sessions.filter(ended_at=None).select_for_update().values_list("pk", "session_key"))
    if not ending:
        return 0
    SignedInSession.objects.filter(pk__in=[pk for pk, _key in ending]).update(
        ended_at=at, ended_because=because, ended_from=address
    )
    # The row already shuts the door; a cache that is down must not keep somebody from signing in.
    transaction.on_commit(lambda: forget([key for _pk, key in ending]), robust=True)
    return len(ending)


def end_all(person, *, because, at, address=None, besides=""):
    """End all sessions of a person but the one of the key `besides`. Returns how many ended."""
    mine = SignedInSession.objects.filter(person=person)
    return end(mine.exclude(session_key=besides), because=because, at=at, address=address)


def forget(keys):
    """Take what a session held out of the database and the cache."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in keys:
        store.delete(key)
