"""Who may be this customer already? One function for every door and every sweep. Source: REC-18.

Equal match keys come first, then names that look alike; the verdict on each candidate is `values.keys.compare`.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Kind, MatchKey
from customers.values import keys

ENOUGH = 20  # candidates looked at per way of finding them; a card shows five
SIMILARITY = 0.55  # of trigrams; the verdict's own measure is stricter
SHORT = 4  # characters; below, a name is compared as a piece of longer names

REASONS = {
    "same_credit_code": _("same credit code"),
    "same_phone": _("same phone"),
    "same_name": _("same name"),
    "similar_name": _("similar name"),
    "same_pinyin": _("same pinyin"),
}


@dataclass(frozen=True)
class Draft:
    """What is known of a customer that is being entered. `phones` and `emails` are normalised values."""

    name: str = ""
    kind: str = Kind.COMPANY
    credit_code: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    branch_id: int | None = None

    def match_keys(self):
        return keys.match_keys(
            name=self.name,
            credit_code=self.credit_code,
            phones=self.phones,
            emails=self.emails,
            is_company=self.kind == Kind.COMPANY,
        )

    def profile(self):
        return keys.Profile(
            self.name, self.credit_code, frozenset(self.phones), self.branch_id, self.kind == Kind.COMPANY
        )


@dataclass(frozen=True)
class Match:
    """An existing customer that may be the same. Not `visible`: only name, unit and owner may be shown."""

    customer: Customer
    verdict: str  # keys.SURE or keys.SUSPECT
    reasons: tuple[str, ...] = ()
    visible: bool = False

    @property
    def reason_labels(self):
        return [REASONS[reason] for reason in self.reasons]

    @property
    def blocks(self):
        """Whether entering it again needs a reason: same phone, code or company name. A mere likeness does not, nor a
        person's name, however equal: there are many 张伟 in one town."""
        firm = {"same_phone", "same_credit_code"}
        if self.customer.kind == Kind.COMPANY:
            firm.add("same_name")
        return not firm.isdisjoint(self.reasons)


def find(draft, *, person, excluding=None, limit=5):
    """Matches of a draft, surest first, over all units. `excluding` is the customer being edited."""
    ids = _by_keys(draft) | _by_likeness(draft)
    ids.discard(excluding.pk if excluding else None)
    if not ids:
        return []
    visible = set(Customer.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    phones = _phones_of(ids)
    matches = []
    for customer in Customer.objects.filter(pk__in=ids).select_related("branch", "owner"):
        theirs = phones.get(customer.pk, frozenset())
        profile = keys.Profile(
            customer.name, customer.credit_code, theirs, customer.branch_id, customer.kind == Kind.COMPANY
        )
        found = keys.compare(draft.profile(), profile)
        reasons = found.reasons
        if not found.verdict and theirs & keys.phone_keys(draft.phones):
            reasons = ("same_phone",)  # two different codes with one phone are two customers, but the clerk should know
        if reasons:
            matches.append(Match(customer, found.verdict or keys.SUSPECT, reasons, customer.pk in visible))
    matches.sort(
        key=lambda match: (not match.blocks, match.verdict != keys.SURE, -len(match.reasons), match.customer.pk)
    )
    return matches[:limit]


def _by_keys(draft):
    wanted = Q(pk__in=[])
    for kind, value in draft.match_keys():
        wanted |= Q(kind=kind, value=value)
    return set(MatchKey.objects.filter(wanted).values_list("customer_id", flat=True)[: ENOUGH * 2])


def _by_likeness(draft):
    core = next((value for kind, value in draft.match_keys() if kind == MatchKey.Kind.NAME), "")
    if len(core) < 2:
        return set()
    if len(core) <= SHORT:
        return set(Customer.objects.named_like(core).values_list("pk", flat=True)[:ENOUGH])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(SIMILARITY)])
        cursor.execute(
            "SELECT id FROM customers_customer WHERE name_core %% %s ORDER BY similarity(name_core, %s) DESC LIMIT %s",
            [core, core, ENOUGH],
        )
        return {pk for (pk,) in cursor.fetchall()}


def _phones_of(ids):
    phones = {}
    for customer_id, value in MatchKey.objects.filter(customer__in=ids, kind=MatchKey.Kind.PHONE).values_list(
        "customer_id", "value"
    ):
        phones.setdefault(customer_id, set()).add(value)
    return {pk: frozenset(values) for pk, values in phones.items()}
