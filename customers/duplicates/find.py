"""Who may be this customer already? One function for every door and every sweep. Source: REC-18.

Equal match keys come first, then names that look alike; the verdict on each candidate is `values.keys.compare`.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, DuplicateVerdict, Kind, MatchKey
from customers.values import keys

ENOUGH = 20  # candidates looked at per way of finding them; a card shows five
SIMILARITY = 0.55  # of trigrams; the verdict's own measure is stricter
SHORT = 4  # characters; below, a name is compared as a piece of longer names

REASONS = {
    "same_credit_code": _("same credit code"),
    "same_phone": _("same phone"),
    "same_name": _("same name"),
    "similar_name": _("similar name"),
    "same_email": _("same e-mail"),
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
            self.name,
            self.credit_code,
            frozenset(self.phones),
            self.branch_id,
            self.kind == Kind.COMPANY,
            frozenset(self.emails),
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
    if excluding is not None:
        ids -= {excluding.pk, *_judged_different(excluding)}
    if not ids:
        return []
    visible = set(Customer.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    ways = _ways_of(ids)
    matches = []
    for customer in Customer.objects.filter(pk__in=ids).select_related("branch", "owner"):
        theirs = ways.get(customer.pk, {})
        phones, emails = (frozenset(theirs.get(kind, ())) for kind in (MatchKey.Kind.PHONE, MatchKey.Kind.EMAIL))
        profile = keys.Profile(
            customer.name, customer.credit_code, phones, customer.branch_id, customer.kind == Kind.COMPANY, emails
        )
        found = keys.compare(draft.profile(), profile)
        reasons = found.reasons
        if not found.verdict and phones & keys.phone_keys(draft.phones):
            reasons = ("same_phone",)  # two different codes with one phone are two customers, but the clerk should know
        if reasons:
            matches.append(Match(customer, found.verdict or keys.SUSPECT, reasons, customer.pk in visible))
    matches.sort(
        key=lambda match: (not match.blocks, match.verdict != keys.SURE, -len(match.reasons), match.customer.pk)
    )
    return matches[:limit]


def _by_keys(draft):
    """Equal phones, codes and e-mails first and by themselves: a common name must not crowd them out."""
    firm, names = Q(pk__in=[]), []
    for kind, value in draft.match_keys():
        if kind in (MatchKey.Kind.NAME, MatchKey.Kind.PINYIN):
            names.append(MatchKey.objects.filter(kind=kind, value=value))
        else:
            firm |= Q(kind=kind, value=value)
    found = set(MatchKey.objects.filter(firm).values_list("customer_id", flat=True)[:ENOUGH])
    own_first = Case(When(customer__branch=draft.branch_id, then=0), default=1)
    for keys_of_name in names:
        found.update(keys_of_name.order_by(own_first, "-customer").values_list("customer_id", flat=True)[:ENOUGH])
    return found


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


def _ways_of(ids):
    """{customer id: {key kind: values}} of phones and e-mails."""
    kinds = (MatchKey.Kind.PHONE, MatchKey.Kind.EMAIL)
    ways = {}
    for pk, kind, value in MatchKey.objects.filter(customer__in=ids, kind__in=kinds).values_list(
        "customer_id", "kind", "value"
    ):
        ways.setdefault(pk, {}).setdefault(kind, set()).add(value)
    return ways


def _judged_different(customer):
    """Ids of customers that somebody found to be others than this one. Source: REC-18."""
    pairs = DuplicateVerdict.objects.filter(Q(first=customer) | Q(second=customer)).values_list("first_id", "second_id")
    return {pk for pair in pairs for pk in pair}
