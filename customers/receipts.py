"""Paper forms between the counter and the register: noted when received, due the same day. Source: REC-05."""

from datetime import timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actions import notify
from policy import clocks
from policy.models import Clock
from staff import refusals
from staff.days import midnight
from staff.history import action
from staff.models import Branch, Person, Position
from staff.verbs import PositionCode

from .models import FORM_NUMBER, FormReceipt, RegistrationForm
from .notifications import FORMS_WAITING
from .rules import FORM_ENTRY, FORM_REMINDER

CLAUSE = "REC-05"
NAMED = 5  # serials in a reminder


@action
def note(*, branch, serial, received_at, by, at):
    """A paper form was handed in at the counter; from now on its entry has a due time. Returns the receipt.

    Raises ValidationError for a serial that this unit has noted or entered already.
    """
    taken = _("This unit has a form with this serial already. Compare the two papers.")
    _queue_at(branch, serial)
    if RegistrationForm.objects.filter(branch=branch, serial=serial).exists():
        raise ValidationError({"serial": taken})
    with refusals.in_words({"receipt_once": ("serial", taken)}):
        receipt = FormReceipt.objects.create(
            branch=branch, serial=serial, received_at=received_at, received_by=by, noted_at=at
        )
    return _start(receipt, title=_title(serial))


@action
def strike(receipt, *, reason, by, at):
    """A form was noted by mistake: it counts no longer. A breach that has happened stays with its clock."""
    row = FormReceipt.objects.select_for_update(of=["self"]).get(pk=receipt.pk)
    if row.form_id or row.struck_at:
        raise ValidationError(_("This form is entered or struck out already."))
    pghistory.context(reason=reason)
    FormReceipt.objects.filter(pk=row.pk).update(struck_at=at, struck_by=by, strike_reason=reason)
    clocks.close(row.clock, reason=reason, by=by, at=at)


def entered(form, *, by):
    """A form is in the register: the clock of its receipt is met; one that nobody had noted is noted now.

    Part of the transaction that enters the form.
    """
    receipt = None
    if form.serial:
        waiting = FormReceipt.objects.waiting().filter(branch=form.branch_id, serial=form.serial)
        receipt = waiting.select_for_update(of=["self"]).first()
    if receipt:
        FormReceipt.objects.filter(pk=receipt.pk).update(form=form)
    else:
        receipt = FormReceipt.objects.create(
            branch=form.branch, serial=form.serial, form=form, received_at=form.received_at,
            received_by=form.received_by, noted_at=form.entered_at,
        )  # fmt: skip
        _start(receipt, title=_title(form.serial))
    clocks.meet(receipt, CLAUSE, at=form.entered_at, by=by)


@transaction.atomic
def entered_before(forms):
    """Receipts, with clocks long met, of forms that came into the register by bulk work. A few statements for all."""
    rows = FormReceipt.objects.bulk_create(
        FormReceipt(
            branch=form.branch, serial=form.serial, form=form, received_at=form.received_at,
            received_by=form.received_by, noted_at=form.entered_at,
        )
        for form in forms
    )  # fmt: skip
    clocks.start_many(
        clocks.Start(
            subject=row, clause=CLAUSE, at=row.received_at, rule=FORM_ENTRY, branch=row.branch,
            responsible=row.form.entered_by, title=_title(row.serial), url_name="customers:receipt",
        )
        for row in rows
    )  # fmt: skip
    of = {row.pk: row for row in rows}
    started = Clock.objects.open().filter(subject_type=FormReceipt._meta.label_lower, subject_id__in=of)
    for pk, subject in (pairs := list(started.values_list("pk", "subject_id"))):
        of[subject].clock_id = pk
    FormReceipt.objects.bulk_update(rows, ["clock"], batch_size=1000)
    clocks.meet_many([(pk, of[row].form.entered_at, of[row].form.entered_by_id) for pk, row in pairs])


def remind(*, at):
    """Tell the accountants, once a day, which forms of their unit wait for entry. Safe to repeat, early and late.

    Where nobody is accountant, the unit's manager hears it. Source: REC-05, "a 17:00 reminder".
    """
    today, now = timezone.localdate(at), timezone.localtime(at).time()
    waiting = FormReceipt.objects.waiting().filter(clock__due_at__lt=midnight(today + timedelta(days=1)))
    serials = {}
    for branch, serial in waiting.order_by("received_at").values_list("branch", "serial"):
        serials.setdefault(branch, []).append(serial)
    told_from = FORM_REMINDER.values(serials, on=today)
    branches = Branch.objects.in_bulk([branch for branch in serials if told_from[branch] <= now])
    listeners = _listeners(branches, on=today)
    for branch in branches.values():
        found = serials[branch.pk]
        notify(
            kind=FORMS_WAITING,
            recipients=listeners.get(branch.pk, ()),
            at=at,
            dedupe=f"forms:{branch.pk}:{today}",
            branch=branch,
            url_name="customers:forms",
            params={
                "branch": str(branch),
                "number": len(found),
                "serials": found[:NAMED] + ["…"] * (len(found) > NAMED),
            },
        )


def _listeners(branches, *, on):
    """{unit id: people}: its accountants, else its managers."""
    found = {}
    for code in (PositionCode.BRANCH_MANAGER, PositionCode.ACCOUNTANT):  # the later one replaces the earlier
        held = Position.objects.current(on).filter(code=code, branch__in=branches)
        at_work = held.filter(person__disabled_at__isnull=True).select_related("person")
        of_code = {}
        for position in at_work:
            of_code.setdefault(position.branch_id, []).append(position.person)
        found |= of_code
    return found


def _start(receipt, *, title):
    on = timezone.localdate(receipt.received_at)
    clock = clocks.start(
        receipt, CLAUSE, at=receipt.received_at, rule=FORM_ENTRY, branch=receipt.branch,
        responsible=_accountant(receipt.branch, on=on), title=title, url_name="customers:receipt",
    )  # fmt: skip
    FormReceipt.objects.filter(pk=receipt.pk).update(clock=clock)
    receipt.clock = clock
    return receipt


def _title(serial):
    return f"{FORM_NUMBER} · {serial}" if serial else FORM_NUMBER


def _accountant(branch, *, on):
    """The branch accountant of that day; nobody where the post is vacant, and then the unit's manager hears of it."""
    held = Position.objects.current(on).filter(code=PositionCode.ACCOUNTANT, branch=branch)
    return Person.objects.filter(disabled_at__isnull=True, positions__in=held).order_by("staff_number").first()


def _queue_at(branch, serial):
    """Wait for whoever notes or enters the same serial right now. The same lock as at registration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"serial:{branch.pk}:{serial}"])


def on_time(counted):
    """The share of forms entered in time, in per cent of those that are entered or late; None where there are none."""
    done = counted["on_time"] + counted["late"]
    return None if not done else 100 * counted["on_time"] / done


def columns(at):
    """Aggregates of a group of receipts, for `annotate` and `aggregate`."""
    late = Q(clock__breached_at__isnull=False) | Q(form=None, clock__due_at__lt=at)
    return {
        "received": Count("pk"),
        "entered": Count("form"),
        "on_time": Count("form", filter=Q(clock__breached_at__isnull=True)),
        "late": Count("pk", filter=late),
        "waiting": Count("pk", filter=Q(form=None)),
    }
