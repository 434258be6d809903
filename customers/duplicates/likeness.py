"""Names that may be alike, found by pieces. Source: REC-18.

Names alone make a suspect only within one unit (`values.keys.compare`), so only the draft's unit is looked through.
"""

from collections import Counter
from itertools import combinations
from time import monotonic

from django.contrib.postgres.fields.array import ArrayContains
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from customers.models import Customer, MatchKey
from customers.models.customer import Grams

ENOUGH = 20  # candidates looked at per way of finding them; a card shows five
SHORT = 4  # characters; below, a name is compared as a piece of longer names
RAREST = 4  # pieces of a name; one character that differs leaves at least two of four
SAMPLE, COMMON = 3000, 60  # a piece that so many of the newest names have tells no two customers apart
KEPT = 3600  # seconds
_kept = [0, Counter()]


def names_like(core, sound, branch_id):
    """Ids of customers of a unit whose names' cores may be like this one: contained in it, containing it, or near; or
    whose pinyin is this one, if there is any."""
    if len(core) < 2:
        return set()
    unit = Customer.objects.filter(branch=branch_id)
    pieces = [core[start:end] for start in range(len(core)) for end in range(start + 2, len(core) + 1)][:200]
    contained = Q(kind=MatchKey.Kind.NAME, value__in=pieces)
    heard = Q(kind=MatchKey.Kind.PINYIN, value=sound) if sound else Q(pk__in=[])
    same = MatchKey.objects.filter(contained | heard, customer__branch=branch_id).order_by("-customer")
    found = set(same.values_list("customer_id", flat=True)[:ENOUGH])
    how_often = _how_often()
    grams = sorted({core[at : at + 2] for at in range(len(core) - 1)}, key=lambda gram: (how_often[gram], gram))
    if how_often[grams[0]] >= COMMON:
        near = unit.filter(Customer.name_reads(core)).order_by("-pk")  # only words that are everywhere: read on
    elif len(core) <= SHORT or len(grams) < 2:  # of one pair of characters, as in 啊啊啊啊啊, no two can be asked for
        near = unit.named_like(core).order_by()
    else:
        pairs = Q()
        for pair in combinations(grams[:RAREST], 2):
            if min(how_often[gram] for gram in pair) < COMMON:
                pairs |= Q(ArrayContains(Grams("name"), list(pair)))
        near = unit.filter(pairs).order_by(TrigramSimilarity("name_core", core).desc())
    return found | set(near.values_list("pk", flat=True)[:ENOUGH])


def _how_often():
    """How many of the newest names have each pair of characters. Looked up again every hour."""
    now = monotonic()
    if now >= _kept[0]:
        newest = Customer.objects.order_by("-pk").values_list("name_core", flat=True)[:SAMPLE]
        _kept[:] = (
            now + KEPT,
            Counter(gram for core in newest for gram in {core[at : at + 2] for at in range(len(core) - 1)}),
        )
    return _kept[1]
