"""Finding customers by what people remember: part of the name, pinyin, initials, the end of a phone, a credit code."""

import hashlib
import hmac
import re

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from . import own_fields
from .models import Customer, MatchKey
from .values.text import clean

SHORTEST = 2  # characters; one would find half the book
LANDLINE = 10  # digits of the shortest landline with its area code and leading zero
SHORTEST_TAIL = 3  # digits of the end of a phone
KEPT_FOR = 12 * 3600  # seconds: a working day, so that Back works
_LATIN = re.compile(r"[a-z' ]+")
_NUMBERLIKE = re.compile(r"[0-9A-Z]+")


def matching(queryset, text):
    """Rows of a customer queryset that the text may mean; none for a text that is too short."""
    text = clean(text).lower()
    if len(text) < SHORTEST:
        return queryset.none()
    if _LATIN.fullmatch(text):
        return queryset.filter(_sounds(re.sub(r"[' ]", "", text)) | Customer.name_has(text))
    compact = re.sub(r"[\s+()（）-]", "", text).upper()
    if _NUMBERLIKE.fullmatch(compact) and any(map(str.isdigit, compact)):
        codes = MatchKey.objects.filter(kind=MatchKey.Kind.CREDIT_CODE, value__startswith=compact)
        found = codes.values("customer_id")
        if not compact.isdigit():
            found = found.union(Customer.objects.filter(_sounds(compact.lower())).values("pk"))
        elif len(compact) >= SHORTEST_TAIL:
            ending = compact.removeprefix("00") if len(compact) > LANDLINE else compact
            # 010-6552 1234 is stored as +86 10 6552 1234.
            ending = ending.removeprefix("0") if len(ending) >= LANDLINE else ending
            found = found.union(MatchKey.objects.phone_ending(ending).values("customer_id"))
        found = found.union(Customer.objects.filter(Customer.name_has(text)).values("pk"))
        return queryset.filter(pk__in=found)
    return queryset.filter(Customer.name_has(text) | own_fields.has(text))


def _sounds(letters):
    """Condition: pinyin or initials begin with the letters, with or without the place name in front."""
    starts = Q()
    for column in ("initials", "core_initials", "name_pinyin", "core_pinyin"):
        starts |= Q(**{f"{column}__startswith": letters})
    return starts


def keep(person, text):
    """Put a search text away and return the opaque id that stands for it in URLs. It may be a name or a phone number,
    so it must not stand there itself; only the same person gets it back."""
    text = clean(text)[:100]
    secret = f"{settings.SECRET_KEY}:search".encode()
    key = hmac.new(secret, f"{person.pk}:{text}".encode(), hashlib.sha256).hexdigest()[:20]
    cache.set(f"search:{person.pk}:{key}", text, timeout=KEPT_FOR)
    return key


def kept(person, key):
    """The text behind an id; None when it has expired or is somebody else's."""
    return cache.get(f"search:{person.pk}:{key}") if key else None
