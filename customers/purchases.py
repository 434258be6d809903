"""What customers bought: entered, corrected while its month is open, afterwards only by approved corrections.

Source: REC-16, SEC-04.
"""

from dataclasses import dataclass
from decimal import Decimal

import pghistory
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actions import notify
from staff import refusals
from staff.history import action

from .models import Customer, Product, Purchase, PurchaseAdjustment
from .notifications import CORRECTION_APPROVED, CORRECTION_ASKED, CORRECTION_DECLINED
from .policies import correction_approvers
from .sales_months import is_locked, locked_days, locked_until

__all__ = [
    "AlreadyThere", "ChangedMeanwhile", "Decided", "Line", "OwnCorrection", "ask", "change", "decide", "enter",
    "is_locked", "locked_days", "locked_until", "remove",
]  # fmt: skip

State = PurchaseAdjustment.State
ONCE = "purchase_once"


class AlreadyThere(Exception):
    """The unit has this document with this product. `current`: that row; `line`: the number of ours, from 0."""

    def __init__(self, current, line=0):
        super().__init__(str(current.pk))
        self.current, self.line = current, line


class ChangedMeanwhile(Exception):
    """Somebody saved or deleted the row after it was read."""


class Decided(Exception):
    """Somebody has decided on the correction already."""


class OwnCorrection(Exception):
    """Nobody decides on a correction of their own."""


@dataclass(frozen=True)
class Line:
    """One product of a document."""

    product_text: str
    amount: Decimal
    quantity: Decimal | None = None
    product: Product | None = None


@action
def enter(*, customer, branch, bought_on, document_number, lines, seller=None, remarks="", by, at):
    """Enter the lines of one document. The caller has seen to it that `by` may do so for the customer and the unit.

    Raises ValidationError for a day that has not come or is locked, AlreadyThere.
    """
    _refuse_day(bought_on, at, branch)
    if Customer.objects.select_for_update(no_key=True).get(pk=customer.pk).archived_at:
        raise ValidationError(_("This customer is archived. Restore the record first."))
    written = []
    for number, line in enumerate(lines):
        row = Purchase(
            customer=customer, branch=branch, bought_on=bought_on, document_number=document_number,
            product=line.product, product_text=line.product_text, quantity=line.quantity, amount=line.amount,
            seller=seller, remarks=remarks, created_at=at, created_by=by,
        )  # fmt: skip
        _save(row, line=number)
        written.append(row)
    return written


@action
def change(purchase, *, mark, fields, by, at):
    """Correct a row of an open month. `mark` is that of the row as the person saw it.

    Raises ValidationError where the day, before or after, is locked; AlreadyThere, ChangedMeanwhile.
    """
    row = _locked_row(purchase, mark)
    _refuse_correction(row)
    _refuse_day(row.bought_on, at, row.branch_id)
    for name, value in fields.items():
        setattr(row, name, value)
    _refuse_day(row.bought_on, at, row.branch_id)
    if row.mark != mark:
        _save(row)
    return row


@action
def remove(purchase, *, mark, reason, by, at):
    """Delete a row of an open month that was entered by mistake; what it said stays in the history, with the reason."""
    row = _locked_row(purchase, mark)
    _refuse_correction(row)
    _refuse_day(row.bought_on, at, row.branch_id)
    if row.adjustments.exists():
        raise ValidationError(_("A correction was asked for this purchase: it stays. Set its amount right instead."))
    pghistory.context(reason=reason)
    row.delete()


@action
def ask(purchase, *, mark, amount, reason, by, at):
    """Ask that a row of a locked month counts with another amount. Returns the PurchaseAdjustment.

    Raises ValidationError where the month is open, the amount is the same, or a correction waits already.
    """
    row = _locked_row(purchase, mark)
    _refuse_correction(row)
    if not is_locked(row.bought_on, at, row.branch_id):
        raise ValidationError(_("This month is still open: edit the purchase itself."))
    if row.adjustments.pending().exists():
        raise ValidationError(_("A correction of this purchase waits for a decision already."))
    difference = amount - row.corrected_amount
    if not difference:
        raise ValidationError({"amount": _("This is the amount that counts already.")})
    asked = PurchaseAdjustment.objects.create(purchase=row, amount=difference, reason=reason, asked_at=at, asked_by=by)
    _tell(CORRECTION_ASKED, asked, correction_approvers(row, besides=by), by=by, at=at)
    return asked


@action
def decide(asked, *, approve, word="", by, at):
    """Approve or decline a correction. Approval writes a row of the difference, which counts on this day.

    The caller has seen to it that it is for `by` to decide. Raises Decided and OwnCorrection.
    """
    row = _locked_row(Purchase(pk=asked.purchase_id))
    asked = PurchaseAdjustment.objects.select_for_update(of=("self",), no_key=True).get(pk=asked.pk)
    if asked.state != State.PENDING:
        raise Decided
    if asked.asked_by_id == by.pk:
        raise OwnCorrection
    asked.purchase, asked.decided_at, asked.decided_by, asked.decision_word = row, at, by, word
    asked.state = State.APPROVED if approve else State.DECLINED
    if approve:
        asked.row = Purchase.objects.create(
            customer=row.customer, branch=row.branch, bought_on=timezone.localdate(at), product=row.product,
            product_text=row.product_text, amount=asked.amount, seller=row.seller, seller_text=row.seller_text,
            remarks=asked.reason, adjusts=row, created_at=at, created_by=by,
        )  # fmt: skip
    asked.save()
    _tell(CORRECTION_APPROVED if approve else CORRECTION_DECLINED, asked, [asked.asked_by], by=by, at=at)
    return asked


def _tell(kind, asked, people, *, by, at):
    customer = asked.purchase.customer
    notify(
        kind=kind,
        recipients=people,
        at=at,
        dedupe=f"{kind}:{asked.pk}",
        subject=asked,
        branch=customer.branch,
        url_name="customers:correction",
        params={"customer": customer.name, "name": by.name, "word": asked.decision_word},
    )


def _locked_row(purchase, mark=None):
    """The row as it is now, ours until the end of the transaction: corrections and decisions wait for each other."""
    rows = Purchase.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("customer__branch", "branch", "product", "seller").filter(pk=purchase.pk).first()
    if row is None or mark not in (None, row.mark):
        raise ChangedMeanwhile
    return row


def _refuse_correction(row):
    if row.adjusts_id:
        raise ValidationError(_("This row is itself an approved correction. Ask to correct the purchase behind it."))


def _refuse_day(day, at, branch):
    if day > timezone.localdate(at):
        raise ValidationError({"bought_on": _("This day has not come yet.")})
    if is_locked(day, at, branch):
        message = _("%(month)s is locked: ask for a correction of the purchase that is wrong.")
        raise ValidationError({"bought_on": message % {"month": f"{day:%Y-%m}"}})


def _save(row, line=0):
    try:
        with refusals.in_words({ONCE: ("document_number", ONCE)}):
            row.save()
    except ValidationError:
        same = {name: getattr(row, name) for name in ("branch", "document_number", "product_text")}
        raise AlreadyThere(Purchase.objects.get(adjusts=None, **same), line) from None
