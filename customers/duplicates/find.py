"""Who may be this customer already? One function for every door and every sweep. Source: REC-18.

Equal match keys come first, then names that look alike; the verdict on each candidate is `values.keys.compare`.
"""

from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, DuplicateVerdict, Kind, MatchKey
from customers.values import keys
from staff.models import Branch, Person
from staff.verbs import Verb

from .likeness import ENOUGH, names_like

AT_ONCE = 150  # questions in one statement

REASONS = {
    "same_credit_code": _("same credit code"),
    "same_phone": _("same phone"),
    "same_name": _("same name"),
    "similar_name": _("similar name"),
    "same_email": _("same e-mail"),
    "same_pinyin": _("same pinyin"),
}
# Equal phones, codes and e-mails first and by themselves: a common name must not crowd them out.
SAME_KEY = """
SELECT key.customer_id FROM unnest(%s::text[], %s::text[]) wanted(kind, value)
JOIN customers_matchkey key ON key.kind = wanted.kind AND key.value = wanted.value LIMIT %s
"""
SAME_NAME = """
SELECT key.customer_id FROM customers_matchkey key JOIN customers_customer c ON c.id = key.customer_id
WHERE key.kind = 'name' AND key.value = %s ORDER BY (c.branch_id = %s) IS NOT TRUE, c.id DESC LIMIT %s
"""
COLUMNS = ("id", "name", "kind", "credit_code", "channel", "branch_id", "owner_id", "district_id", "archived_at")
CANDIDATES = """
SELECT {columns}, unit.name, owner.name,
    ARRAY(SELECT value FROM customers_matchkey key WHERE key.customer_id = c.id AND key.kind = 'phone'),
    ARRAY(SELECT value FROM customers_matchkey key WHERE key.customer_id = c.id AND key.kind = 'email')
FROM customers_customer c
JOIN staff_branch unit ON unit.id = c.branch_id
LEFT JOIN staff_person owner ON owner.id = c.owner_id
WHERE c.id = ANY({ids})
"""


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
    ways = _ways(draft)
    if not ways:
        return []
    ids = " UNION ALL ".join(f"({sql})" for sql, _values in ways)
    candidates = _candidates(f"ARRAY({ids})", [value for _sql, values in ways for value in values])
    others = () if excluding is None else {excluding.pk, *_judged_different(excluding)}
    matches = _judged(draft, (found for found in candidates if found[0].pk not in others))
    return [replace(match, visible=person.can_on(Verb.CUSTOMER_VIEW, match.customer)) for match in matches[:limit]]


def find_many(drafts, *, person, limit=5):
    """What `find` gives for each of many drafts, in few queries: the rows of a grid are matched together."""
    found = _together([_ways(draft) for draft in drafts])
    everybody = list(set().union(*found))
    candidates = {row[0].pk: row for row in _candidates("%s", [everybody])} if everybody else {}
    visible = Customer.objects.visible_to(person).filter(pk__in=everybody)
    seen = set(visible.values_list("pk", flat=True)) if everybody else set()
    return [
        [
            replace(match, visible=match.customer.pk in seen)
            for match in _judged(draft, [candidates[pk] for pk in ids])[:limit]
        ]
        for draft, ids in zip(drafts, found, strict=True)
    ]


def _judged(draft, candidates):
    """Those of the candidates who may be the same, surest first."""
    profile, phones_typed, matches = draft.profile(), keys.phone_keys(draft.phones), []
    for customer, phones, emails in candidates:
        is_company = customer.kind == Kind.COMPANY
        theirs = keys.Profile(
            customer.name, customer.credit_code, frozenset(phones), customer.branch_id, is_company, frozenset(emails)
        )
        found = keys.compare(profile, theirs)
        reasons = found.reasons
        if not found.verdict and not phones_typed.isdisjoint(phones):
            reasons = ("same_phone",)  # two different codes with one phone are two customers, but the clerk should know
        if reasons:
            matches.append(Match(customer, found.verdict or keys.SUSPECT, reasons))
    matches.sort(
        key=lambda match: (not match.blocks, match.verdict != keys.SURE, -len(match.reasons), match.customer.pk)
    )
    return matches


def _ways(draft):
    """All that is asked for the candidates of a draft, each as (SQL, values)."""
    wanted = draft.match_keys()
    words = {kind: value for kind, value in wanted if kind in (MatchKey.Kind.NAME, MatchKey.Kind.PINYIN)}
    core, sound = words.get(MatchKey.Kind.NAME, ""), words.get(MatchKey.Kind.PINYIN, "")
    firm = [key for key in wanted if key[0] not in words]
    ways = names_like(core, sound, draft.branch_id)
    if firm:
        ways.append((SAME_KEY, [[kind for kind, _value in firm], [value for _kind, value in firm], ENOUGH]))
    if core:
        ways.append((SAME_NAME, [core, draft.branch_id, ENOUGH]))
    return ways


def _together(asked):
    """The ids that the ways of each draft find, asked for some dozens of drafts at once."""
    found = [set() for _draft in asked]
    numbered = [(place, *way) for place, ways in enumerate(asked) for way in ways]
    with connection.cursor() as cursor:
        for start in range(0, len(numbered), AT_ONCE):
            some = numbered[start : start + AT_ONCE]
            parts = (f"SELECT {place}, found.pk FROM ({sql}) AS found(pk)" for place, sql, _values in some)  # noqa: S608
            cursor.execute(" UNION ALL ".join(parts), [value for _place, _sql, values in some for value in values])
            for place, pk in cursor.fetchall():
                found[place].add(pk)
    return found


def _candidates(ids, values):
    """(customer with what a card shows, its phones, its e-mails) of the customers whose ids the SQL gives."""
    question = CANDIDATES.format(columns=", ".join(f"c.{column}" for column in COLUMNS), ids=ids)
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        rows = cursor.fetchall()
    for *columns, unit, owner, phones, emails in rows:
        customer = Customer.from_db(connection.alias, COLUMNS, columns)
        customer.branch = Branch(pk=customer.branch_id, name=unit)
        customer.owner = owner and Person(pk=customer.owner_id, name=owner)
        yield customer, phones, emails


def _judged_different(customer):
    """Ids of customers that somebody found to be others than this one. Source: REC-18."""
    pairs = DuplicateVerdict.objects.filter(Q(first=customer) | Q(second=customer)).values_list("first_id", "second_id")
    return {pk for pair in pairs for pk in pair}
