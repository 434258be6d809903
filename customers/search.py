"""Finding customers by what people remember: part of the name or of a contact's, pinyin, initials, the end of a phone,
a credit code, the customer number as #17."""

import re

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from staff import searches
from staff.paging import COUNTED, array, capped_count, one_of

from .models import Customer
from .values.text import clean

SHORTEST = 2  # characters; one would find half the book
LANDLINE = 10  # digits of the shortest landline with its area code and leading zero
SHORTEST_TAIL = 3  # digits of the end of a phone
SAMPLE, COMMON = 1000, 40  # so many hits among so many rows make a text a common one
MOST = 4000  # hits of one way that are collected; of more a page is soon full when the list is read in its own order
_LATIN = re.compile(r"[a-z' ]+")
_NUMBERLIKE = re.compile(r"[0-9A-Z]+")
_CUSTOMER_NUMBER = re.compile(r"#([0-9]{1,18})")

# Conditions on the rows that are searched, each with an index of its own. In SQL: the ORM takes longer to build them
# than the database to answer.
SOUND_COLUMNS = ("initials", "core_initials", "name_pinyin", "core_pinyin")  # with or without the place name in front
SOUNDS = f"({' OR '.join(f'{column} LIKE %(start)s' for column in SOUND_COLUMNS)})"
READS = "strpos(lower(name), %(text)s) > 0"
NAMED = f"grams(name) @> %(grams)s AND {READS}"
OWN_FIELD = """NOT custom = '{}' AND grams(customers_own_text(custom)) @> %(grams)s
    AND strpos(lower(customers_own_text(custom)), %(text)s) > 0"""
CONTACT = """id = ANY(ARRAY(
    SELECT customer_id FROM customers_contact
    WHERE valid_until IS NULL AND grams(name) @> %(grams)s AND strpos(lower(name), %(text)s) > 0))"""
CODE = """id = ANY(ARRAY(
    SELECT customer_id FROM customers_matchkey WHERE kind = 'credit_code' AND value LIKE %(code)s))"""
PHONE = """id = ANY(ARRAY(
    SELECT customer_id FROM customers_matchkey WHERE kind = 'phone' AND reverse(value) LIKE %(ending)s))"""

COLUMNS = ("id", "name", *SOUND_COLUMNS, "custom")
HITS = "(SELECT id FROM ({rows}) mine WHERE {way} LIMIT {most})"
FIND = """
WITH found AS MATERIALIZED (
    SELECT is_common, ARRAY({near}) AS near, ARRAY({others}) AS others FROM (
        SELECT count(*) FILTER (WHERE {reads}) >= {common} AS is_common
        FROM (SELECT * FROM ({rows}) mine ORDER BY id DESC LIMIT {sample}) newest
    ) sample
)
SELECT is_common, cardinality(near) < {most}, cardinality(others) < {most}, others::text, either::text,
    CASE WHEN is_common THEN {count} ELSE cardinality(either) END
FROM found, LATERAL (SELECT ARRAY(SELECT DISTINCT unnest(near || others)) AS either OFFSET 0) both_ways
"""
COUNT = "(SELECT count(*) FROM (SELECT FROM ({rows}) mine WHERE {reads} OR id = ANY(others) LIMIT {capped}) listed)"


def matching(queryset, text):
    """Rows of a customer queryset that the text may mean; none for a text that is too short."""
    return found(queryset, text, counted=False)[0]


def found(queryset, text, *, counted=True):
    """(the rows that match, how many they are up to COUNTED + 1).

    Indexes find the few. Of a word that is in every third name, such as 北京, they would collect all before the first
    is shown; whoever reads the rows in their order soon has a page full. No statistics tell the two apart, so the
    newest rows do.
    """
    text = clean(text).lower()
    if len(text) < SHORTEST:
        return queryset.none(), 0
    if number := _CUSTOMER_NUMBER.fullmatch(text):
        rows = queryset.filter(pk=int(number[1]))
        return rows, capped_count(rows) if counted else None
    try:
        rows = _composed(*queryset.order_by().values_list(*COLUMNS).query.sql_with_params())
    except EmptyResultSet:
        return queryset.none(), 0
    values = {"text": text, "grams": sorted({text[at : at + 2] for at in range(len(text) - 1)})}
    compact, letters = re.sub(r"[\s+()（）-]", "", text).upper(), re.sub(r"[' ]", "", text)
    reads = READS if text != text.upper() else "strpos(name, %(text)s) > 0"
    in_order, near, others = Customer.name_reads(text), [NAMED], [OWN_FIELD, CONTACT]
    if _LATIN.fullmatch(text) and len(letters) >= SHORTEST:
        reads, in_order, near = f"{SOUNDS} OR {READS}", _sounds(letters) | in_order, [SOUNDS, NAMED]
        values["start"] = f"{letters}%"
    elif _NUMBERLIKE.fullmatch(compact) and len(compact) >= SHORTEST and any(map(str.isdigit, compact)):
        reads, in_order, near, others = "FALSE", Q(pk__in=[]), [], [NAMED, OWN_FIELD, *_numbered(compact, values)]

    def hits(ways, most=MOST):
        return " UNION ALL ".join(HITS.format(rows=rows, way=way, most=most) for way in ways)

    near = hits(f"({way}) AND NOT is_common" for way in near) or "SELECT NULL::bigint WHERE FALSE"
    with connection.cursor() as cursor:
        count = COUNT.format(rows=rows, reads=reads, capped=COUNTED + 1) if counted else "NULL"
        question = FIND.format(
            rows=rows, reads=reads, near=near, others=hits(others), count=count,
            common=COMMON, sample=SAMPLE, most=MOST,
        )  # fmt: skip
        cursor.execute(question, values)
        is_common, all_near, all_others, other_ids, ids, number = cursor.fetchone()
    if all_near and all_others and not is_common:
        return queryset.filter(one_of(array(ids))), min(number, COUNTED + 1)
    rest = array(other_ids)
    if not all_others:
        rest = RawSQL(f"ARRAY({_composed(hits(others, most='ALL'), values)})", ())  # noqa: S611 - composed
    matching_rows = queryset.filter(in_order | Q(one_of(rest)))
    if is_common and counted and number <= COUNTED:  # of a few rows altogether: looked up before they are put in order
        return queryset.filter(one_of(matching_rows.order_by().values("pk"))), number
    return matching_rows, number and min(number, COUNTED + 1)


def _composed(sql, values):
    """A statement with its values in it, to be a part of others."""
    return connection.ops.compose_sql(sql, values).replace("%", "%%")


def _numbered(compact, values):
    """Ways by a credit code that begins with the characters, and by a phone that ends with the digits."""
    values["code"] = f"{compact}%"
    if not compact.isdigit():
        values["start"] = f"{compact.lower()}%"
        return [CODE, SOUNDS]
    if len(compact) < SHORTEST_TAIL:
        return [CODE]
    ending = compact.removeprefix("00") if len(compact) > LANDLINE else compact
    # 010-6552 1234 is stored as +86 10 6552 1234.
    ending = ending.removeprefix("0") if len(ending) >= LANDLINE else ending
    values["ending"] = f"{ending[::-1]}%"
    return [CODE, PHONE]


def _sounds(letters):
    """SOUNDS for the ORM."""
    return Q(*((f"{column}__startswith", letters) for column in SOUND_COLUMNS), _connector=Q.OR)


def keep(person, text):
    """The opaque id that stands for a search text in addresses."""
    return searches.keep(person, clean(text)[:100])


def kept(person, key):
    """The text behind an id; None when it has expired or is somebody else's."""
    return searches.kept(person, key)
