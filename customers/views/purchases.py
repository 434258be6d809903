"""Purchases: the list, a document entered, a row corrected, corrections of locked months. Source: REC-16, SEC-04."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import purchases as actions
from customers import sales_months
from customers.forms.purchases import (
    CorrectionForm,
    DecisionForm,
    PurchaseFilter,
    PurchaseForm,
    RemoveForm,
    RowForm,
    line_forms,
)
from customers.models import Customer, Product, Purchase, PurchaseAdjustment, kept
from customers.policies import units_with
from staff import refusals, searches
from staff.access import acting_on, answers_only, position_required, take_typing
from staff.paging import COUNTED, Order, asked, links, page, row_id
from staff.verbs import Verb

ORDERS = {
    "": Order("bought_on", descending=True),
    "oldest": Order("bought_on"),
    "amount": Order("amount", descending=True),
    "smallest": Order("amount"),
}
THERE = gettext_lazy("This document has this product already.")
SHOWN = 5  # on a customer's record
LINES = 60  # of one document
YEAR = timedelta(days=365)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_VIEW)
def purchases(request):
    if request.method == "POST":
        return searches.to_list(request, PurchaseFilter)
    person, choices = request.user, searches.opened(request.user, request.GET)
    form, visible = PurchaseFilter(choices, person=person), Purchase.objects.visible_to(person)
    rows = form.narrow(visible)
    order = ORDERS[form.chosen["sort"] or ""]
    found = page(rows.for_list(), order, within=visible, **asked(request))
    request.records_shown += len(found.rows)
    customer = form.chosen["customer"]
    context = {
        "form": form,
        "rows": found.rows,
        "customer": Customer.objects.visible_to(person).filter(pk=customer).first() if customer else None,
        "counted": COUNTED,
        **_count_and_sum(rows),
        "search_expired": searches.has_expired(request.GET, choices),
        "may_enter": person.can(Verb.PURCHASE_ENTER),
        **_months(person),
    }
    return render(request, "customers/purchases/list.html", context | links(request, found))


def _count_and_sum(rows):
    """How many rows and their sum, up to COUNTED rows; beyond, a sum would read the whole table."""
    return rows.order_by()[: COUNTED + 1].aggregate(count=Count("pk"), sum=Sum("amount"))


def _months(person):
    """What of the sales months is locked, and what locks next: of the person's unit, or of the company."""
    now, units = timezone.now(), list(units_with(person, Verb.PURCHASE_ENTER)[:2])
    branch = units[0] if len(units) == 1 else None
    locked, coming = sales_months.locked_days(now, branch), sales_months.next_lock(now, branch)
    return {
        "locked_from": locked and locked[0],
        "locked_to": locked and sales_months.previous_month(locked[1]),
        "next_month": coming and coming[0],
        "next_lock": coming and coming[1],
    }


def _enterable(person):
    return Purchase.objects.visible_to(person, verb=Verb.PURCHASE_ENTER)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PURCHASE_ENTER)
def purchase_new(request):
    """A document with its lines."""
    known, same = _known(request), None
    data = request.POST if request.method == "POST" else take_typing(request)
    form, lines = PurchaseForm(data, person=request.user, known=known), line_forms(data)
    request.records_shown += len(form.matches)
    if request.method == "POST" and all([form.is_valid(), lines.is_valid()]):
        acting_on(request, Purchase(**{n: form.entry[n] for n in ("customer", "branch")}), Verb.PURCHASE_ENTER)
        try:
            with refusals.beside_fields(form):
                written = actions.enter(**form.entry, lines=lines.lines(), by=request.user, at=timezone.now())
                messages.success(request, _("%(document)s of %(customer)s is entered.") % {
                    "document": written[0].document_number, "customer": written[0].customer})  # fmt: skip
                again = f"?customer={known.pk}" if known else ""
                return redirect(f"{reverse('customers:purchase_new')}{again}" if "another" in request.POST
                                else reverse("customers:purchase", args=[written[0].pk]))  # fmt: skip
        except actions.AlreadyThere as there:
            lines.kept_forms()[there.line].add_error("product", THERE)
            same = _there(request.user, there.current)
    context = {"form": form, "lines": lines, "line_sets": [lines], "known": known, "same": same}
    context |= {"matches": form.matches, "products": _products(), **_months(request.user)}
    return render(request, "customers/purchases/new.html", context)


def _known(request):
    """The customer from whose record the person came, where they may enter a purchase."""
    pk = row_id(request.GET.get("customer", ""))
    rows = Customer.objects.visible_to(request.user, verb=Verb.PURCHASE_ENTER).in_use()
    return rows.select_related("branch").filter(pk=pk).first() if pk else None


def _products():
    return [product for product in kept(Product) if not product.retired]


def _there(person, current):
    """The row that is there already, for the way to it, where the person may see it."""
    return Purchase.objects.visible_to(person).for_list().filter(pk=current.pk).first()


@answers_only
@require_POST
@position_required(Verb.PURCHASE_ENTER)
def purchase_find(request):
    """Customers of the person's units that the text means."""
    form = PurchaseForm({"about": request.POST.get("about", "")}, person=request.user)
    request.records_shown += len(form.matches)
    context = {"matches": form.matches, "asked": request.POST.get("about", "").strip()}
    return render(request, "customers/purchases/found.html", context)


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def purchase(request, pk):
    row = get_object_or_404(Purchase.objects.visible_to(request.user).for_list().select_related("created_by"), pk=pk)
    request.records_shown += 1
    now = timezone.now()
    locked = actions.is_locked(row.bought_on, now, row.branch_id)
    corrections = list(row.adjustments.select_related("asked_by", "decided_by", "row").order_by("-pk"))
    mine = _enterable(request.user).filter(pk=pk).exists() and not row.adjusts_id
    context = {
        "purchase": row,
        "others": _same_document(request.user, row),
        "locked": locked,
        "locks_at": _locks_at(row, now),
        "corrections": corrections,
        "right_amount": row.corrected_amount,
        "may_edit": mine and not locked,
        "may_ask": mine and locked and not any(c.state == c.State.PENDING for c in corrections),
        "to_decide": set(PurchaseAdjustment.objects.to_decide(request.user).filter(purchase=row)
                         .values_list("pk", flat=True)),
    }  # fmt: skip
    return render(request, "customers/purchases/purchase.html", context)


def _same_document(person, row):
    """The other lines of the paper that a row stands on."""
    if not row.document_number:
        return []
    rows = Purchase.objects.visible_to(person).filter(branch=row.branch_id, document_number=row.document_number)
    return list(rows.exclude(pk=row.pk).select_related("product").order_by("pk")[:LINES])


def _locks_at(row, now):
    """When the month of a row locks; None where it has, or where no month does."""
    coming = sales_months.next_lock(now, row.branch_id)
    return sales_months.locks_at(row.bought_on, row.branch_id) if coming and row.bought_on >= coming[0] else None


def _row(request, pk):
    """A purchase that the person enters and corrects; an approved correction is nobody's to edit."""
    rows = _enterable(request.user).filter(adjusts__isnull=True)
    row = get_object_or_404(rows.for_list(), pk=pk)
    acting_on(request, row, Verb.PURCHASE_ENTER)
    return row


def _late(request, pk):
    messages.info(request, _("Somebody changed this purchase meanwhile. Look at it again, then decide."))
    still = Purchase.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect("customers:purchase", pk) if still else redirect("customers:purchases")


def _refused_by_month(request, row):
    """A page for open months, asked for in a locked one."""
    messages.info(request, _("%(month)s is locked. Ask for a correction.") % {"month": f"{row.bought_on:%Y-%m}"})
    return redirect("customers:purchase_correct", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PURCHASE_ENTER)
def purchase_edit(request, pk):
    row, now = _row(request, pk), timezone.now()
    request.records_shown += 1
    if actions.is_locked(row.bought_on, now, row.branch_id):
        return _refused_by_month(request, row)
    form, same = RowForm(request.POST or take_typing(request), purchase=row), None
    if request.method == "POST" and form.is_valid():
        try:
            with refusals.beside_fields(form):
                actions.change(row, mark=form.cleaned_data["mark"], fields=form.changes, by=request.user, at=now)
                messages.success(request, _("The purchase is saved."))
                return redirect("customers:purchase", pk)
        except actions.AlreadyThere as there:
            form.add_error("product", THERE)
            same = _there(request.user, there.current)
        except actions.ChangedMeanwhile:
            return _late(request, pk)
    context = {"form": form, "purchase": row, "products": _products(), "same": same}
    return render(request, "customers/purchases/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PURCHASE_ENTER)
def purchase_remove(request, pk):
    row, now = _row(request, pk), timezone.now()
    request.records_shown += 1
    if actions.is_locked(row.bought_on, now, row.branch_id):
        return _refused_by_month(request, row)
    form = RemoveForm(request.POST or None, purchase=row)
    if request.method == "POST" and form.is_valid():
        try:
            with refusals.beside_fields(form):
                actions.remove(row, **form.cleaned_data, by=request.user, at=now)
                messages.success(request, _("The purchase is deleted; the history keeps what it said."))
                return redirect("customers:purchases")
        except actions.ChangedMeanwhile:
            return _late(request, pk)
    return render(request, "customers/purchases/remove.html", {"form": form, "purchase": row})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PURCHASE_ENTER)
def purchase_correct(request, pk):
    """Ask that a row of a locked month counts with another amount."""
    row, now = _row(request, pk), timezone.now()
    request.records_shown += 1
    form = CorrectionForm(request.POST or take_typing(request), purchase=row)
    if request.method == "POST" and form.is_valid():
        try:
            with refusals.beside_fields(form):
                actions.ask(row, **form.cleaned_data, by=request.user, at=now)
                messages.success(request, _("Asked. You will be told when it is decided."))
                return redirect("customers:purchase", pk)
        except actions.ChangedMeanwhile:
            return _late(request, pk)
    context = {"form": form, "purchase": row, "right_amount": row.corrected_amount}
    return render(request, "customers/purchases/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_VIEW)
def correction(request, pk):
    """One correction of a locked month; whose it is to decide does it here."""
    person = request.user
    rows = PurchaseAdjustment.objects.visible_to(person).select_related(
        "purchase__customer", "purchase__branch", "purchase__product", "purchase__seller", "purchase__adjusts",
        "asked_by", "decided_by", "row",
    )  # fmt: skip
    shown = get_object_or_404(rows, pk=pk)
    request.records_shown += 1
    may_decide = PurchaseAdjustment.objects.to_decide(person).filter(pk=pk).exists()
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if may_decide and form.is_valid():
            return _decide(request, shown, form)
        if not may_decide:
            return redirect("customers:correction", pk)
    before = shown.purchase.corrected_amount - (shown.amount if shown.row_id else 0)
    context = {"correction": shown, "purchase": shown.purchase, "form": form, "may_decide": may_decide,
               "before": before, "after": before + shown.amount}  # fmt: skip
    return render(request, "customers/purchases/correction.html", context)


def _decide(request, shown, form):
    acting_on(request, shown, Verb.PURCHASE_APPROVE)
    approve, by = not form.declines, request.user
    try:
        actions.decide(shown, approve=approve, word=form.cleaned_data["word"], by=by, at=timezone.now())
    except actions.Decided:
        messages.info(request, _("Somebody has decided already."))
    else:
        said = _("Approved: the difference counts from today.") if approve else _("Declined.")
        messages.success(request, said)
    return redirect("customers:correction", shown.pk)


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def of_customer(request, pk):
    """The last purchases of one customer, read after the page of the record."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not request.htmx:
        return redirect(f"{reverse('customers:purchases')}?customer={pk}")
    rows, since = customer.purchases.all(), timezone.localdate() - YEAR
    context = {
        "customer": customer,
        "rows": list(rows.for_list().order_by("-bought_on", "-pk")[:SHOWN]),
        "year": rows.filter(bought_on__gt=since).aggregate(count=Count("pk"), sum=Sum("amount")),
        "may_enter": customer.archived_at is None and request.user.can_on(Verb.PURCHASE_ENTER, customer),
    }
    return render(request, "customers/purchases/of_customer.html", context)
