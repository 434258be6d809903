"""The lists of this floor as files. Source: GEN-03, SEC-06, TIER-04, REC-08."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journal.exports import Column, Exporter, Rows, in_words, register
from staff.paging import row_id
from staff.verbs import Verb

from . import code_tables, columns, own_fields, search
from .filters import chosen_filters, filters_for
from .models import Customer
from .views.listing import ORDERS
from .views_of_list import Looks


def _keep(person, query):
    sort = query.get("sort")
    return {
        "filters": chosen_filters(person, query, now=timezone.now()),
        "sort": sort if sort in ORDERS else next(iter(ORDERS)),
        "text": search.kept(person, query.get("q", "")) or "",
    }


def _rows(person, choices):
    found = filters_for(person, choices.get("filters", {}), now=timezone.now()).qs
    if choices.get("text"):
        found = search.matching(found, choices["text"])
    _label, order = ORDERS.get(choices.get("sort")) or next(iter(ORDERS.values()))
    return found.for_list().select_related(*columns.FILE_NEEDS).order_by(*order.by())


def _words(person, choices):
    pairs = in_words(
        filters_for(person, choices.get("filters", {}), now=timezone.now(), rows=Customer.objects.none()).form
    )
    return [*pairs, (gettext("Search"), choices["text"])] if choices.get("text") else pairs


def _suggested(person, query):
    """The columns that the list shows, and the name."""
    shown = Looks(person, row_id(query.get("view", ""))).columns
    return [columns.NAME.code, *(column.code for listed in shown for column in listed.files)]


CUSTOMERS = Exporter(
    "customers", _("Customers"), "customers:list", columns.file_columns(),
    keep=_keep, rows=_rows, words=_words, suggested=_suggested, verbs=(Verb.CUSTOMER_VIEW,),
    more_columns=own_fields.file_columns,
)  # fmt: skip


def _tables(choices):
    """The code tables of a page: one, or all of them."""
    chosen = choices.get("table")
    return {chosen: code_tables.TABLES[chosen]} if chosen in code_tables.TABLES else code_tables.TABLES


def _title(entry):
    return capfirst(entry._meta.verbose_name)


CODES = Exporter(
    "codes", _("Code tables"), "customers:codes",
    (
        Column("table", _("Table"), _title, 18),
        Column("zh", _("Chinese label"), lambda entry: entry.label_zh, 24),
        Column("en", _("English label"), lambda entry: entry.label_en, 24),
        Column("code", _("Code"), lambda entry: entry.code),
        Column("place", _("Place"), lambda entry: entry.position, 10),
        Column("offered", _("Offered"), lambda entry: not entry.retired, 10),
    ),
    keep=lambda person, query: {"table": query["table"]} if query.get("table") in code_tables.TABLES else {},
    rows=lambda person, choices: Rows(tuple(row for table in _tables(choices).values() for row in table.objects.all())),
    words=lambda person, choices: [(gettext("Table"), _title(_tables(choices)[choices["table"]]))] if choices else [],
    verbs=(Verb.CODES_MANAGE,),
)  # fmt: skip

register(CUSTOMERS, CODES)
