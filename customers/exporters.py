"""The customer list as a file. Source: GEN-03, SEC-06, TIER-04."""

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journal.exports import Exporter, in_words, register
from staff.paging import row_id
from staff.verbs import Verb

from . import columns, own_fields, search
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

register(CUSTOMERS)
