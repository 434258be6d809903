"""Finding customers by what people remember: part of the name or of a contact's, pinyin, initials, the end of a phone,
a credit code, the customer number as #17."""

import re

from django.db.models import Q

from staff import searches

from . import own_fields
from .models import Contact, Customer, MatchKey
from .values.text import clean

SHORTEST = 2  # characters; one would find half the book
LANDLINE = 10  # digits of the shortest landline with its area code and leading zero
SHORTEST_TAIL = 3  # digits of the end of a phone
NAMESAKES = 1000  # contacts of one name; who has more in view writes more of the name
_LATIN = re.compile(r"[a-z' ]+")
_NUMBERLIKE = re.compile(r"[0-9A-Z]+")
_CUSTOMER_NUMBER = re.compile(r"#([0-9]{1,18})")


def matching(queryset, text):
    """Rows of a customer queryset that the text may mean; none for a text that is too short."""
    text = clean(text).lower()
    if len(text) < SHORTEST:
        return queryset.none()
    if number := _CUSTOMER_NUMBER.fullmatch(text):
        return queryset.filter(pk=int(number[1]))
    if _LATIN.fullmatch(text):
        return queryset.filter(_sounds(re.sub(r"[' ]", "", text)) | _written(text) | _has_contact(queryset, text))
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
        found = found.union(Customer.objects.filter(_written(text)).values("pk"))
        return queryset.filter(pk__in=found)
    return queryset.filter(_written(text) | _has_contact(queryset, text))


def _written(text):
    """Condition: the name or one of the company's own fields contains the text."""
    return Customer.name_has(text) | own_fields.has(text)


def _has_contact(queryset, text):
    """Condition: a current contact's name contains the text. Ids, not a subquery: each side of an OR then has its index
    and a list that is read from its end can still stop after one page."""
    found = Contact.objects.called(text).filter(customer__in=queryset)
    return Q(pk__in=list(found.order_by("-customer").values_list("customer", flat=True)[:NAMESAKES]))


def _sounds(letters):
    """Condition: pinyin or initials begin with the letters, with or without the place name in front."""
    starts = Q()
    for column in ("initials", "core_initials", "name_pinyin", "core_pinyin"):
        starts |= Q(**{f"{column}__startswith": letters})
    return starts


def keep(person, text):
    """The opaque id that stands for a search text in addresses."""
    return searches.keep(person, clean(text)[:100])


def kept(person, key):
    """The text behind an id; None when it has expired or is somebody else's."""
    return searches.kept(person, key)
