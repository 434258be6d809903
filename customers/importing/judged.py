"""What is said of one row of a legacy spreadsheet: clean values, and what is wrong with its cells. Source: REC-15."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from customers.values import suspicion
from customers.values.keys import SHORTEST_NAME, Profile
from customers.values.names import core
from customers.values.text import person_name

REJECTED = {
    "no_name": _("There is no customer name: fill it in."),
    "no_contact": _("There is no phone, e-mail or address: fill in at least one of them."),
    "credit_code": _("The check digit of the credit code is wrong: compare it with the licence."),
    "date": _("This is no date: write it as 2012-05-03."),
    "branch": _("There is no unit of this name: correct it or choose a unit for such rows."),
}
NO_UNITS = _("No column says the unit: choose a unit for all rows.")
ARCHIVED = _("The record is in the archive: it stays as it is.")
WARNINGS = {
    "virtual_name": _("The name looks invented: %(why)s."),
    "virtual_phone": _("The phone looks invented: %(why)s."),
    "phone": _("“%(written)s” is no phone number: it is kept in the remarks."),
    "people": _("“%(written)s” names several people, but not whose each phone is: they stay one contact."),
    "email": _("“%(written)s” is no e-mail address: it is kept in the remarks."),
    "unknown_word": _("“%(written)s” is not in the list: the usual value is taken and what was written is kept."),
    "left_empty": _("“%(written)s” is not in the list: the field is not filled and what was written is kept."),
    "default_branch": _("There is no unit “%(written)s”: the chosen unit is taken and what was written is kept."),
    "own_field": _("“%(written)s” does not fit this field: it is kept as it is written."),
    "old_number": _("An old registration number with 15 digits is no credit code: it is kept beside the record."),
    "too_long": _("The text is longer than its field: it is cut there and kept whole beside it."),
    "formula": _("The formula of this cell has no value (%(written)s): enter the value itself."),
    "cut_by_spreadsheet": _("The spreadsheet has cut off digits of this number: look it up and enter it as text."),
}


@dataclass(slots=True)
class Problem:
    """A cell to colour: its column from 0 (None when no column of the sheet has the field) and what is wrong with it.
    `code` is a key of REJECTED or WARNINGS; by `params` a reader is told in another language, see `sentences`."""

    column: int | None
    code: str
    sentence: str
    params: dict | None = None

    @property
    def kept(self):
        """As a row keeps it."""
        said = [self.column, self.code, self.sentence]
        return said if self.params is None else [*said, self.params]


@dataclass(slots=True)
class Judged:
    """A row read. Entries of lists (branch, source, tier ...) are what the Wording has for them, or None."""

    rejected: str = ""
    name: str = ""
    kind: str = "company"
    contact: str = ""
    given_name: str = ""  # of the contact, until the row is complete
    family_name: str = ""
    title: str = ""
    phones: tuple = ()  # values.phones.Phone
    emails: tuple = ()
    credit_code: str = ""
    country: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    area: str = ""
    address: str = ""
    branch: object = None
    source: object = None
    tier: object = None
    industry: object = None
    size: object = None
    business_type: object = None
    by_default: tuple = ()  # which of these the row does not say itself
    owner: str = ""
    author: str = ""
    created_on: object = None  # datetime.date
    needs: tuple = ()
    preferences: str = ""
    remarks: str = ""
    own: dict = field(default_factory=dict)  # {field: value as stored}
    extras: dict = field(default_factory=dict)  # {heading: text}
    virtual: tuple = ()  # codes of suspicion.REASONS
    warned: bool = False  # something else than a virtual name or phone
    problems: list = field(default_factory=list)
    name_is_virtual: bool = False
    further: dict = field(default_factory=dict)  # {2, 3 ...: Judged, of which only what tells of a contact is set}
    people: tuple = ()  # people.Named, where one cell has several of them
    several: tuple = ()  # ("phones" or "emails", values) of cells that have several
    reference: str = ""  # of a row of an error workbook: which row it corrects
    phone_keys: tuple = ()  # as keys.phone_keys, known while they are read

    @property
    def others(self):
        """The contacts behind the first."""
        return [self.further[number] for number in sorted(self.further)] if self.further else ()

    @property
    def email_keys(self):
        """Addresses of all contacts, by which the customer is found."""
        if not self.further:
            return self.emails
        return tuple(dict.fromkeys(address for one in (self, *self.others) for address in one.emails))

    def profile(self):
        """For comparing with other customers; see customers.values.keys.compare."""
        is_company = self.kind == "company"
        stem = "" if self.name_is_virtual else core(self.name if is_company else person_name(self.name))
        stem = stem if len(stem) >= SHORTEST_NAME else ""
        phones, emails = frozenset(self.phone_keys), frozenset(self.email_keys)
        return Profile.known(self.name, stem, self.credit_code, phones, emails, self.branch, is_company)


def spoken(sentence, params):
    """A sentence in the language that is active. Why something looks invented is kept as a code."""
    if "why" in params:
        params = params | {"why": suspicion.REASONS[params["why"]]}
    return str(sentence) % params
