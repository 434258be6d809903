"""The rules as a handbook: where each works, which version everybody has read. Source: SEC-08.

An app says in its `handbook.py` where its clauses work: `works_at("REC-04", "customers:register", _("New customer"))`.
Only what works today is declared. Floors below this one are declared here.
"""

import hashlib
from dataclasses import dataclass

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from .stamps import Kept

places: dict[str, list["Place"]] = {}


@dataclass(frozen=True)
class Place:
    """A page on which a clause is obeyed, seen or measured. `args` for a URL that needs some."""

    url_name: str
    label: object
    args: tuple = ()

    @property
    def url(self):
        return reverse(self.url_name, args=self.args)

    def open_to(self, person):
        """Whether the view says that the person may open it."""
        access = getattr(resolve(self.url).func, "access", ())
        return access in ("public", "signed in") or any(person.can(verb) for verb in access)


def works_at(clause, url_name, label, *args):
    """Say that a clause works on a page. Said twice, it stands once."""
    place = Place(url_name, label, args)
    known = places.setdefault(clause, [])
    if place not in known:
        known.append(place)


def _load():
    from .models import Clause

    found = list(Clause.objects.order_by("number"))
    return found, _fingerprint(found)


_kept = Kept("clauses", _load)


def clauses():
    """All clauses in the order of the ledger."""
    return _kept.get()[0]


def version():
    """Fingerprint of the texts in both languages: another text is another version, to be read again."""
    return _kept.get()[1]


def _fingerprint(found):
    digest = hashlib.sha256()
    for clause in found:
        digest.update("\0".join((clause.pk, clause.title_zh, clause.title_en, clause.text_zh, clause.text_en)).encode())
    return digest.hexdigest()[:12]


def unconfirmed(person):
    """The version the person has yet to confirm, for a reminder; "" when there is nothing to read."""
    from .models import HandbookConfirmation

    current = version()
    if not clauses() or HandbookConfirmation.objects.filter(person=person, version=current).exists():
        return ""
    return current


works_at("AUD-16", "policy:rules", _("Parameters"))
works_at("SEC-08", "policy:handbook", _("Handbook"))
works_at("SEC-01", "staff:people", _("People"))
works_at("REC-03", "staff:branches", _("Units"))
works_at("GEN-01", "policy:clocks", _("Clocks"))
works_at("GEN-02", "journal:notifications", _("Notifications"))
works_at("GEN-02", "journal:push_settings", _("How I am told"))
works_at("GEN-02", "journal:outbox", _("Outbox"))
works_at("GEN-04", "journal:notices", _("Notices"))
works_at("SEC-06", "journal:access_log", _("Access log"))
works_at("GEN-03", "journal:exports", _("My exports"))
works_at("SEC-06", "journal:exports", _("My exports"))
