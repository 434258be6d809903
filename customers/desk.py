"""The desk QR: customers write the registration form on their own phones, the front desk checks it. Source: REC-04."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from staff.history import action
from staff.models import Branch

from .actions import FormEntry, register
from .models import DeskForm, RegistrationForm
from .models.desk import WRITTEN
from .rules import DESK_FORM_KEPT

ERASED = {name: "" for name in WRITTEN if name not in ("kind", "consents")} | {"consents": []}
LATE = timedelta(hours=1)  # what was begun before midnight may still be sent


class AlreadySettled(Exception):
    """Somebody of the unit was faster. `form` is the form as it stands now."""

    def __init__(self, form):
        super().__init__(str(form.pk))
        self.form = form


def key(branch_id, day):
    """The secret half of a unit's link of one day. It is computed, so that showing the link writes nothing."""
    return salted_hmac("customers.desk", f"{branch_id}:{day.isoformat()}", algorithm="sha256").hexdigest()[:32]


def unit_behind(branch_id, asked, *, at, sending=False):
    """The unit whose link this is now; None for a link of another day, a wrong one, or a unit that has closed."""
    days = {timezone.localdate(at)} | ({timezone.localdate(at - LATE)} if sending else set())
    right = [day for day in days if constant_time_compare(key(branch_id, day), asked)]
    if not right:
        return None
    still_open = Q(closed_on__isnull=True) | Q(closed_on__gt=max(right))
    return Branch.objects.filter(still_open, pk=branch_id).first()


@transaction.atomic
def receive(*, branch, submission, written, at):
    """Put what a customer wrote into the unit's inbox. Returns the form and whether it is new.

    The same form sent twice is one. Corrected after going back, or written by the next customer on the same page, it
    is another: nothing that was sent is lost or written over.
    """
    content = repr([branch.pk, *(written[name] for name in WRITTEN)])
    values = {"branch": branch, "sent_at": at, **{name: written[name] for name in WRITTEN}}
    return DeskForm.objects.get_or_create(submission=uuid.uuid5(submission, content), defaults=values)


@action
def confirm(sent, *, by, at, **entered):
    """Enter a form from the inbox as checked and corrected: `entered` are arguments of `register` beside `form`.

    Received when the customer sent it, by whoever confirms it. Consents are the customer's own and none other.
    Raises AlreadySettled, and what `register` raises.
    """
    sent = _still_waiting(sent)
    form = FormEntry(
        received_at=sent.sent_at,
        received_by=by,
        submission=sent.submission,
        door=RegistrationForm.Door.DESK,
        consent_text=sent.text_version,
    )
    customer = register(form=form, by=by, at=at, **entered | {"consents": sent.consents})
    _settle(sent, by=by, at=at, customer=customer)
    return customer


@action
def dismiss(sent, *, reason, by, at):
    """Put a form aside that will not become a customer: a trial, a jest, somebody registered already."""
    _settle(_still_waiting(sent), by=by, at=at, dismissed_because=reason)


def _still_waiting(sent):
    """The form, locked, so that of two people one settles it."""
    current = DeskForm.objects.select_for_update(of=("self",)).select_related("branch", "settled_by").get(pk=sent.pk)
    if current.settled_at:
        raise AlreadySettled(current)
    return current


def _settle(sent, *, by, at, **how):
    DeskForm.objects.filter(pk=sent.pk).update(settled_at=at, settled_by=by, **how)


def erase(*, at):
    """Blank what people wrote who became no customers: so many days after their form was dismissed, or, where nobody
    settled it, was sent. The rows stay to be counted. A statement for each number of days; safe to repeat. ADR 021.
    """
    written = DeskForm.objects.filter(customer=None).exclude(name="")
    units = list(written.values_list("branch", flat=True).distinct())
    terms = {}
    for unit, days in DESK_FORM_KEPT.values(units, on=timezone.localdate(at)).items():
        terms.setdefault(days, []).append(unit)
    for days, of_term in terms.items():
        until = at - timedelta(days=days)
        over = Q(settled_at__lt=until) | Q(settled_at=None, sent_at__lt=until)
        written.filter(over, branch__in=of_term).update(**ERASED)
