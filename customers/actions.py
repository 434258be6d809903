"""What people do to customer records. Each action is one transaction and is told who does it and when."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime

import pghistory
from django.db import connection
from django.db.models import F

from staff.history import action
from staff.models import Person

from . import completeness, receipts
from .contact_changes import save_contacts
from .duplicates import Draft, find
from .models import (
    CONSENT_TEXT,
    Consent,
    Contact,
    ContactWay,
    Customer,
    DeclinedConsent,
    DuplicateVerdict,
    MatchKey,
    Need,
    RegistrationForm,
    Stage,
)
from .naming import derived_names
from .values.phones import Phone

GIVEN_BY = {RegistrationForm.Door.TYPED: Consent.Channel.PAPER, RegistrationForm.Door.DESK: Consent.Channel.DESK}

QUEUE = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name"


class DuplicatesFound(Exception):
    """The same phone, credit code or name is there already, and nobody has said why this is another customer."""

    def __init__(self, matches):
        super().__init__(f"{len(matches)} matches")
        self.matches = matches


class SerialTaken(Exception):
    """Another form of this unit bears the paper serial."""


class StaleEdit(Exception):
    """Somebody saved the record after the form was opened. `current` is the record as it stands now."""

    def __init__(self, current):
        super().__init__(str(current.pk))
        self.current = current


class ArchivedRecord(StaleEdit):
    """The record has been put into the archive: it is read, not changed, until somebody restores it."""


class ReasonNeeded(Exception):
    """A name, phone, owner or tier that stands in the record would change, and nobody said why. Source: SEC-04."""


@dataclass(frozen=True)
class ContactEntry:
    """A contact as entered; phones are read already. `pk` names the contact being edited."""

    name: str = ""
    role: str = Contact.Role.GENERAL
    title: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    pk: int | None = None

    def ways(self):
        """(kind, value, extension, as written) of every way to reach the contact."""
        phones = [(ContactWay.Kind.PHONE, p.e164, p.extension, p.as_written) for p in self.phones]
        return phones + [(ContactWay.Kind.EMAIL, email, "", email) for email in self.emails]


@dataclass(frozen=True)
class FormEntry:
    """What the form says about itself, and by which door it came."""

    received_at: datetime
    received_by: Person
    serial: str = ""
    submission: uuid.UUID = field(default_factory=uuid.uuid4)
    door: str = RegistrationForm.Door.TYPED
    consent_text: str = CONSENT_TEXT  # version that the customer has read


@action
def register(
    *, fields, contacts, form, by, at, needs=(), consents=(), declined=(), owner=None, stage=Stage.PROSPECT,
    different_because="",
):  # fmt: skip
    """Enter a registration form: customer, contacts, keys, needs, consents and the form in one transaction.

    `fields` are columns of Customer (name, kind, branch, source, ...); the channel is the unit's. `consents` and
    `declined` are purposes to which the customer said yes and no. Returns the customer;
    the same submission again returns the one already entered. Source: REC-01..04, REC-18.
    Raises DuplicatesFound unless `different_because` says why a match is somebody else, and SerialTaken.
    """
    contacts = [replace(entry, pk=None) for entry in contacts]  # a new customer has no contacts yet, whatever was sent
    draft = _draft(fields, contacts)
    queue_behind_equals(draft, more=[f"submission:{form.submission}", f"serial:{fields['branch'].pk}:{form.serial}"])
    if already := Customer.objects.filter(registration__submission=form.submission).first():
        return already
    if form.serial and RegistrationForm.objects.filter(branch=fields["branch"], serial=form.serial).exists():
        raise SerialTaken(form.serial)
    matches = find(draft, person=by)
    blocking = [match for match in matches if match.blocks]
    if blocking and not different_because:
        raise DuplicatesFound(matches)

    give_reason(different_because)
    customer = new_record(
        fields=fields, contacts=contacts, draft=draft, needs=needs, owner=owner, stage=stage, by=by, at=at
    )
    entered = RegistrationForm.objects.create(
        customer=customer,
        branch=customer.branch,
        door=form.door,
        serial=form.serial,
        received_at=form.received_at,
        received_by=form.received_by,
        entered_at=at,
        entered_by=by,
        submission=form.submission,
    )
    answer = {"customer": customer, "channel": GIVEN_BY[form.door], "evidence": entered, "recorded_by": by}
    Consent.objects.bulk_create(
        Consent(purpose=purpose, text_version=form.consent_text, given_at=form.received_at, **answer)
        for purpose in consents
    )
    DeclinedConsent.objects.bulk_create(
        DeclinedConsent(purpose=purpose, declined_at=form.received_at, **answer) for purpose in declined
    )
    remember_different(customer, blocking, reason=different_because, by=by, at=at)
    receipts.entered(entered, by=by)
    completeness.judge([customer.pk])
    return customer


def new_record(*, fields, contacts, draft, by, at, needs=(), owner=None, stage=Stage.PROSPECT):
    """A customer with contacts, keys and needs, whatever the door. Part of an action that has queued behind equals and
    has looked for duplicates; it judges the completeness when all is written."""
    customer = Customer.objects.create(
        **fields,
        **derived_names(fields["name"], fields["kind"]),
        channel=fields["branch"].channel,
        owner=owner,
        stage=stage,
        created_at=at,
        created_by=by,
        updated_at=at,
        updated_by=by,
    )
    save_contacts(customer, contacts, by=by, at=at)
    _save_keys(customer, draft)
    Need.objects.bulk_create(Need(customer=customer, text=text, noted_at=at, noted_by=by) for text in needs)
    return customer


@action
def edit(customer, *, version, by, at, fields=None, contacts=None, new_needs=(), different_because="", reason=""):
    """Change a record. `version` is that of the form; `contacts`, if given, are all current contacts as they shall be.

    Raises StaleEdit when the record has been saved since the form was opened, ReasonNeeded when a name, tier or phone
    would change without `reason`, and DuplicatesFound as at registration.
    """
    fields = dict(fields or {})
    current = (
        Customer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("branch", "owner")
        .get(pk=customer.pk)
    )
    refuse_stale(current, version)
    if not reason and needs_reason(current, fields, contacts):
        raise ReasonNeeded
    known = {"name": current.name, "kind": current.kind, "credit_code": current.credit_code, "branch": current.branch}
    entries = entries_of(current) if contacts is None else contacts
    before, after = _draft(known, entries_of(current)), _draft(known | fields, entries)
    matches = []
    if after.match_keys() - before.match_keys():
        queue_behind_equals(after)
        known_keys = before.match_keys()
        matches = [m for m in find(after, person=by, excluding=current) if m.blocks and not _shared(m, known_keys)]
        if matches and not different_because:
            raise DuplicatesFound(matches)
    changed = {name: value for name, value in fields.items() if getattr(current, name) != value}
    if not changed and not new_needs and (contacts is None or contacts == entries_of(current)):
        return current  # nothing to say: "last updated" stays true
    give_reason(reason, different_because)
    if "name" in fields or "kind" in fields:
        fields |= derived_names(after.name, after.kind)
    Customer.objects.filter(pk=current.pk).update(**fields, version=F("version") + 1, updated_at=at, updated_by=by)
    if contacts is not None:
        save_contacts(current, contacts, by=by, at=at)
    if after.match_keys() != before.match_keys():
        _save_keys(current, after)
    Need.objects.bulk_create(Need(customer=current, text=text, noted_at=at, noted_by=by) for text in new_needs)
    remember_different(current, matches, reason=different_because, by=by, at=at)
    completeness.judge([current.pk])
    current.refresh_from_db()
    return current


def needs_reason(current, fields, contacts=None):
    """Whether an edit would change a name, a tier or a phone that stands in the record. Adding a phone changes none."""
    if any(name in fields and fields[name] != getattr(current, name) for name in ("name", "tier")):
        return True
    if contacts is None:
        return False
    kept = {(phone.e164, phone.extension) for contact in contacts for phone in contact.phones}
    numbers = current.ways.filter(kind=ContactWay.Kind.PHONE, contact__valid_until=None)
    stored = numbers.values_list("value", "extension")
    return not kept.issuperset(stored)


def refuse_stale(current, version):
    """An archived record is read only; a form of an older version would undo what was saved since."""
    if current.archived_at:
        raise ArchivedRecord(current)
    if current.version != version:
        raise StaleEdit(current)


def entries_of(customer):
    """The current contacts of a stored customer in the shape in which they are entered."""
    return entries_from(customer.contacts.current().prefetch_related("ways"))


def entries_from(contacts):
    """The same for contacts that have been read already."""
    entries = []
    for contact in contacts:
        ways = contact.ways.all()
        phones = [way.phone() for way in ways if way.kind == ContactWay.Kind.PHONE]
        emails = [way.value for way in ways if way.kind == ContactWay.Kind.EMAIL]
        entries.append(
            ContactEntry(contact.name, contact.role, contact.title, tuple(phones), tuple(emails), contact.pk)
        )
    return entries


def _draft(fields, contacts):
    return Draft(
        name=fields["name"],
        kind=fields["kind"],
        credit_code=fields.get("credit_code", ""),
        phones=tuple(phone.e164 for contact in contacts for phone in contact.phones),
        emails=tuple(email for contact in contacts for email in contact.emails),
        branch_id=fields["branch"].pk,
    )


def queue_behind_equals(*drafts, more=()):
    """Wait for anybody who is saving the same phone, code or name right now, so that the second one sees the first.

    In one order for everybody, so that nobody waits in a ring. `more` are other names to queue at."""
    names = {
        f"{kind}:{value}" for draft in drafts for kind, value in draft.match_keys() if kind != MatchKey.Kind.PINYIN
    }
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, [sorted(names.union(more))])


def _shared(match, known_keys):
    """Whether the match rests on keys that the record had before this edit: nothing new to ask about."""
    theirs = {(key.kind, key.value) for key in match.customer.match_keys.all()}
    return bool(theirs & {key for key in known_keys if key[0] != MatchKey.Kind.PINYIN})


def _save_keys(customer, draft):
    wanted = draft.match_keys()
    stored = {(key.kind, key.value): key.pk for key in customer.match_keys.all()}
    MatchKey.objects.filter(pk__in=[pk for key, pk in stored.items() if key not in wanted]).delete()
    MatchKey.objects.bulk_create(
        MatchKey(customer=customer, kind=kind, value=value) for kind, value in sorted(wanted - stored.keys())
    )


def give_reason(*reasons):
    """The history says why, beside who and when."""
    if any(reasons):
        pghistory.context(reason=" · ".join(filter(None, reasons)))


def remember_different(customer, matches, *, reason, by, at):
    """Somebody looked at the card and said it is another customer: do not ask again. Source: REC-18."""
    DuplicateVerdict.objects.bulk_create(
        (
            DuplicateVerdict(
                first_id=min(customer.pk, match.customer.pk),
                second_id=max(customer.pk, match.customer.pk),
                reason=reason,
                decided_at=at,
                decided_by=by,
            )
            for match in matches
        ),
        ignore_conflicts=True,
    )
