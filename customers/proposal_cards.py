"""Proposals as people read them: each value before, now and as proposed; many of them in a few queries."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from staff.models import District
from staff.verbs import Verb

from . import own_fields
from .actions import entries_from
from .models import BusinessType, CompanySize, Contact, Customer, Industry, OwnField, ProposedChange, kept
from .proposals import TOGETHER, contact_entries
from .values import phone_display

CODES = {"industry": Industry, "size": CompanySize, "business_type": BusinessType}


@dataclass(frozen=True)
class Line:
    """One value of a proposal: what the record said then, says now, and shall say."""

    label: str
    before: str
    now: str
    after: str

    @property
    def moved(self):
        """Whether somebody changed it after it was proposed, to something else."""
        return self.now not in (self.before, self.after)


@dataclass(frozen=True)
class Card:
    proposal: ProposedChange
    lines: list[Line]
    decidable: bool

    @property
    def moved(self):
        return any(line.moved for line in self.lines)

    @property
    def said_already(self):
        return all(line.now == line.after for line in self.lines)


def cards(proposals, person):
    """Cards of readable proposals. Phones are masked for whom the record masks them. Source: SEC-06."""
    proposals = list(proposals)
    customers = {proposal.customer_id: proposal.customer for proposal in proposals}
    if not proposals:
        return []
    prefetch_related_objects(list(customers.values()), "contacts__ways")
    sees = Customer.objects.visible_to(person, verb=Verb.CONTACT_SEE).filter(pk__in=customers)
    unmasked = set(sees.values_list("pk", flat=True))
    mine = ProposedChange.objects.to_decide(person).filter(pk__in=[proposal.pk for proposal in proposals])
    decidable = set(mine.values_list("pk", flat=True))
    reader = _Reader(proposals)
    return [Card(p, reader.lines(p, masked=p.customer_id not in unmasked), p.pk in decidable) for p in proposals]


def in_words(proposals):
    """{proposal id: each change as "label: before → after"}, phones and e-mails masked, as they leave in a file."""
    reader = _Reader(proposals)
    prefetch_related_objects([proposal.customer for proposal in proposals], "contacts__ways")
    return {
        proposal.pk: [
            f"{line.label}: {line.before or '—'} → {line.after or '—'}" for line in reader.lines(proposal, masked=True)
        ]
        for proposal in proposals
    }


class _Reader:
    """Labels of everything that the proposals mention, read at once."""

    def __init__(self, proposals):
        sides = [side.get("fields", {}) for p in proposals for side in (p.before, p.after)]
        ids = {side["district"] for side in sides if side.get("district")}
        ids |= {p.customer.district_id for p in proposals if p.customer.district_id}
        self.labels = {"district": {d.pk: str(d) for d in District.objects.filter(pk__in=ids)}}
        self.own = {field.code: str(field) for field in kept(OwnField)}
        self.labels |= {name: {entry.pk: str(entry) for entry in kept(table)} for name, table in CODES.items()}

    def lines(self, proposal, *, masked):
        return [*self._fields(proposal), *_contacts(proposal, masked), *_needs(proposal)]

    def _fields(self, proposal):
        before, after = (side.get("fields", {}) for side in (proposal.before, proposal.after))
        for field in Customer._meta.fields:
            if field.name == "custom":
                yield from self._own_fields(proposal, before.get("custom", {}), after.get("custom", {}))
            elif field.name in after and not (field.name in TOGETHER and before[field.name] == after[field.name]):
                now = getattr(proposal.customer, field.attname)
                values = [self._shown(field, value) for value in (before[field.name], now, after[field.name])]
                yield Line(capfirst(field.verbose_name), *values)

    def _own_fields(self, proposal, before, after):
        for code in after:
            values = (side.get(code) for side in (before, proposal.customer.custom, after))
            yield Line(
                self.own.get(code, code), *("" if value is None else own_fields.shown(value) for value in values)
            )

    def _shown(self, field, value):
        if value in (None, ""):
            return ""
        if field.name in self.labels:
            return self.labels[field.name].get(value, f"#{value}")
        return str(dict(field.flatchoices).get(value, Customer.history_value(field.name, value)))


def _contacts(proposal, masked):
    before, after = contact_entries(proposal)
    if not (before or after):
        return
    was, will = {entry.pk: entry for entry in before}, {entry.pk: entry for entry in after if entry.pk}
    now = {
        entry.pk: entry for entry in entries_from(c for c in proposal.customer.contacts.all() if c.valid_until is None)
    }
    label = _("Contact")
    for pk in was:
        yield Line(label, *(_contact(side.get(pk), masked) for side in (was, now, will)))
    for entry in after:
        if entry.pk is None:
            yield Line(label, "", "", _contact(entry, masked))


def _contact(entry, masked):
    if entry is None:
        return ""
    phone, email = (
        (phone_display.masked, phone_display.masked_email) if masked else (phone_display.shown, str)
    )  # fmt: skip
    role = Contact.Role(entry.role).label
    parts = [entry.name, role, entry.title, *map(phone, entry.phones), *map(email, entry.emails)]
    return " · ".join(str(part) for part in parts if part)


def _needs(proposal):
    for need in proposal.after.get("needs", []):
        yield Line(_("New needs"), "", "", need)
