"""What a card adds to a record that exists: blanks are filled, what stands there stays. Source: REC-11, import.md."""

from dataclasses import replace

from .values.phone_display import masked, masked_email
from .values.text import person_name


def with_card(stored, card):
    """The contacts of a record, as entries, with those of a card: (contacts, kept).

    The contact of the same name gets the numbers that it lacks; a nameless one that has the number gets the name;
    whoever is not there yet becomes a contact. `kept` are (what, as it stands, as the card says) of values that the
    record has otherwise: they stay as they are.
    """
    if not (card.name or card.phones or card.emails):
        return stored, []
    at = _place(stored, card)
    others = [entry for place, entry in enumerate(stored) if place != at]
    phones = {_number(phone): entry for entry in others for phone in entry.phones}
    emails = {email: entry for entry in others for email in entry.emails}
    kept = [("phone", _who(phones[_number(p)]), masked(p)) for p in card.phones if _number(p) in phones]
    kept += [("email", _who(emails[email]), masked_email(email)) for email in card.emails if email in emails]
    free = replace(
        card,
        phones=tuple(phone for phone in card.phones if _number(phone) not in phones),
        emails=tuple(email for email in card.emails if email not in emails),
    )
    if at is None:
        says = free.name or free.phones or free.emails
        return ([*stored, replace(free, pk=None)] if says else stored), kept
    entry = stored[at]
    if entry.title and card.title and entry.title != card.title:
        kept.append(("title", entry.title, card.title))
    has = {_number(phone) for phone in entry.phones}
    filled = replace(
        entry,
        name=entry.name or card.name,
        title=entry.title or card.title,
        phones=entry.phones + tuple(phone for phone in free.phones if _number(phone) not in has),
        emails=entry.emails + tuple(email for email in free.emails if email not in entry.emails),
    )
    return [*stored[:at], filled, *stored[at + 1 :]], kept


def _place(stored, card):
    """Which contact the card is about; None for a new one."""
    numbers = {_number(phone) for phone in card.phones}

    def reached_alike(entry):
        return bool(numbers & {_number(phone) for phone in entry.phones} or set(card.emails) & {*entry.emails})

    if card.name:
        named = [at for at, entry in enumerate(stored) if person_name(entry.name) == card.name]
        nameless = [at for at, entry in enumerate(stored) if not entry.name and reached_alike(entry)]
        return next(iter(named + nameless), None)
    alike = [at for at, entry in enumerate(stored) if reached_alike(entry)]
    nameless = [at for at, entry in enumerate(stored) if not entry.name]
    return next(iter(alike + nameless), None)


def _number(phone):
    return phone.e164, phone.extension


def _who(entry):
    return entry.name or entry.title
