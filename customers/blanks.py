"""What a card adds to a record that exists: blanks are filled, what stands there stays. Source: REC-11, import.md.

Whom a row of a file is about is found by the same rule.
"""

from dataclasses import replace

from .values.phone_display import masked, masked_email
from .values.text import person_name


def with_card(stored, card):
    """The contacts of a record, as entries, with those of a card: (contacts, kept).

    Whom `place_of` finds gets the numbers that it lacks; whoever is not there yet becomes a contact. `kept` are (what,
    as it stands, as the card says) of values that the record has otherwise: they stay as they are.
    """
    if not (card.name or card.phones or card.emails):
        return stored, []
    at = place_of(card.name, [(entry.name, _reached_alike(entry, card)) for entry in stored])
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


def place_of(name, contacts):
    """Which of the contacts somebody of this name, or of none, is; None for a new one.

    `contacts` are (name, whether it is reached alike). A name means the one who bears it, else a nameless one who is
    reached alike and gets the name; no name means the one who is reached alike, else a nameless one.
    """
    if name:
        same = person_name(name).casefold()
        surely = [person_name(other).casefold() == same for other, _alike in contacts]
        perhaps = [alike and not other for other, alike in contacts]
    else:
        surely = [alike for _other, alike in contacts]
        perhaps = [not other for other, _alike in contacts]
    return next((fits.index(True) for fits in (surely, perhaps) if True in fits), None)


def _reached_alike(entry, card):
    phones, emails = set(map(_number, entry.phones)), set(entry.emails)
    return not (phones.isdisjoint(map(_number, card.phones)) and emails.isdisjoint(card.emails))


def _number(phone):
    return phone.e164, phone.extension


def _who(entry):
    return entry.name or entry.title
