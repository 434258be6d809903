"""How the contacts of a record follow what a form says: who leaves is ended, who comes begins. Source: REC-14."""

import re
from dataclasses import replace

from django.utils import timezone

from journal import events

from .models import Contact, ContactWay
from .values.names import person_pinyin
from .values.surnames import COMPOUND_SURNAMES

PURCHASING_CONTACT_CHANGED = "customers.purchasing_contact_changed"
_LATIN_WORD = re.compile(r"[a-z'-]+")


def save_contacts(customer, entries, *, by, at):
    """Make the current contacts of a customer those that are given: change, add, end, bring back.

    Part of the caller's transaction. A contact entered by mistake today goes; whoever was one before stays as a former
    contact, and is one again when an entry names it. Another person as purchasing contact, or none any more, is told as
    an event.
    """
    today = timezone.localdate(at)
    current = {contact.pk: contact for contact in customer.contacts.current()}
    named = {entry.pk for entry in entries if entry.pk} - current.keys()
    back = {contact.pk: contact for contact in customer.contacts.former().filter(pk__in=named)}
    purchasing = {pk for pk, contact in current.items() if contact.role == Contact.Role.PURCHASING}
    entries = [_of_the_same_person(entry, current) for entry in entries]
    gone = current.keys() - {entry.pk for entry in entries}
    mistaken = {pk for pk in gone if current[pk].valid_from == today}
    Contact.objects.filter(pk__in=mistaken).delete()
    Contact.objects.filter(pk__in=gone - mistaken).update(valid_until=today)
    Contact.objects.filter(pk__in=back).update(valid_until=None)
    for entry in entries:
        _save_entry(customer, entry, (current | back).get(entry.pk), today)
    _tell_of_purchasing(customer, purchasing - mistaken, by=by, at=at)


def _save_entry(customer, entry, contact, today):
    columns = {"name": entry.name, "role": entry.role, "title": entry.title}
    if contact:
        Contact.objects.filter(pk=contact.pk).update(**columns)
    else:
        contact = Contact.objects.create(customer=customer, valid_from=today, **columns)
    wanted = {way[:3]: way for way in entry.ways()}
    stored = {(way.kind, way.value, way.extension): way.pk for way in contact.ways.all()}
    ContactWay.objects.filter(pk__in=[pk for way, pk in stored.items() if way not in wanted]).delete()
    ContactWay.objects.bulk_create(
        ContactWay(customer=customer, contact=contact, kind=kind, value=value, extension=ext, as_written=written)
        for (kind, value, ext, written) in (wanted[way] for way in wanted if way not in stored)
    )


def _of_the_same_person(entry, current):
    """The entry, as that of a new contact where another person's name was typed over the one who left."""
    contact = current.get(entry.pk)
    return replace(entry, pk=None) if contact and another_person(contact.name, entry.name) else entry


def another_person(before, after):
    """Whether two names on one line are two people's, rather than one that was mended: 李那 -> 李娜, Li Na -> 李娜.

    They are if given names share no character, or foreign names no word, and they do not sound alike either.
    """
    if not before or not after or person_pinyin(before) == person_pinyin(after):
        return False
    return _telling(before).isdisjoint(_telling(after))


def _telling(name):
    if words := _LATIN_WORD.findall(name.lower()):
        return set(words)
    surname = 2 if name[:2] in COMPOUND_SURNAMES else 1
    return set(name[surname:]) or set(name)


def _tell_of_purchasing(customer, before, *, by, at):
    """Completing a record by its first purchasing contact is no change of person."""
    people = customer.contacts.filter(role=Contact.Role.PURCHASING)
    now = set(people.current().values_list("pk", flat=True))
    gone, come = sorted(before - now), sorted(now - before)
    if not gone and come and not before:
        gone = list(people.former().values_list("pk", flat=True)[:1])
    if gone:
        params = {"old": gone[0], "new": come[0] if come else None}
        events.tell(PURCHASING_CONTACT_CHANGED, subject=customer, at=at, by=by, params=params)
