"""Changes proposed by people who may not make them, and the answer to each. Source: SEC-04, REC-19.

A proposal holds only what differs from the record, as JSON: foreign keys by id, contacts as `_stored` writes them.
"""

from dataclasses import replace

from journal.actions import notify
from staff.history import action

from . import own_fields
from .actions import ArchivedRecord, ContactEntry, edit, entries_of
from .models import Customer, ProposedChange
from .notifications import PROPOSAL_ACCEPTED, PROPOSAL_DECLINED, PROPOSAL_OVERTAKEN, PROPOSED
from .policies import deciders
from .values.phone_display import kind_of
from .values.phones import Phone

PROPOSABLE = (
    "name", "kind", "credit_code", "country", "district", "address", "industry", "size", "business_type", "source",
    "preferences", "remarks", "custom",
)  # fmt: skip
TOGETHER = ("country", "district")  # one says nothing without the other
CONTACT = ("name", "role", "title", "phones", "emails")
State = ProposedChange.State


class NothingProposed(Exception):
    """The record says already what is proposed."""


class AlreadyDecided(Exception):
    """Somebody else answered the proposal first."""


class OwnProposal(Exception):
    """Nobody decides on a proposal of their own."""


@action
def propose(customer, *, fields, contacts=None, why, by, at, source=None, block="", new_needs=()):
    """Ask the editors of a record to change it, and tell them. Returns the ProposedChange.

    `fields` are columns of Customer out of PROPOSABLE, of `custom` only the values that shall change. `contacts`, if
    given, are all contacts as they shall be, in the shape of `actions.entries_of`. `source` is the saved row that the
    change was learned from, such as a visit.
    The caller has seen to it that `by` sees the customer. Raises NothingProposed and ArchivedRecord.
    """
    if unknown := set(fields) - set(PROPOSABLE):
        raise ValueError(f"cannot be proposed: {', '.join(sorted(unknown))}")
    current = Customer.objects.select_related("branch", "owner").get(pk=customer.pk)
    if current.archived_at:
        raise ArchivedRecord(current)
    before, after = _differing_fields(current, fields)
    if contacts is not None:
        before["contacts"], after["contacts"] = _differing_contacts(entries_of(current), contacts)
    after["needs"] = list(new_needs)
    before, after = ({part: said for part, said in side.items() if said} for side in (before, after))
    if not (before or after):
        raise NothingProposed
    proposal = ProposedChange.objects.create(
        customer=current,
        block=block,
        before=before,
        after=after,
        why=why,
        by=by,
        at=at,
        source_type=source._meta.label_lower if source else "",
        source_id=source.pk if source else None,
    )
    notify(
        kind=PROPOSED,
        recipients=deciders(current, besides=by),
        at=at,
        dedupe=f"{PROPOSED}:{proposal.pk}",
        subject=proposal,
        branch=current.branch,
        url_name="customers:proposal",
        params={"customer": current.name, "name": by.name},
    )
    return proposal


@action
def accept(proposal, *, version, by, at, word="", different_because=""):
    """Make the proposed change. `version` is that of the record as the person saw it; returns the closed proposal.

    What others changed meanwhile beside it stays. Raises StaleEdit, DuplicatesFound as `edit` does; AlreadyDecided,
    OwnProposal. A record that says so already is left alone, and the proposal is overtaken.
    """
    current = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.customer_id)
    proposal = _open(proposal, by)
    fields, contacts, needs = wanted(proposal, current)
    if _differing_fields(current, fields) == ({}, {}) and contacts is None and not needs:
        return _close(proposal, State.OVERTAKEN, PROPOSAL_OVERTAKEN, word=word, by=by, at=at)
    edit(
        current,
        version=version,
        fields=_whole(fields, current),
        contacts=contacts,
        new_needs=needs,
        different_because=different_because,
        reason=f"{proposal.why} · {proposal.by.name}",
        by=by,
        at=at,
    )
    return _close(proposal, State.ACCEPTED, PROPOSAL_ACCEPTED, word=word, by=by, at=at)


@action
def decline(proposal, *, word, by, at):
    """Leave the record as it is; `word` says why. Raises AlreadyDecided and OwnProposal."""
    return _close(_open(proposal, by), State.DECLINED, PROPOSAL_DECLINED, word=word, by=by, at=at)


def _open(proposal, by):
    rows = ProposedChange.objects.select_for_update(of=("self",), no_key=True).select_related("by", "customer__branch")
    proposal = rows.get(pk=proposal.pk)
    if proposal.state != State.PENDING:
        raise AlreadyDecided
    if proposal.by_id == by.pk:
        raise OwnProposal
    return proposal


def _close(proposal, state, kind, *, word, by, at):
    proposal.state, proposal.word, proposal.decided_by, proposal.decided_at = state, word, by, at
    proposal.save(update_fields=["state", "word", "decided_by", "decided_at"])
    customer = proposal.customer
    notify(
        kind=kind,
        recipients=[proposal.by],
        at=at,
        dedupe=f"{kind}:{proposal.pk}",
        subject=customer,
        branch=customer.branch,
        url_name="customers:record",
        params={"customer": customer.name, "name": by.name, "word": word},
    )
    return proposal


def wanted(proposal, current):
    """(fields, contacts or None, needs): what `edit` has to be told to make the change in the record as it is now."""
    fields = {name: _value(name, stored) for name, stored in proposal.after.get("fields", {}).items()}
    contacts = None
    if "contacts" in proposal.before or "contacts" in proposal.after:
        stored = entries_of(current)
        contacts = _merged(*contact_entries(proposal), stored)
        if [_said(entry) for entry in contacts] == [_said(entry) for entry in stored]:
            contacts = None
    return fields, contacts, proposal.after.get("needs", [])


def contact_entries(proposal):
    """(before, after): the contacts of a proposal as ContactEntry; those that it leaves alone are in neither."""
    return [[_entry(stored) for stored in side.get("contacts", [])] for side in (proposal.before, proposal.after)]


def _differing_fields(current, fields):
    """({"fields": before}, {"fields": after}) of the columns that would change; empty where none would."""
    wanted = {name: getattr(value, "pk", value) for name, value in fields.items()}
    now = {name: getattr(current, Customer._meta.get_field(name).attname) for name in PROPOSABLE}
    if "custom" in wanted:  # each own field is a value of its own
        differing = {code for code, value in wanted["custom"].items() if value != current.custom.get(code)}
        wanted["custom"] = {code: wanted["custom"][code] for code in sorted(differing)}
        now["custom"] = {code: current.custom.get(code) for code in sorted(differing)}
    names = {name for name, value in wanted.items() if value != now[name]}
    if names & set(TOGETHER):
        names |= set(TOGETHER)
    if not names:
        return {}, {}
    return {"fields": {n: now[n] for n in names}}, {"fields": {n: wanted.get(n, now[n]) for n in names}}


def _whole(fields, current):
    """The columns as `edit` takes them: own fields beside the changed ones stay."""
    changes = fields.get("custom")
    return fields | {"custom": own_fields.merged(current.custom, changes)} if changes else fields


def _value(name, stored):
    """A column's value for `edit`: the row behind a foreign key."""
    related = Customer._meta.get_field(name).related_model
    return related.objects.get(pk=stored) if related and stored is not None else stored


def _differing_contacts(stored, wanted):
    """(before, after) as JSON of the contacts that would be changed, added (no before) or removed (no after)."""
    now = {entry.pk: entry for entry in stored}
    wanted = [entry if entry.pk in now else replace(entry, pk=None) for entry in wanted]
    kept = {entry.pk for entry in wanted}
    after = [entry for entry in wanted if entry.pk is None or _said(entry) != _said(now[entry.pk])]
    touched = {entry.pk for entry in after}
    before = [entry for entry in stored if entry.pk in touched or entry.pk not in kept]
    return [_stored(entry) for entry in before], [_stored(entry) for entry in after]


def _merged(before, after, stored):
    """The contacts of the record as it is now with the proposed changes in them, and nothing else undone."""
    was = {entry.pk: entry for entry in before}
    will = {entry.pk: entry for entry in after if entry.pk}
    left = [_changed(entry, was, will) for entry in stored if entry.pk in will or entry.pk not in was]
    known = {entry.pk for entry in stored}
    return left + [replace(entry, pk=None) for entry in after if entry.pk not in known]


def _changed(entry, was, will):
    if entry.pk not in will:
        return entry
    first, then = was[entry.pk], will[entry.pk]
    return replace(entry, **{n: getattr(then, n) for n in CONTACT if _said(then)[n] != _said(first)[n]})


def _said(entry):
    """What a contact says, however its numbers were spaced when they were written."""
    said = {name: getattr(entry, name) for name in CONTACT}
    return said | {"phones": [(p.e164, p.extension) for p in entry.phones], "emails": list(entry.emails)}


def _stored(entry):
    said = {name: getattr(entry, name) for name in ("pk", *CONTACT)}
    phones = [[phone.e164, phone.extension, phone.as_written] for phone in entry.phones]
    return said | {"phones": phones, "emails": list(entry.emails)}


def _entry(stored):
    phones = tuple(Phone(e164, kind_of(e164), extension, written) for e164, extension, written in stored["phones"])
    return ContactEntry(**stored | {"phones": phones, "emails": tuple(stored["emails"])})
