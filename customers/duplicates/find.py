"""Who may be this customer already? One function for every door and every sweep. Source: REC-18.

Equal match keys come first, then names that look alike; the verdict on each candidate is `values.keys.compare`.
"""

from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, DuplicateVerdict, Kind, MatchKey
from customers.values import keys
from staff.verbs import Verb

from .likeness import ENOUGH, names_like

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
            visible = person.can_on(Verb.CUSTOMER_VIEW, customer)
            matches.append(Match(customer, found.verdict or keys.SUSPECT, reasons, visible))
    matches.sort(
        key=lambda match: (not match.blocks, match.verdict != keys.SURE, -len(match.reasons), match.customer.pk)
    )
    return matches[:limit]


def _by_keys(draft):
    """Equal phones, codes and e-mails first and by themselves: a common name must not crowd them out."""
    firm, names = Q(pk__in=[]), Q(pk__in=[])
    for kind, value in draft.match_keys():
        if kind == MatchKey.Kind.NAME:
            names = Q(kind=kind, value=value)
        elif kind != MatchKey.Kind.PINYIN:
            firm |= Q(kind=kind, value=value)
    found = set(MatchKey.objects.filter(firm).values_list("customer_id", flat=True)[:ENOUGH])
    own_first = Case(When(customer__branch=draft.branch_id, then=0), default=1)
    same_name = MatchKey.objects.filter(names).order_by(own_first, "-customer")
    return found.union(same_name.values_list("customer_id", flat=True)[:ENOUGH])


def _by_likeness(draft):
    keys_of_name = dict(draft.match_keys())
    name, sound = keys_of_name.get(MatchKey.Kind.NAME, ""), keys_of_name.get(MatchKey.Kind.PINYIN, "")
    return names_like(name, sound, draft.branch_id)


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
