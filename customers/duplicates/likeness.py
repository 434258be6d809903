"""Names that may be alike, found by pieces. Source: REC-18.

Names alone make a suspect only within one unit (`values.keys.compare`), so only the draft's unit is looked through.
"""

from collections import Counter
from itertools import combinations
from time import monotonic

from customers.models import Customer

ENOUGH = 20  # candidates looked at per way of finding them; a card shows five
SHORT = 4  # characters; below, a name is compared as a piece of longer names
RAREST = 4  # pieces of a name; one character that differs leaves at least two of four
SAMPLE, COMMON = 3000, 60  # a piece that so many of the newest names have tells no two customers apart
KEPT = 3600  # seconds
# Asked at every pause while a name is typed, so nothing is built anew by the ORM.
SAME = """
SELECT key.customer_id FROM customers_matchkey key JOIN customers_customer c ON c.id = key.customer_id
WHERE c.branch_id = %s AND (
    key.kind = 'name' AND key.value = ANY(%s) OR key.kind = 'pinyin' AND key.value = NULLIF(%s, '')
)
ORDER BY key.customer_id DESC LIMIT %s
"""
READ_ON = """
SELECT id FROM customers_customer WHERE branch_id = %s AND strpos(lower(name), %s) > 0 ORDER BY id DESC LIMIT %s
"""
WITHIN = """
SELECT id FROM customers_customer WHERE branch_id = %s AND grams(name) @> %s AND strpos(lower(name), %s) > 0 LIMIT %s
"""
NEAR = """
SELECT id FROM customers_customer WHERE branch_id = %s AND ({}) ORDER BY similarity(name_core, %s) DESC LIMIT %s
"""
_kept = [0, Counter()]


def names_like(core, sound, branch_id):
    """Questions for ids of customers of a unit whose names' cores may be like this one: contained in it, containing it,
    or near; or whose pinyin is this one, if there is any. As (SQL, values)."""
    if len(core) < 2:
        return []
    pieces = [core[start:end] for start in range(len(core)) for end in range(start + 2, len(core) + 1)][:200]
    same = SAME, [branch_id, pieces, sound, ENOUGH]
    how_often = _how_often()
    grams = sorted({core[at : at + 2] for at in range(len(core) - 1)}, key=lambda gram: (how_often[gram], gram))
    if how_often[grams[0]] >= COMMON:  # only words that are everywhere: read on
        near = READ_ON, [branch_id, core, ENOUGH]
    elif len(core) <= SHORT or len(grams) < 2:  # of one pair of characters, as in 啊啊啊啊啊, no two can be asked for
        near = WITHIN, [branch_id, grams, core, ENOUGH]
    else:
        pairs = [pair for pair in combinations(grams[:RAREST], 2) if min(how_often[gram] for gram in pair) < COMMON]
        any_pair = " OR ".join(["grams(name) @> ARRAY[%s, %s]"] * len(pairs))
        near = NEAR.format(any_pair), [branch_id, *(gram for pair in pairs for gram in pair), core, ENOUGH]
    return [same, near]


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
