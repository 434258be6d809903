"""The lists of this floor as files. Source: GEN-03, SEC-06, TIER-04, REC-08."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from journal.exports import Column, Exporter, Rows, choices_of, in_words, nothing_chosen, register
from staff.paging import row_id
from staff.verbs import Verb

from . import books, code_tables, columns, completeness, own_fields, proposal_cards, search
from .filters import chosen_filters, filters_for
from .forms.campaigns import CampaignFilter, MemberFilter
from .forms.purchases import PurchaseFilter
from .forms.reasons import ShownProposals
from .forms.receipts import PeriodFilter, ReceiptFilter
from .models import Campaign, CampaignEntry, CheckoutCheck, Customer, FormReceipt, Import, Purchase
from .views.books import NEWEST_FIRST, newest_issue
from .views.books import rows_of as book_rows
from .views.campaigns import NEEDED as MEMBERS_NEED
from .views.desk import SETTLED
from .views.desk import rows_of as desk_rows
from .views.listing import ORDERS
from .views.proposals import rows_of as proposal_rows
from .views.purchases import ORDERS as PURCHASE_ORDERS
from .views.receipts import NEEDED, in_state
from .views.tips import LABELS as TIP_LABELS
from .views.tips import tabs_of
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
        Column("place", _("Place"), lambda entry: getattr(entry, "position", None), 10),
        Column("offered", _("Offered"), lambda entry: not entry.retired, 10),
    ),
    keep=lambda person, query: {"table": query["table"]} if query.get("table") in code_tables.TABLES else {},
    rows=lambda person, choices: Rows(tuple(row for table in _tables(choices).values() for row in table.objects.all())),
    words=lambda person, choices: [(gettext("Table"), _title(_tables(choices)[choices["table"]]))] if choices else [],
    verbs=(Verb.CODES_MANAGE,),
)  # fmt: skip


def _receipt_rows(person, choices):
    form = ReceiptFilter(choices, person=person)
    visible = FormReceipt.objects.visible_to(person)
    rows = in_state(form.narrow(visible, "received_at"), form.chosen["state"], timezone.now())
    return rows.select_related(*NEEDED).order_by("-received_at", "-pk")


def _name_customers_of_forms(person, rows):
    """Others may have the customer by now."""
    _name_customers(person, rows, lambda row: row.form and row.form.customer)


def _name_customers(person, rows, customer_of):
    found = {row.pk: customer_of(row) for row in rows}
    ids = [customer.pk for customer in found.values() if customer]
    seen = set(Customer.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    for row in rows:
        customer = found[row.pk]
        row.customer_name = customer.name if customer and customer.pk in seen else ""


RECEIPTS = Exporter(
    "received-forms", _("Received forms"), "customers:received",
    (
        Column("serial", _("Paper serial"), lambda row: row.serial),
        Column("received", _("Received at"), lambda row: row.received_at, 18),
        Column("by", _("Received by"), lambda row: row.received_by.name),
        Column("unit", _("Unit"), lambda row: row.branch.name, 18),
        Column("due", _("Due"), lambda row: row.clock and row.clock.due_at, 18),
        Column("entered", pgettext_lazy("figure", "Entered"), lambda row: row.form and row.form.entered_at, 18),
        Column("entered_by", _("Entered by"), lambda row: row.form and row.form.entered_by.name),
        Column("late", _("Over time since"), lambda row: row.clock and row.clock.breached_at, 18),
        Column("struck", _("Struck out because"), lambda row: row.strike_reason, 24),
        Column("customer", _("Customer"), lambda row: row.customer_name, 36),
    ),
    keep=choices_of(ReceiptFilter), rows=_receipt_rows, prepare=_name_customers_of_forms,
    words=lambda person, choices: in_words(ReceiptFilter(choices, person=person)), verbs=(Verb.FORMS_SEE,),
)  # fmt: skip


def _check_rows(person, choices):
    rows = PeriodFilter(choices, person=person).narrow(CheckoutCheck.objects.visible_to(person), "checked_at")
    return rows.select_related("customer", "branch", "checked_by").order_by("-checked_at", "-pk")


def _items(codes):
    return gettext(", ").join(str(label) for label in completeness.labels(set(codes)))


CHECKS = Exporter(
    "checks", _("Checks made"), "customers:checks",
    (
        Column("customer", _("Customer"), lambda row: row.customer_name, 36),
        Column("at", _("Checked at"), lambda row: row.checked_at, 18),
        Column("by", _("Checked by"), lambda row: row.checked_by.name),
        Column("unit", _("Unit"), lambda row: row.branch.name, 18),
        Column("filled", _("Filled"), lambda row: _items({*row.missing_before} - {*row.missing_after}), 36),
        Column("missing", _("Still missing"), lambda row: _items(row.missing_after), 36),
    ),
    keep=choices_of(PeriodFilter), rows=_check_rows,
    prepare=lambda person, rows: _name_customers(person, rows, lambda row: row.customer),
    words=lambda person, choices: in_words(PeriodFilter(choices, person=person)), verbs=(Verb.FORMS_SEE,),
)  # fmt: skip


def _tip_state(person, choices):
    return choices.get("state") if choices.get("state") in tabs_of(person) else ""


def _tip_rows(person, choices):
    rows = tabs_of(person)[_tip_state(person, choices)]
    return rows.select_related("customer", "department", "sent_by", "answered_by").order_by("-pk")


TIPS = Exporter(
    "tips", _("Tips"), "customers:tips",
    (
        Column("text", _("What"), lambda tip: tip.text, 60),
        Column("customer", _("Customer"), lambda tip: tip.customer and tip.customer.name, 36),
        Column("department", _("Department"), lambda tip: tip.department and tip.department.name),
        Column("from", pgettext_lazy("sender", "From"), lambda tip: tip.sent_by.name),
        Column("sent", _("Sent"), lambda tip: tip.sent_at, 18),
        Column("answered", _("Answered at"), lambda tip: tip.answered_at, 18),
        Column("by", _("Answered by"), lambda tip: tip.answered_by and tip.answered_by.name),
        Column("answer", _("Answer"), lambda tip: tip.answer, 48),
    ),
    keep=lambda person, query: {"state": query["state"]} if query.get("state") in TIP_LABELS else {}, rows=_tip_rows,
    words=lambda person, choices: [(gettext("Tips"), str(TIP_LABELS[_tip_state(person, choices)]))],
)  # fmt: skip


def _import_state(choices):
    state = choices.get("state")
    return {"state": state} if state in Import.State.values else {}


IMPORTS = Exporter(
    "imports", _("Imports"), "customers:imports",
    (
        Column("file", _("File"), lambda job: job.name, 36),
        Column("holds", _("What it holds"), lambda job: job.get_kind_display(), 24),
        Column("state", _("State"), lambda job: job.get_state_display()),
        Column("by", _("Uploaded by"), lambda job: job.asked_by and job.asked_by.name),
        Column("at", _("Uploaded at"), lambda job: job.asked_at, 18),
        Column("taken", _("Taken over at"), lambda job: job.committed_at, 18),
        Column("undone", _("Undone at"), lambda job: job.undone_at, 18),
        Column("rows", pgettext_lazy("spreadsheet", "Rows"), lambda job: job.counts.get("rows"), 10),
        Column("new", pgettext_lazy("figure", "New"), lambda job: job.counts.get("new"), 10),
        Column("updated", pgettext_lazy("figure", "Updated"), lambda job: job.counts.get("update"), 10),
        Column("duplicates", pgettext_lazy("figure", "Duplicates"), lambda job: job.counts.get("duplicate"), 10),
        Column("rejected", pgettext_lazy("figure", "Rejected"), lambda job: job.rejected, 10),
        Column("ignored", pgettext_lazy("figure", "Ignored"), lambda job: job.counts.get("ignored"), 10),
    ),
    keep=lambda person, query: _import_state(query),
    rows=lambda person, choices: Import.objects.visible_to(person).filter(**_import_state(choices))
    .select_related("asked_by").order_by("-pk"),
    words=lambda person, choices: [(gettext("State"), str(Import.State(choices["state"]).label))]
    if _import_state(choices) else [],
    verbs=(Verb.IMPORT_RUN,),
)  # fmt: skip


def _purchase_rows(person, choices):
    form = PurchaseFilter(choices, person=person)
    rows = form.narrow(Purchase.objects.visible_to(person)).for_list().select_related("created_by")
    return rows.order_by(*PURCHASE_ORDERS[form.chosen["sort"] or ""].by())


PURCHASES = Exporter(
    "purchases", _("Purchases"), "customers:purchases",
    (
        Column("bought", _("Bought on"), lambda row: row.bought_on, 12),
        Column("customer", _("Customer"), lambda row: row.customer.name, 36),
        Column("number", _("No."), lambda row: row.customer_id, 10),
        Column("unit", _("Unit of sale"), lambda row: row.branch.name, 18),
        Column("document", _("Document number"), lambda row: row.shown_document, 18),
        Column("product", _("Product"), lambda row: row.shown_product, 24),
        Column("quantity", _("Quantity"), lambda row: row.quantity, 12),
        Column("measure", _("Unit of measure"), lambda row: row.product and row.product.unit_of_measure, 10),
        Column("amount", _("Amount in yuan"), lambda row: row.amount, 14),
        Column("seller", _("Seller"), lambda row: row.shown_seller),
        Column("correction", _("Correction"), lambda row: row.adjusts_id is not None, 10),
        Column("remarks", _("Remarks"), lambda row: row.remarks, 30),
        Column("entered", _("Entered at"), lambda row: row.created_at, 18),
        Column("entered_by", _("Entered by"), lambda row: row.created_by and row.created_by.name),
    ),
    keep=choices_of(PurchaseFilter), rows=_purchase_rows,
    words=lambda person, choices: in_words(PurchaseFilter(choices, person=person)), verbs=(Verb.CUSTOMER_VIEW,),
)  # fmt: skip


def _campaign_rows(person, choices):
    rows = CampaignFilter(choices).narrow(Campaign.objects.visible_to(person))
    return rows.select_related("created_by", "closed_by").order_by("-starts_on", "-pk")


def _number_members(person, rows):
    """As many as the person may see."""
    numbers = CampaignEntry.objects.visible_to(person).filter(campaign__in=rows).numbers()
    for row in rows:
        row.members, row.new_members = numbers.get(row.pk, (0, 0))


CAMPAIGNS = Exporter(
    "campaigns", _("Campaigns and fairs"), "customers:campaigns",
    (
        Column("name", _("Name"), lambda row: row.name, 36),
        Column("kind", _("Kind"), lambda row: row.get_kind_display()),
        Column("first", _("First day"), lambda row: row.starts_on),
        Column("last", _("Last day"), lambda row: row.ends_on),
        Column("place", pgettext_lazy("campaign", "Place"), lambda row: row.place, 24),
        Column("members", _("Members"), lambda row: row.members, 10),
        Column("new", _("New by it"), lambda row: row.new_members, 10),
        Column("by", _("Set up by"), lambda row: row.created_by.name),
        Column("closed", _("Closed at"), lambda row: row.closed_at, 18),
    ),
    keep=choices_of(CampaignFilter), rows=_campaign_rows, prepare=_number_members,
    words=lambda person, choices: in_words(CampaignFilter(choices)), verbs=(Verb.CAMPAIGN_VIEW,),
)  # fmt: skip


def _campaign_of(choices):
    return row_id(str(choices.get("campaign", "")))


def _keep_members(person, query):
    return choices_of(MemberFilter)(person, query) | {"campaign": query.get("campaign", "")}


def _member_rows(person, choices):
    rows = CampaignEntry.objects.visible_to(person).filter(campaign=_campaign_of(choices))
    return MemberFilter(choices).narrow(rows).select_related("campaign", *MEMBERS_NEED).order_by("-pk")


def _member_words(person, choices):
    campaign = Campaign.objects.visible_to(person).filter(pk=_campaign_of(choices)).first()
    return [(gettext("Campaign"), str(campaign))] * bool(campaign) + in_words(MemberFilter(choices))


MEMBERS = Exporter(
    "campaign-members", _("Members of a campaign"), "customers:campaigns",
    (
        Column("campaign", _("Campaign"), lambda row: row.campaign.name, 36),
        Column("customer", _("Customer"), lambda row: row.customer.name, 36),
        Column("unit", _("Unit"), lambda row: row.customer.branch.name, 18),
        Column("owner", _("In charge"), lambda row: row.customer.owner and row.customer.owner.name),
        Column("new", _("New by it"), lambda row: row.was_new, 10),
        Column("card", _("As the card says"), lambda row: row.card_text, 48),
        Column("remark", _("Remark"), lambda row: row.remark, 36),
        Column("entered", _("Entered at"), lambda row: row.entered_at, 18),
        Column("by", _("Entered by"), lambda row: row.entered_by and row.entered_by.name),
    ),
    keep=_keep_members, rows=_member_rows, words=_member_words, verbs=(Verb.CAMPAIGN_VIEW,),
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


def _desk_rows(person, choices):
    rows, order = desk_rows(person, choices.get("show") == SETTLED)
    return rows.order_by(*order.by())


def _desk_outcome(form):
    return form.settled_at and (gettext("dismissed") if form.customer_id is None else gettext("registered"))


DESK = Exporter(
    "desk-forms", _("Forms sent from phones"), "customers:desk",
    (
        Column("name", _("Customer"), str, 36),
        Column("contact", _("Contact"), lambda form: form.contact, 14),
        Column("reach", _("Phone or e-mail (masked)"), lambda form: form.masked if form.name else "", 22),
        Column("unit", _("Unit"), lambda form: form.branch.name, 18),
        Column("sent", _("Sent at"), lambda form: form.sent_at, 18),
        Column("outcome", _("What became of it"), _desk_outcome),
        Column("settled", _("Settled at"), lambda form: form.settled_at, 18),
        Column("settled_by", _("Settled by"), lambda form: form.settled_by and form.settled_by.name),
        Column("because", _("Dismissed because"), lambda form: form.dismissed_because, 36),
        Column("customer", _("Registered as"), lambda form: form.customer_name, 36),
    ),
    keep=lambda person, query: {"show": SETTLED} if query.get("show") == SETTLED else {}, rows=_desk_rows,
    prepare=lambda person, rows: _name_customers(person, rows, lambda form: form.customer),
    words=lambda person, choices: [(gettext("Show"), gettext("Settled") if choices else gettext("Waiting"))],
    verbs=(Verb.DESK_SERVE,),
)  # fmt: skip

BOOKS_AT_ONCE = 100  # each has as many serials to look for


def _account_for_books(person, rows):
    for start in range(0, len(rows), BOOKS_AT_ONCE):
        few = rows[start : start + BOOKS_AT_ONCE]
        accounts = books.accounts(few)
        for book in few:
            book.account, book.issue = accounts[book.pk], newest_issue(book)


def _missing_serials(book):
    return gettext(", ").join(book.serial(number) for number in book.account.missing)


BOOKS = Exporter(
    "form-books", _("Form books"), "customers:books",
    (
        Column("first", _("First serial"), lambda book: book.first_serial),
        Column("last", _("Last serial"), lambda book: book.last_serial),
        Column("unit", _("Unit"), lambda book: book.branch.name, 18),
        Column("issued_to", _("Issued to"), lambda book: book.issue and book.issue.issued_to.name),
        Column("issued", _("Issued at"), lambda book: book.issue and book.issue.issued_at, 18),
        Column("returned", _("Returned at"), lambda book: book.issue and book.issue.returned_at, 18),
        Column("entered", _("Entered"), lambda book: len(book.account.entered), 10),
        Column("spoiled", _("Spoiled"), lambda book: len(book.account.spoiled), 10),
        Column("left", _("Left"), lambda book: len(book.account.left), 10),
        Column("missing", _("Missing serials"), _missing_serials, 48),
    ),
    keep=nothing_chosen, rows=lambda person, choices: book_rows(person).order_by(*NEWEST_FIRST.by()),
    prepare=_account_for_books, verbs=(Verb.BOOKS_MANAGE,),
)  # fmt: skip

register(CUSTOMERS, CODES, RECEIPTS, CHECKS, TIPS, IMPORTS, PURCHASES, CAMPAIGNS, MEMBERS, PROPOSALS, DESK, BOOKS)
