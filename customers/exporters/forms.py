"""Received forms, forms from phones, their numbered books and checks made as files. Source: GEN-03."""

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers import books, completeness
from customers.forms.receipts import PeriodFilter, ReceiptFilter
from customers.models import CheckoutCheck, Customer, FormReceipt
from customers.views.books import NEWEST_FIRST, newest_issue
from customers.views.books import rows_of as book_rows
from customers.views.desk import SETTLED
from customers.views.desk import rows_of as desk_rows
from customers.views.receipts import NEEDED, in_state
from journal.exports import Column, Exporter, choices_of, in_words, nothing_chosen
from staff.verbs import Verb

BOOKS_AT_ONCE = 100  # each has as many serials to look for


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
