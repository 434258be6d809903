"""What people may do to a clock, each with its reason. What may not be done raises ValidationError with a sentence."""

from functools import wraps

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.verbs import Verb

from ..calendar import ended, units
from ..models import Clock
from ..rules import pausable
from ..terms import Term


def _change(act):
    """One transaction on the locked row, ascribed to `by` with the reason in history. The clock is returned."""

    @wraps(act)
    @transaction.atomic
    def changed(clock, *, by, reason="", **kwargs):
        reason = reason.strip()
        with pghistory.context(person=by.pk, reason=reason):
            row = Clock.objects.select_for_update(of=["self"]).get(pk=clock.pk)
            act(row, by=by, reason=reason, **kwargs)
            row.save()
        row.refresh_from_db()
        return row

    return changed


def _needs_reason(reason):
    if not reason:
        raise ValidationError({"reason": _("Say why: it stays with this clock for good.")})


@_change
def waive(clock, *, reason, by, at):
    """A manager annotates a clock that was wrong: a breach stays and counts as waived; an open clock ends.

    Not one's own clock, and only where a position over the unit grants it. Source: clocks.md.
    """
    _needs_reason(reason)
    if clock.responsible_id == by.pk:
        raise ValidationError(_("This is your own clock. The next position up can waive it."))
    if not by.can_on(Verb.CLOCK_WAIVE, clock):
        raise ValidationError(_("Only the unit's manager or the head of customer service can waive this clock."))
    if clock.waived_at:
        raise ValidationError(_("This clock is waived already."))
    if clock.closed_at and not clock.breached_at:
        raise ValidationError(_("This clock was met in time: there is nothing to waive."))
    clock.waived_at, clock.waived_by, clock.waiver_reason = at, by, reason
    clock.closed_at = clock.closed_at or at
    _unpause(clock, at)


@_change
def pause(clock, *, reason, by, at):
    """Stop the counting. Only where the clause's parameter allows it; not after a breach. Source: clocks.md."""
    _needs_reason(reason)
    _must_be_open(clock)
    if not pausable(clock.clause_id, branch=clock.branch_id, on=timezone.localdate(at)):
        raise ValidationError(_("Clocks of %(clause)s cannot be paused.") % {"clause": clock.clause_id})
    if clock.breached_at or at > clock.due_at:
        raise ValidationError(_("The due time has passed: a breach cannot be paused."))
    if clock.paused_at:
        raise ValidationError(_("This clock is paused already."))
    clock.paused_at, clock.paused_by, clock.pause_reason = at, by, reason


@_change
def resume(clock, *, by, at, reason=""):
    """Go on counting: the due time moves by the length of the pause. One that runs goes on."""
    if clock.closed_at is None:
        _unpause(clock, at)


def _unpause(clock, at):
    if clock.paused_at:
        length = max(at - clock.paused_at, clock.paused_for * 0)
        clock.paused_for += length
        clock.due_at += length
        clock.paused_at = clock.paused_by = clock.pause_reason = None


@_change
def change_grade(clock, *, reason, by, at, term=None, rule=None):
    """Another term by decision, counted again from the original start; pauses stay, and a breach that has happened.

    The levels of the new term are told anew. Source: clocks.md, CMP-09.
    """
    _needs_reason(reason)
    _must_be_open(clock)
    new = rule.value(clock.branch_id, on=timezone.localdate(at)) if term is None else term
    new = new if isinstance(new, Term) else Term.parse(new)
    unit_id = None if clock.department_id else clock.branch_id
    unit = units([unit_id], on=timezone.localdate(clock.started_at))[unit_id]
    clock.rule, clock.term, clock.kind = rule.key if rule else "", str(new), new.kind
    clock.due_at = ended(clock.started_at, new, unit) + clock.paused_for
    clock.level = clock.level if clock.breached_at else 0
    clock.regrades, clock.regrade_reason = clock.regrades + 1, reason


@_change
def reassign(clock, *, to, by, at, reason=""):
    """Another person is in charge from now on; nobody: the unit's manager acts. What was told stays told."""
    _must_be_open(clock)
    clock.responsible = to


@_change
def close(clock, *, reason, by, at):
    """The duty has lapsed, for example because its record turned out to be a duplicate. A breach stays."""
    _needs_reason(reason)
    _must_be_open(clock)
    _unpause(clock, at)
    if clock.breached_at is None and at > clock.due_at:
        clock.breached_at = clock.due_at
    clock.closed_at = at


def _must_be_open(clock):
    if clock.closed_at:
        raise ValidationError(_("This clock has ended already."))
