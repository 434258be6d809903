"""The one place that turns positions into rows. Source: SEC-01, roles.md ("Data scope is a property of the position").

Verb V on row R needs one current position that grants V and whose own scope contains R; two positions are never mixed.
A model that is scoped names its columns in `ScopeFields`; what it does not name, no position can reach it by.
"""

from dataclasses import dataclass

from django.db.models import Q

from .verbs import GRANTS, OWN_ROWS_ONLY, PositionCode, Verb

NOTHING = Q(pk__in=[])
EVERYTHING = Q()

ALL_ROWS = frozenset({
    PositionCode.INSPECTOR, PositionCode.SERVICE_HEAD, PositionCode.EXECUTIVE, PositionCode.ADMINISTRATOR,
})  # fmt: skip
BRANCH_ROWS = frozenset({
    PositionCode.CLERK, PositionCode.ACCOUNTANT, PositionCode.BRANCH_MANAGER, PositionCode.OPERATIONS_SPECIALIST,
})  # fmt: skip
OWN_ROWS = frozenset({PositionCode.SALES_REP, PositionCode.ACCOUNT_MANAGER})
RELATIONS_CHANNELS = ("ecommerce", "direct")


@dataclass(frozen=True)
class ScopeFields:
    """Lookup paths of a scoped model, seen from its own row."""

    branch: str = "branch"
    owner: str = "owner"
    district: str = "district"
    channel: str = "channel"


def rows_of(position, verb: Verb, fields: ScopeFields = ScopeFields()) -> Q:
    """The rows on which this one position grants the verb."""
    if verb not in GRANTS[position.code]:
        return NOTHING
    if position.code in ALL_ROWS:
        return EVERYTHING
    if position.code in BRANCH_ROWS:
        return Q(**{fields.branch: position.branch_id})
    if position.code in OWN_ROWS:
        own = Q(**{fields.owner: position.person_id})
        if position.code == PositionCode.SALES_REP and verb not in OWN_ROWS_ONLY[position.code] and position.area_id:
            districts = position.area.district_ids
            own |= Q(**{fields.branch: position.branch_id, f"{fields.district}__in": districts})
        return own
    if position.code == PositionCode.RELATIONS_SPECIALIST:
        return Q(**{f"{fields.channel}__in": RELATIONS_CHANNELS})
    return NOTHING  # call agents and departments see what a grant names, which the scoped model adds itself


def rows_for(person, verb: Verb, fields: ScopeFields = ScopeFields()) -> Q:
    """The rows on which any current position of the person grants the verb. Fails closed: no position, no rows."""
    result = None
    for position in person.current_positions:
        rows = rows_of(position, verb, fields)
        if rows == EVERYTHING:
            return EVERYTHING
        if rows != NOTHING:
            result = rows if result is None else result | rows
    return NOTHING if result is None else result


def holds(rows, row):
    """Whether a row that is in memory fulfils a condition of `rows_of`, which asks for equality and membership only."""
    if isinstance(rows, tuple):
        path, wanted = rows
        *path, column = path.removesuffix("__in").split("__")
        for name in path:
            row = getattr(row, name)
            if row is None:
                return False
        value = row.pk if column == "pk" else getattr(row, row._meta.get_field(column).attname)
        return value in wanted if rows[0].endswith("__in") else value == wanted
    return (any if rows.connector == Q.OR else all)(holds(child, row) for child in rows.children)
