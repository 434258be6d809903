"""Finding customers by what people remember: part of the name or of a contact's, pinyin, initials, the end of a phone,
a credit code, the customer number as #17."""

import re

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from staff import searches
from staff.paging import one_of

from . import own_fields
from .models import Contact, Customer, MatchKey
from .values.text import clean

SHORTEST = 2  # characters; one would find half the book
LANDLINE = 10  # digits of the shortest landline with its area code and leading zero
SHORTEST_TAIL = 3  # digits of the end of a phone
SAMPLE, COMMON = 1000, 20  # so many hits among so many rows make a text a common one
FEW = 500  # ids that a statement may carry
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
    compact, letters = re.sub(r"[\s+()（）-]", "", text).upper(), re.sub(r"[' ]", "", text)
    if _LATIN.fullmatch(text) and len(letters) >= SHORTEST:
        near = _sounds(letters) | Customer.name_reads(text)
        ways = [Customer.objects.filter(_sounds(letters)), *_written(text)]
    elif _NUMBERLIKE.fullmatch(compact) and len(compact) >= SHORTEST and any(map(str.isdigit, compact)):
        return queryset.filter(_among([*_numbered(compact), *_written(text)[:2]]))
    else:
        near, ways = Customer.name_reads(text), _written(text)
    if _is_common(queryset, near):
        return queryset.filter(near | _among(_written(text)[1:]))
    return queryset.filter(_among(ways))


def _is_common(queryset, near):
    """Whether so many rows match that whoever reads them in their order soon has a page full.

    Indexes find the few; of a word that is in every third name, such as 北京, they would collect all before the first
    is shown. No statistics tell the two apart, so the newest rows do.
    """
    newest = queryset.order_by("-pk").annotate(near=ExpressionWrapper(near, BooleanField()))[:SAMPLE]
    return newest.aggregate(hits=Count("pk", filter=Q(near=True)))["hits"] >= COMMON


def _among(ways):
    """Condition: one of the querysets of customers has the row. Each uses its own index, before the scope does.

    Few ids are looked up here and now, once for the list and its number; of many the database makes an array itself.
    """
    first, *others = (way.order_by() if way.model is not Customer else way.order_by().values_list("pk") for way in ways)
    found = first.union(*others, all=True)
    ids = {pk for (pk,) in found[: FEW + 1]}
    return Q(pk__in=ids) if len(ids) <= FEW else Q(one_of(found))


def _written(text):
    """Customers whose name contains the text, whose own fields do, of which a contact's name does."""
    return [
        Customer.objects.named_like(text),
        Customer.objects.filter(own_fields.has(text)),
        Contact.objects.called(text).values_list("customer_id"),
    ]


def _numbered(compact):
    """Customers of which a credit code begins with the characters, or a phone ends with the digits."""
    codes = MatchKey.objects.filter(kind=MatchKey.Kind.CREDIT_CODE, value__startswith=compact)
    ways = [codes.values_list("customer_id")]
    if not compact.isdigit():
        ways.append(Customer.objects.filter(_sounds(compact.lower())))
    elif len(compact) >= SHORTEST_TAIL:
        ending = compact.removeprefix("00") if len(compact) > LANDLINE else compact
        # 010-6552 1234 is stored as +86 10 6552 1234.
        ending = ending.removeprefix("0") if len(ending) >= LANDLINE else ending
        ways.append(MatchKey.objects.phone_ending(ending).values_list("customer_id"))
    return ways


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
