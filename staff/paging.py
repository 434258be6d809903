"""Keyset paging: any page costs what the first one costs, and no page counts the table."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL

SIZE = 50
COUNTED = 1000  # a list says exactly how many up to here, then "1,000+"


@dataclass(frozen=True)
class Page:
    """Rows of one page; `after` and `before` are the row ids by which the next and previous page are asked for."""

    rows: list
    after: int | None
    before: int | None


@dataclass(frozen=True)
class Order:
    """One sort column and a direction; the primary key decides among equals."""

    column: str
    descending: bool = False

    def by(self, backwards=False):
        down = self.descending != backwards
        return [F(name).desc() if down else F(name).asc() for name in dict.fromkeys((self.column, "pk"))]

    def beyond(self, row, backwards=False):
        """Condition: rows that come after the given one in this order (before it, when read backwards)."""
        past = "lt" if self.descending != backwards else "gt"
        if self.column == "pk":
            return Q(**{f"pk__{past}": row.pk})
        value = getattr(row, self.column)
        # The first condition is implied by the second; it lets the index start at the right place.
        at_or_past = Q(**{f"{self.column}__{past}e": value})
        return at_or_past & (Q(**{f"{self.column}__{past}": value}) | Q(**{f"pk__{past}": row.pk}))


def page(queryset, order, *, within=None, after=None, before=None, size=SIZE, read=list):
    """One page of a queryset whose order column is never null. An unknown id means the first page. `read` makes the
    rows, with at least `pk`, of a queryset.

    The id stands in the URL, its sort value does not: that may be somebody's name. `within` are all rows the reader
    may see, before filters (if not given, the rows themselves): an id of any other row is unknown, or its place would
    tell its sort value.
    """
    backwards = before is not None
    anchor_id = before if backwards else after
    anchor = _place(queryset if within is None else within, order, anchor_id) if anchor_id else None
    if anchor is None:
        backwards = False
    else:
        queryset = queryset.filter(order.beyond(anchor, backwards))
    rows = read(queryset.order_by(*order.by(backwards))[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, anchor is not None)
    return Page(rows, rows[-1].pk if rows and has_next else None, rows[0].pk if rows and has_previous else None)


def _place(queryset, order, pk):
    """What of a row says where it stands in an order; None where there is no such row."""
    columns = dict.fromkeys((order.column, "pk"))
    return queryset.filter(pk=pk).order_by().values_list(*columns, named=True).first()


def capped_count(queryset):
    """How many rows, exactly up to COUNTED; COUNTED + 1 means more."""
    return counted_together([queryset])[0]


def looked_up(queryset):
    """(the same rows, how many as `capped_count` says). Few are looked up before they are put in order.

    Of few rows the planner may think that it meets them soon enough in their order, and then reads the whole table.
    """
    try:
        statement, values = queryset.order_by().values("pk")[: COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return queryset, 0
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(
            f"SELECT cardinality(ids), ids::text FROM (SELECT ARRAY({statement}) AS ids OFFSET 0) found",  # noqa: S608
            values,
        )
        number, ids = cursor.fetchone()
    return queryset if number > COUNTED else queryset.filter(one_of(array(ids))), number


def array(ids):
    """Ids as the database writes an array of them, for `one_of`: thousands of numbers take longer to read than to
    find, so they stay text."""
    return RawSQL("%s::bigint[]", (ids,))


def one_of(ids):
    """Condition: the row's id is among those of a queryset, which are all looked up first, or of an array in SQL."""
    if isinstance(ids, QuerySet):
        ids = ArraySubquery(ids)
    return Func(F("pk"), ids, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def counted_together(querysets, most=COUNTED):
    """How many rows each of the querysets has, exactly up to `most`, in one query; `most` + 1 means more."""
    numbers, counts, parameters = [0] * len(querysets), {}, []
    for place, queryset in enumerate(querysets):
        try:
            statement, values = queryset.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        counts[place] = f"(SELECT count(*) FROM ({statement}) AS counted)"  # noqa: S608 - made by Django
        parameters += values
    if counts:
        with connections[querysets[0].db].cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts.values())}", parameters)
            for place, number in zip(counts, cursor.fetchone(), strict=True):
                numbers[place] = number
    return numbers


def asked(request):
    """Arguments of `page` from the address: by which row the next or previous page was asked for."""
    return {name: row_id(request.GET.get(name, "")) for name in ("after", "before")}


def row_id(text):
    """The id of a row that a request names; None for anything that is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def links(request, found):
    """Addresses of the neighbouring pages with the same choices, as the pager's template wants them."""
    return {"next_url": _address(request, after=found.after), "previous_url": _address(request, before=found.before)}


def _address(request, **place):
    if not any(place.values()):
        return ""
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(place)
    return f"?{query.urlencode()}"
