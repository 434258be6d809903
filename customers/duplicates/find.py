"""Who may be this customer already? One function for every door and every sweep. Source: REC-18.

Equal match keys come first, then names that look alike; the verdict on each candidate is `values.keys.compare`.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, DuplicateVerdict, Kind, MatchKey
from customers.values import keys
from staff.verbs import Verb

from .likeness import ENOUGH, names_like, questions

AT_ONCE = 150  # questions in one statement

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
    customers = Customer.objects.filter(pk__in=ids).select_related("branch", "owner")
    return _judged(
        draft, customers, _ways_of(ids), sees=lambda customer: person.can_on(Verb.CUSTOMER_VIEW, customer)
    )[:limit]  # fmt: skip


def find_many(drafts, *, person, limit=5):
    """What `find` gives for each of many drafts, in few queries: the rows of a grid are matched together."""
    candidates = _together([_questions(draft) for draft in drafts])
    everybody = set().union(*candidates)
    if not everybody:
        return [[] for _draft in drafts]
    customers = Customer.objects.filter(pk__in=everybody).select_related("branch", "owner").in_bulk()
    visible = Customer.objects.visible_to(person).filter(pk__in=everybody)
    seen, ways = set(visible.values_list("pk", flat=True)), _ways_of(everybody)
    return [
        _judged(draft, [customers[pk] for pk in ids], ways, sees=lambda customer: customer.pk in seen)[:limit]
        for draft, ids in zip(drafts, candidates, strict=True)
    ]


def _judged(draft, customers, ways, *, sees):
    """The candidates that may be the same, surest first."""
    matches = []
    for customer in customers:
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
            matches.append(Match(customer, found.verdict or keys.SUSPECT, reasons, sees(customer)))
    matches.sort(
        key=lambda match: (not match.blocks, match.verdict != keys.SURE, -len(match.reasons), match.customer.pk)
    )
    return matches


def _by_keys(draft):
    """Ids of those with an equal key."""
    return {pk for rows in _with_keys(draft) for pk in rows}


def _with_keys(draft):
    """Equal phones, codes and e-mails first and by themselves: a common name must not crowd them out."""
    firm, names = Q(pk__in=[]), Q(pk__in=[])
    for kind, value in draft.match_keys():
        if kind == MatchKey.Kind.NAME:
            names = Q(kind=kind, value=value)
        elif kind != MatchKey.Kind.PINYIN:
            firm |= Q(kind=kind, value=value)
    own_first = Case(When(customer__branch=draft.branch_id, then=0), default=1)
    same_name = MatchKey.objects.filter(names).order_by(own_first, "-customer")
    return [rows.values_list("customer_id", flat=True)[:ENOUGH] for rows in (MatchKey.objects.filter(firm), same_name)]


def _by_likeness(draft):
    return names_like(*_name_of(draft))


def _name_of(draft):
    keys_of_name = dict(draft.match_keys())
    return keys_of_name.get(MatchKey.Kind.NAME, ""), keys_of_name.get(MatchKey.Kind.PINYIN, ""), draft.branch_id


def _questions(draft):
    """All that is asked for the candidates of a draft, as (SQL, values)."""
    asked = []
    for rows in _with_keys(draft):
        with suppress(EmptyResultSet):
            asked.append(rows.query.sql_with_params())
    return asked + questions(*_name_of(draft))


def _together(asked):
    """The ids that the questions of each draft find, asked for some dozens of drafts at once."""
    found = [set() for _draft in asked]
    numbered = [(place, *question) for place, of_draft in enumerate(asked) for question in of_draft]
    with connection.cursor() as cursor:
        for start in range(0, len(numbered), AT_ONCE):
            some = numbered[start : start + AT_ONCE]
            parts = (f"SELECT {place}, found.pk FROM ({sql}) AS found(pk)" for place, sql, _values in some)  # noqa: S608
            cursor.execute(" UNION ALL ".join(parts), [value for _place, _sql, values in some for value in values])
            for place, pk in cursor.fetchall():
                found[place].add(pk)
    return found


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
