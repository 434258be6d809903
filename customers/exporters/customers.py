"""The list of customers and the proposed changes as files. Source: GEN-03, SEC-06, TIER-04, REC-08."""

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers import columns, own_fields, proposal_cards, search
from customers.filters import chosen_filters, filters_for
from customers.forms.reasons import ShownProposals
from customers.models import Customer
from customers.views.listing import ORDERS
from customers.views.proposals import rows_of as proposal_rows
from customers.views_of_list import Looks
from journal.exports import Column, Exporter, choices_of, in_words
from staff.paging import row_id
from staff.verbs import Verb


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


def _proposal_rows(person, choices):
    rows, order = proposal_rows(person, ShownProposals(choices, person=person).shown)
    return rows.for_cards().order_by(*order.by())


def _describe_changes(person, rows):
    said = proposal_cards.in_words(rows)
    for row in rows:
        row.changes = "; ".join(said[row.pk])


PROPOSALS = Exporter(
    "proposed-changes", _("Proposed changes"), "customers:proposals",
    (
        Column("customer", _("Customer"), lambda row: row.customer.name, 36),
        Column("unit", _("Unit"), lambda row: row.customer.branch.name, 18),
        Column("changes", _("What changes"), lambda row: row.changes, 60),
        Column("why", _("Why"), lambda row: row.why, 36),
        Column("by", _("Proposed by"), lambda row: row.by.name),
        Column("at", _("Proposed at"), lambda row: row.at, 18),
        Column("state", _("State"), lambda row: row.get_state_display()),
        Column("decided_by", _("Decided by"), lambda row: row.decided_by and row.decided_by.name),
        Column("decided_at", _("Decided at"), lambda row: row.decided_at, 18),
        Column("answer", _("Answer"), lambda row: row.word, 36),
    ),
    keep=choices_of(ShownProposals), rows=_proposal_rows, prepare=_describe_changes,
    words=lambda person, choices: [(gettext("Which proposals"), ShownProposals(choices, person=person).said)],
    verbs=(Verb.CUSTOMER_VIEW,),
)  # fmt: skip
