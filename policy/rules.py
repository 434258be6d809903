"""Parameters of the clauses: declared by the app that obeys them, changed by the administrator with a date.

    FIRST_CONTACT = Rule("complaints.first_contact", "30min", clause="CMP-02", label=_("First contact"), kind="term")
    FIRST_CONTACT.value(branch=branch, on=day)

An app declares in its `rules.py`, which is found by itself. What was judged under an old value keeps it: a clock stores
its term, a finding its limit. Source: AUD-16, architecture ("Rules as data").
"""

import re
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Func, JSONField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .stamps import Kept
from .terms import Term

KINDS = ("integer", "decimal", "boolean", "time", "date", "choice", "term")
registry: dict[str, "Rule"] = {}


@dataclass(frozen=True)
class Rule:
    """One parameter. `default`, `minimum` and `maximum` are written as `value` returns them, terms as text;
    a date may be None: not set.

    `choices` are (stored, label) pairs. `unit` says what an amount counts: "CNY", ngettext_lazy("day", "days").
    """

    key: str
    default: object
    clause: str
    label: object
    kind: str = "integer"
    unit: object = ""
    minimum: object = None
    maximum: object = None
    choices: tuple = field(default=(), hash=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ImproperlyConfigured(f"{self.key}: there is no kind of rule “{self.kind}”")
        if self.key in registry and registry[self.key] != self:
            raise ImproperlyConfigured(f"Two rules are called {self.key}")
        self.stored(self.default)
        registry[self.key] = self

    def value(self, branch=None, *, on):
        """The value in force for a unit (a row or its id; None: the company's) on a date."""
        branch_id = getattr(branch, "pk", branch)
        return self.values([branch_id], on=on)[branch_id]

    def values(self, branch_ids, *, on):
        """{unit id: value in force}, for many at once."""
        rows = {pk: in_force(self.key, pk, on, kept) for kept in [_rows.get()] for pk in branch_ids}
        return {pk: self.default_value if row is None else self.read(row.value) for pk, row in rows.items()}

    @property
    def default_value(self):
        return self.read(self.stored(self.default))

    def expression(self, branch, on):
        """The value as JSON for queries; `branch` and `on` are columns or values. Cast it with KT or ->>."""
        stored = Func(
            Value(self.key), branch, on, function="policy_rule_value", output_field=JSONField()
        )  # fmt: skip
        return Coalesce(stored, Value(self.stored(self.default), JSONField()))

    def read(self, stored):
        """A stored value as Python has it. One that no longer fits the kind counts as the default."""
        try:
            return self._read(stored)
        except (ValueError, TypeError, InvalidOperation, ValidationError):
            return self.default_value

    def _read(self, stored):
        if self.kind == "boolean":
            return bool(stored)
        if self.kind == "integer":
            return int(stored)
        if self.kind == "decimal":
            return Decimal(stored)
        if self.kind == "time":
            return time.fromisoformat(stored)
        if self.kind == "date":
            return date.fromisoformat(stored) if stored else None
        if self.kind == "term":
            return Term.parse(stored)
        if stored not in dict(self.choices):
            raise ValueError(stored)
        return stored

    def stored(self, value):
        """A value as JSON keeps it. Raises ValidationError for one that is out of its range."""
        if self.kind == "choice" and value not in dict(self.choices):
            raise ValidationError(_("Choose one of the values offered."))
        if self.kind == "term":
            return str(Term.parse(value))
        if self.kind == "time":
            value = value if isinstance(value, time) else time.fromisoformat(value)
        if self.kind == "date":
            return str(value) if value else ""
        if self.kind == "decimal":
            value = Decimal(value)
        for limit, beyond, message in (
            (self.minimum, lambda: value < self.minimum, _("At least %(limit)s.")),
            (self.maximum, lambda: value > self.maximum, _("At most %(limit)s.")),
        ):
            if limit is not None and beyond():
                raise ValidationError(message, params={"limit": self.in_words(limit)})
        if self.kind == "time":
            return value.strftime("%H:%M")
        return str(value) if self.kind == "decimal" else value

    def in_words(self, value):
        """A value for the reader, with its unit."""
        if self.kind == "boolean":
            return _("yes") if value else _("no")
        if self.kind == "term":
            return value.in_words
        if self.kind == "time":
            return f"{value:%H:%M}"
        if self.kind == "date":
            return str(value) if value else _("not set")
        if self.kind == "choice":
            return dict(self.choices)[value]
        return f"{value} {self.unit_of(value)}".strip()

    def unit_of(self, amount):
        """The unit as it reads beside an amount."""
        try:
            return self.unit % (amount if amount == int(amount) else 2)
        except (TypeError, ValueError):  # it has no plural
            return self.unit


def _load():
    """{(key, branch or None): its rows, the one that decides last at the end}."""
    from .models import RuleValue

    found = {}
    for row in RuleValue.objects.select_related("set_by", "branch").order_by("starts_on", "set_at", "pk"):
        found.setdefault((row.rule, row.branch_id), []).append(row)
    return found


_rows = Kept("rules", _load)


def in_force(key, branch_id, on, kept=None):
    """The RuleValue that decides for a unit on a date; None where the default does. Same as SQL policy_rule_value."""
    kept = _rows.get() if kept is None else kept
    for branch in dict.fromkeys((branch_id, None)):
        rows = [row for row in kept.get((key, branch), ()) if row.starts_on <= on]
        if rows and rows[-1].value is not None:
            return rows[-1]
    return None


def of_clause(clause_id):
    """The parameters of a clause, in the order of their declaration."""
    return [rule for rule in registry.values() if rule.clause == clause_id]


def pausable(clause_id, *, branch=None, on):
    """Whether clocks of a clause may be paused: its boolean rule whose key ends in ".pausable"; without one, never."""
    for rule in of_clause(clause_id):
        if rule.kind == "boolean" and re.search(r"\.pausable$", rule.key):
            return rule.value(branch, on=on)
    return False


NOON = time(12)
OPENS = Rule(
    "policy.opens",
    default="08:30",
    maximum=NOON,
    kind="time",
    clause="GEN-01",
    label=_("Opens, where a unit has no hours of its own"),
)
CLOSES = Rule(
    "policy.closes",
    default="18:00",
    minimum=time(12, 1),  # so that it is after any opening
    kind="time",
    clause="GEN-01",
    label=_("Closes, where a unit has no hours of its own"),
)
