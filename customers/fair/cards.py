"""What a row of the grid means: a new customer, one who is there already, or a question. Source: REC-11, REC-18.

The same functions as at every other door: `duplicates.find` tells who is there, `importing.matching` which rows of the
grid repeat an earlier one.
"""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from customers.actions import ContactEntry
from customers.duplicates import Draft, Match, find_many
from customers.importing.matching import Matcher
from customers.models import Customer, Kind
from customers.values.keys import SURE
from staff.models import Branch
from staff.verbs import Verb

EARLIER, OTHER = "row", "other"  # choices of a row beside the ids of its matches
FIRM = {"same_phone", "same_name", "same_credit_code"}


class State(StrEnum):
    NEW = "new"
    KNOWN = "known"
    REPEATED = "repeated"
    ASKS = "asks"


@dataclass(frozen=True)
class Card:
    """One row of the grid, read. `same` is what the person chose beside it: an id, EARLIER, OTHER, or nothing yet."""

    row: int
    name: str
    contact: ContactEntry
    branch: Branch
    need: str = ""
    remark: str = ""
    same: str = ""
    different_because: str = ""

    def draft(self):
        phones = tuple(phone.e164 for phone in self.contact.phones)
        return Draft(name=self.name, phones=phones, emails=self.contact.emails, branch_id=self.branch.pk)

    def fields(self, campaign):
        return {"name": self.name, "kind": Kind.COMPANY, "branch": self.branch, "source": campaign.source}

    def text(self):
        """Who the card says it is, without numbers: it is read by more people than they are shown to."""
        return " · ".join(filter(None, [self.name, self.contact.name, self.contact.title]))[:300]

    def key(self, submission):
        """The same content of the same sheet has the same one, however often it is sent."""
        content = (self.name, self.contact, self.branch.pk, self.need, self.remark, self.same)
        return uuid.uuid5(submission, repr(content))


@dataclass(frozen=True)
class Placed:
    """A card and what it means. `refusal`: (field, sentence) of what must be said before it can be entered."""

    card: Card
    state: State
    customer: Customer | None = None
    earlier: int | None = None  # the row that it repeats, or may repeat
    matches: tuple[Match, ...] = ()
    refusal: tuple[str, str] | None = None
    needs_word: bool = False  # to be another customer it must say why

    @property
    def asks_word(self):
        return self.needs_word and self.card.same == OTHER


def place(cards, *, person, rows=None):
    """What each card means, in their order; `rows`: only of these, which are then looked up alone."""
    wanted = [card for card in cards if rows is None or card.row in rows]
    found = dict(zip((card.row for card in wanted), find_many([c.draft() for c in wanted], person=person), strict=True))
    matcher, placed = Matcher(), []
    for card in cards:
        in_grid = matcher.place(card.row, card.draft().profile())
        if card.row in found:
            placed.append(_place(card, found[card.row], in_grid, person))
    return placed


def _place(card, matches, in_grid, person):
    alike = [row for row, reasons in in_grid.suspects if FIRM & {*reasons}]
    earlier = in_grid.duplicate_of if in_grid.duplicate_of is not None else next(iter(alike), None)
    blocking = any(match.blocks for match in matches)
    known = {"card": card, "matches": tuple(matches), "earlier": earlier,
             "needs_word": blocking or earlier is not None}  # fmt: skip
    if card.same == OTHER:
        return _other(known)
    if card.same == EARLIER and earlier is not None:
        return Placed(state=State.REPEATED, **known)
    if card.same and card.same != EARLIER:
        chosen = next((match for match in matches if str(match.customer.pk) == card.same), None)
        return _one(chosen, known, person) if chosen else _asking(known, _("Choose again: the row has changed since."))
    sure = [match for match in matches if match.verdict == SURE]
    if len(sure) == 1:
        return _one(sure[0], known, person)
    if not sure and in_grid.duplicate_of is not None:
        return Placed(state=State.REPEATED, **known)
    if sure or blocking or alike:
        return _asking(known, _("Somebody like this is there already. Choose whether it is the same customer."))
    return _new(known)


def _new(known):
    contact = known["card"].contact
    if contact.phones or contact.emails:
        return Placed(state=State.NEW, **known)
    refusal = "phones", _("Write a phone or an e-mail: a new customer must be reached.")
    return Placed(state=State.NEW, refusal=refusal, **known)


def _other(known):
    if known["needs_word"] and not known["card"].different_because:
        refusal = "different_because", _("Write why this is another customer.")
        return Placed(state=State.ASKS, refusal=refusal, **known)
    return _new(known)


def _one(match, known, person):
    """The customer is this one, if the person may fill up its record."""
    if match.customer.archived_at:
        return _asking(
            known, _("This record is in the archive. Its unit can bring it back; or it is another customer.")
        )
    if not person.can_on(Verb.FAIR_ENTER, match.customer):
        return _asking(known, _("This customer is out of your reach. Tell its unit; or it is another customer."))
    return Placed(state=State.KNOWN, customer=match.customer, **known)


def _asking(known, sentence):
    return Placed(state=State.ASKS, refusal=("same", sentence), **known)
