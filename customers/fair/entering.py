"""Cards become members of a campaign: new customers, or ones that were there and are filled up. Source: REC-11."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

import pghistory
from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

from customers import blanks, completeness
from customers.actions import (
    ArchivedRecord,
    DuplicatesFound,
    edit,
    entries_of,
    new_record,
    queue_behind_equals,
    remember_different,
)
from customers.campaigns import open_to_author
from customers.duplicates import Match
from customers.models import Campaign, CampaignEntry, Customer, Stage
from customers.values.keys import SUSPECT
from staff.history import action

from .cards import OTHER, State, place

TRIES = 3


class CampaignClosed(Exception):
    """Somebody has closed the campaign: no more cards."""


class Outcome(StrEnum):
    NEW = "new"
    UPDATED = "updated"
    KNOWN = "known"  # was there already, and the card adds nothing


@dataclass(frozen=True)
class Line:
    """What became of a row. `kept`: (what, as it stands, as the card says) of values that the record has otherwise."""

    row: int
    key: uuid.UUID
    name: str
    customer_id: int
    outcome: Outcome
    kept: tuple = ()


def enter_cards(campaign, *, cards, submission, by, at):
    """Enter the cards of a grid in one transaction: (lines of those that are entered, {row: (field, sentence)}).

    A customer who is there is filled up - blank fields, a further contact or number, a need - and never entered twice;
    where the record says otherwise it stays, and the line tells. Whoever is not there becomes a lead of the chosen
    unit, in nobody's charge. Both become members of the campaign. What needs a word first stays with its sentence.

    This is an act of its own, by FAIR_ENTER: it permits filling blanks of records in its scope, nothing more. Whoever
    has it - the customer-service department, which reads all units and edits none - changes and removes nothing by it.
    The same `submission` again, at once or later, enters nobody twice. Raises CampaignClosed.
    """
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return _enter(campaign, cards=cards, submission=submission, by=by, at=at)
        except OperationalError as error:  # crossed with somebody who edits one of these records; nothing is written
            if last or connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
                raise
    return None


@action
def _enter(campaign, *, cards, submission, by, at):
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if campaign.closed_at:
        raise CampaignClosed
    queue_behind_equals(*(card.draft() for card in cards))
    sheet = _Sheet(campaign, cards, submission, by=by, at=at)
    for placed in place(cards, person=by):
        sheet.take(placed)
    open_to_author(campaign, sheet.new)
    completeness.judge([customer.pk for customer in sheet.new])
    return sheet.lines, sheet.refused


class _Sheet:
    """One grid while it is being entered."""

    def __init__(self, campaign, cards, submission, *, by, at):
        self.campaign, self.submission, self.by, self.at = campaign, submission, by, at
        self.lines, self.refused, self.new, self.entered = [], {}, [], {}
        keys = [card.key(submission) for card in cards]
        done = CampaignEntry.objects.filter(campaign=campaign, submission__in=keys).select_related("customer")
        self.done = {entry.submission: entry.customer for entry in done}
        self.with_reasons = any(card.different_because for card in cards)

    def take(self, placed):
        card, key = placed.card, placed.card.key(self.submission)
        if self.with_reasons:  # the history says why, row by row
            pghistory.context(reason=card.different_because if card.same == OTHER else "")
        if key in self.done:
            self._say(card, self.done[key], Outcome.NEW)
            return
        if placed.refusal:
            self.refused[card.row] = placed.refusal
            return
        if placed.state == State.NEW:
            self._say(card, self._register(placed, key), Outcome.NEW)
            return
        customer = placed.customer or self.entered.get(placed.earlier)
        if customer is None:
            sentence = _("The same as row %(row)s, which is not entered yet.") % {"row": placed.earlier + 1}
            self.refused[card.row] = "name", sentence
            return
        self._fill_up(card, customer)

    def _register(self, placed, key):
        card = placed.card
        customer = new_record(
            fields=card.fields(self.campaign), contacts=[card.contact] if card.contact.ways() else [],
            draft=card.draft(), needs=[card.need] if card.need else [], stage=Stage.LEAD, by=self.by, at=self.at,
        )  # fmt: skip
        self.new.append(customer)
        if card.same == OTHER:
            others = [match for match in placed.matches if match.blocks]
            if placed.earlier in self.entered:
                others.append(Match(self.entered[placed.earlier], SUSPECT))
            remember_different(customer, others, reason=card.different_because, by=self.by, at=self.at)
        self._member(card, customer, was_new=True, submission=key)
        return customer

    def _fill_up(self, card, customer):
        lockable = Customer.objects.select_for_update(of=("self",), no_key=True).select_related("branch")
        current = lockable.get(pk=customer.pk)
        stored = entries_of(current)
        contacts, kept = blanks.with_card(stored, card.contact)
        if current.name != card.name:
            kept.insert(0, ("name", current.name, card.name))
        needs = [card.need] if card.need and not current.needs.filter(text=card.need).exists() else []
        changed = bool(needs) or contacts != stored
        if changed:
            try:
                edit(
                    current, version=current.version, contacts=contacts, new_needs=needs,
                    different_because=card.different_because, by=self.by, at=self.at,
                )  # fmt: skip
            except ArchivedRecord:
                self.refused[card.row] = "same", _("This record is in the archive. Its unit can bring it back.")
                return
            except DuplicatesFound as found:
                others = _(", ").join(match.customer.name for match in found.matches if match.blocks)
                sentence = _("The phone stands at %(names)s too. Write why that is another customer.")
                self.refused[card.row] = "different_because", sentence % {"names": others}
                return
        kept += self._member(card, current, was_new=False)
        self._say(card, current, Outcome.UPDATED if changed else Outcome.KNOWN, kept)

    def _member(self, card, customer, *, was_new, submission=None):
        """The customer is a member now. Returns the remark that was there and stays, as `kept`."""
        entry, made = CampaignEntry.objects.get_or_create(
            campaign=self.campaign, customer=customer,
            defaults={"entered_at": self.at, "entered_by": self.by, "card_text": card.text(), "remark": card.remark,
                      "was_new": was_new, "submission": submission},
        )  # fmt: skip
        if made or not card.remark or card.remark == entry.remark:
            return []
        if entry.remark:
            return [("remark", entry.remark, card.remark)]
        CampaignEntry.objects.filter(pk=entry.pk).update(remark=card.remark)
        return []

    def _say(self, card, customer, outcome, kept=()):
        self.entered[card.row] = customer
        key = card.key(self.submission)
        self.lines.append(Line(card.row, key, card.name, customer.pk, outcome, tuple(kept)))
