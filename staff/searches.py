"""What somebody types to find a person or a company stays on our side; addresses carry an opaque id for it.

An address ends up in logs, in histories and over other people's shoulders, and the text is a name or a phone number.
Source: SEC-06.
"""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.shortcuts import redirect

FIELD = "q"  # of every form of choices that has a text to search for, and in its list's address
LONGEST = 100  # characters
KEPT_FOR = 12 * 3600  # seconds: a working day, so that Back works


def keep(person, text):
    """Put a text away and return the id that stands for it; only the same person gets it back."""
    secret = f"{settings.SECRET_KEY}:search".encode()
    key = hmac.new(secret, f"{person.pk}:{text}".encode(), hashlib.sha256).hexdigest()[:20]
    cache.set(f"search:{person.pk}:{key}", text, timeout=KEPT_FOR)
    return key


def kept(person, key):
    """The text behind an id; None when it has expired or is somebody else's."""
    return cache.get(f"search:{person.pk}:{key}") if key else None


def opened(person, query):
    """The choices of a list's address with the text in place of its id, and without it once it has expired."""
    query = query.copy()
    if FIELD in query:
        query[FIELD] = kept(person, query[FIELD]) or ""
    return query


def has_expired(query, opened_query):
    return bool(query.get(FIELD)) and not opened_query[FIELD]


def to_list(request, form_class):
    """Answer to a posted form of choices: its list, in whose address the id stands."""
    chosen = QueryDict(mutable=True)
    for name in form_class.base_fields:
        if value := request.POST.get(name, "").strip()[:LONGEST]:
            chosen[name] = keep(request.user, value) if name == FIELD else value
    return redirect(f"{request.path}?{chosen.urlencode()}".rstrip("?"))
