"""Parameters for readers: what is in force, since when, who set it, what comes."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from . import rules
from .models import RuleValue


@dataclass(frozen=True)
class Parameter:
    """A rule as it stands on a day; `row` is None while the default decides."""

    rule: rules.Rule
    row: RuleValue | None
    value: object

    @property
    def unit(self):
        """The unit whose own value it is; None for the company's."""
        return self.row and self.row.branch

    @property
    def in_words(self):
        return self.rule.in_words(self.value)

    @property
    def limits(self):
        """Least and most in words; "" where nothing limits it."""
        ends = {"least": self.rule.minimum, "most": self.rule.maximum}
        words = {name: self.rule.in_words(end) for name, end in ends.items() if end is not None}
        texts = {
            ("least", "most"): _("at least %(least)s, at most %(most)s"),
            ("least",): _("at least %(least)s"),
            ("most",): _("at most %(most)s"),
        }
        return texts[tuple(words)] % words if words else ""

    @property
    def default_in_words(self):
        return self.rule.in_words(self.rule.default_value)


def parameter(rule, *, branch=None, on):
    """One parameter for a unit on a day."""
    row = rules.in_force(rule.key, getattr(branch, "pk", branch), on)
    return Parameter(rule, row, rule.default_value if row is None else rule.read(row.value))


def of_clause(clause_id, *, branch=None, on):
    """The parameters of a clause for a unit on a day."""
    return [parameter(rule, branch=branch, on=on) for rule in rules.of_clause(clause_id)]


def everywhere(*, on):
    """All parameters on a day, by clause: the company's value, then those of units with one of their own."""
    rows = RuleValue.objects.filter(branch__isnull=False, starts_on__lte=on)
    units = {}
    for key, branch in rows.order_by("branch").values_list("rule", "branch").distinct():
        units.setdefault(key, []).append(branch)
    for rule in sorted(rules.registry.values(), key=lambda rule: rule.clause):
        yield parameter(rule, on=on)
        own = (parameter(rule, branch=branch, on=on) for branch in units.get(rule.key, ()))
        yield from (found for found in own if found.unit)


def unit_of(person):
    """The unit whose values concern a person first: that of the first position in a unit; None at headquarters."""
    return next((position.branch for position in person.current_positions if position.branch_id), None)
