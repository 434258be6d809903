"""The demo company's customers, written in batches: record, contacts, needs, form, consents and match keys of each."""

import uuid
from datetime import timedelta

from customers import completeness, receipts
from customers.models import (
    CONSENT_TEXT,
    BusinessType,
    CompanySize,
    Consent,
    Contact,
    ContactWay,
    Customer,
    Industry,
    MatchKey,
    Need,
    RegistrationForm,
)
from customers.models import Kind as CustomerKind
from customers.naming import derived_names
from customers.values.keys import match_keys

from . import counter, fairs, purchases
from .identities import Identities
from .registrations import NEW_FOR, NEW_STAGES, OLD_STAGES, SOURCES, TIERS, Diary, Hands
from .words import read, short_names, weighted

BATCH = 400
RECEIPTS_FOR = timedelta(days=62)
LOOK_ALIKE_EVERY = 100
UPDATED_SHARE = 0.35
CONSENT_SHARES = {Consent.Purpose.SERVICE: 0.85, Consent.Purpose.MARKETING: 0.42, Consent.Purpose.SURVEY: 0.5}


def build(built, *, on, words, progress):
    """Write the customers of all units in the order in which they were entered; `progress(done, total)` per batch."""
    random = words.random
    codes = {
        name: {row.code: row for row in model.objects.all()}
        for name, model in {"industry": Industry, "size": CompanySize, "type": BusinessType}.items()
    }
    diaries = {code: Diary(plan, on=on, random=random) for code, plan in built.plan.items()}
    identities, hands = Identities(built, words, short_names(), codes), Hands(built, on=on, random=random)
    author = Author(built, identities, hands, diaries, on=on)
    days = [(*diaries[code].draw(), code) for code, plan in built.plan.items() for _each in range(plan["share"])]
    days.sort(key=lambda entry: entry[1])
    for start in range(0, len(days), BATCH):
        _write([author.compose(*entry) for entry in days[start : start + BATCH]])
        progress(min(start + BATCH, len(days)), len(days))
    _follow_up(on)
    counter.build(author, on=on)
    purchases.build(author, on=on)
    fairs.build(on=on)


def _follow_up(on):
    """What registration does besides: completeness, and for the last weeks the receipts of the forms."""
    completeness.judge(Customer.objects.values_list("pk", flat=True))
    forms = RegistrationForm.objects.filter(received_at__date__gt=on - RECEIPTS_FOR)
    receipts.entered_before(list(forms.select_related("branch", "received_by", "entered_by")))


class Author:
    """Composes one customer after the other, with all that belongs to it, unsaved."""

    def __init__(self, built, identities, hands, diaries, *, on):
        self.built, self.identities, self.hands, self.diaries, self.on = built, identities, hands, diaries, on
        self.random, self.vocabulary = hands.random, read("words")
        self.companies, self.count, self.serials = [], 0, {}

    def compose(self, received_at, entered_at, code):
        """(identity, form, needs, consents)."""
        plan, unit = self.built.plan[code], self.built.units[code]
        by = self.hands.enterer(unit, entered_at)
        identity = self._identity(plan)
        self._deal(identity.customer, plan, unit, by, entered_at)
        form = RegistrationForm(
            branch=unit,
            serial=self._serial(plan),
            received_at=received_at,
            received_by=self.hands.clerk(unit, received_at),
            entered_at=entered_at,
            entered_by=by,
            submission=uuid.UUID(int=self.random.getrandbits(128), version=4),
        )
        texts = self.random.sample(self.vocabulary["needs"], weighted(self.random, [(0, 25), (1, 55), (2, 20)]))
        needs = [Need(text=text, noted_at=entered_at, noted_by=by) for text in texts]
        consents = [
            Consent(purpose=purpose, text_version=CONSENT_TEXT, given_at=received_at, recorded_by=by)
            for purpose, share in CONSENT_SHARES.items()
            if self.random.random() < share
        ]
        return identity, form, needs, consents

    def _identity(self, plan):
        self.count += 1
        if self.count % LOOK_ALIKE_EVERY == 0 and plan["territory"]:
            return self.identities.look_alike(self.random.choice(self.companies))
        identity = self.identities.draw(plan)
        if identity.customer.name.endswith("公司"):
            self.companies.append(identity)
        return identity

    def _deal(self, customer, plan, unit, by, at):
        """How the customer is dealt with: channel, source, tier, stage, person in charge, stamps, derived names."""
        age = self.on - at.date()
        customer.branch, customer.channel = unit, unit.channel
        customer.source = weighted(self.random, SOURCES[unit.channel])
        customer.tier = weighted(self.random, TIERS[unit.channel])
        customer.stage = weighted(self.random, NEW_STAGES if age < NEW_FOR else OLD_STAGES)
        customer.owner = self.hands.owner(unit, customer)
        for field, share in (("preferences", 0.22), ("remarks", 0.12)):
            if self.random.random() < share:
                setattr(customer, field, self.random.choice(self.vocabulary[field]))
        customer.created_at = customer.updated_at = at
        customer.created_by = customer.updated_by = by
        if self.random.random() < UPDATED_SHARE and (later := self.diaries[plan["code"]].later(at)):
            customer.updated_at, customer.updated_by, customer.version = later, self.hands.enterer(unit, later), 2
        for field, value in derived_names(customer.name, customer.kind).items():
            setattr(customer, field, value)

    def _serial(self, plan):
        """The next number of the unit's bound book; units without a counter have none."""
        if plan["channel"] != "branch":
            return ""
        self.serials[plan["code"]] = number = self.serials.get(plan["code"], 0) + 1
        return f"LC{plan['number']}{number:05d}"


def _write(entries):
    """One batch by a statement per table."""
    Customer.objects.bulk_create(identity.customer for identity, *_rest in entries)
    contacts, ways, forms, needs, consents, keys = [], [], [], [], [], []
    for identity, form, its_needs, its_consents in entries:
        customer = identity.customer
        for contact, its_ways in identity.people:
            contact.customer = customer
            contacts.append(contact)
            for way in its_ways:
                way.customer, way.contact = customer, contact
                ways.append(way)
        for row in (form, *its_needs, *its_consents):
            row.customer = customer
        for consent in its_consents:
            consent.evidence = form
        forms.append(form)
        needs += its_needs
        consents += its_consents
        keys += [MatchKey(customer=customer, kind=kind, value=value) for kind, value in sorted(_keys(identity))]
    Contact.objects.bulk_create(contacts)
    for way in ways:
        way.contact = way.contact  # takes over the key that the contact has just been given
    ContactWay.objects.bulk_create(ways)
    RegistrationForm.objects.bulk_create(forms)
    for consent in consents:
        consent.evidence = consent.evidence
    for model, rows in ((Consent, consents), (Need, needs), (MatchKey, keys)):
        model.objects.bulk_create(rows)


def _keys(identity):
    customer = identity.customer
    return match_keys(
        name=customer.name,
        credit_code=customer.credit_code,
        phones=identity.ways(ContactWay.Kind.PHONE),
        emails=identity.ways(ContactWay.Kind.EMAIL),
        is_company=customer.kind == CustomerKind.COMPANY,
    )
