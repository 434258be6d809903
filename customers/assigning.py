"""Putting customers in somebody's charge: one, or many at once after a look at what would happen. SEC-04, ux 4.

A selection is a text of "id:version" pairs as a list or a preview showed them; it travels by POST only.
"""

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from journal.actions import notify
from staff.history import action
from staff.models import Person
from staff.paging import COUNTED
from staff.verbs import Verb

from .actions import ReasonNeeded, give_reason, refuse_stale
from .models import Customer
from .notifications import ASSIGNED, GIVEN_UP, TAKEN_OVER
from .policies import units_in_charge

AT_MOST = COUNTED  # customers at once: so many a list still counts exactly
_PAIR = re.compile(r"(\d{1,18}):(\d{1,9})")

OTHER_UNIT = "other_unit"
NOT_MINE = "not_mine"
ARCHIVED = "archived"
CHANGED = "changed"
ALREADY = "already"
WHY_SKIPPED = {
    NOT_MINE: _("of a unit in which you do not decide who is in charge"),
    OTHER_UNIT: _("of a unit in which the chosen person does not look after customers"),
    ARCHIVED: _("archived"),
    CHANGED: _("changed by somebody after you had looked"),
    ALREADY: _("already in this person's charge"),
}


def read_selection(texts):
    """{id: version} of what pages sent; whatever is no pair is passed over, and so is what exceeds AT_MOST."""
    pairs = (match.groups() for text in texts for match in _PAIR.finditer(text))
    return {int(pk): int(version) for pk, version in islice(pairs, AT_MOST)}


def written(selection):
    return ",".join(f"{pk}:{version}" for pk, version in selection.items())


@dataclass
class Plan:
    """What assigning a selection to a person would do."""

    owner: Person
    moving: list[Customer] = field(default_factory=list)
    skipped: dict[str, list[Customer]] = field(default_factory=dict)

    @property
    def selection(self):
        """What the confirmation is about: the moving ones as they were looked at."""
        return {row.pk: row.version for row in self.moving}

    def sources(self):
        """(person or None, how many) from whose charge customers would go, the most first."""
        count = Counter(row.owner for row in self.moving)
        return sorted(count.items(), key=lambda pair: (-pair[1], str(pair[0])))

    def skips(self):
        """(why, customers) in the order of WHY_SKIPPED."""
        return [(label, self.skipped[why]) for why, label in WHY_SKIPPED.items() if why in self.skipped]


def plan(selection, *, owner, by, lock=False):
    """Sort a selection into what moves and what is skipped. What `by` does not see is in neither: it does not exist."""
    rows = Customer.objects.visible_to(by).filter(pk__in=selection).order_by("pk").select_related("owner", "branch")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    mine = Customer.objects.visible_to(by, verb=Verb.CUSTOMER_ASSIGN).filter(pk__in=selection)
    assignable = set(mine.values_list("pk", flat=True))
    units = units_in_charge(owner)
    found = Plan(owner)
    for row in rows:
        if why := _why_skipped(row, selection[row.pk], assignable, units, owner):
            found.skipped.setdefault(why, []).append(row)
        else:
            found.moving.append(row)
    return found


def _why_skipped(row, version, assignable, units, owner):
    if row.pk not in assignable:
        return NOT_MINE
    if row.archived_at:
        return ARCHIVED
    if row.version != version:
        return CHANGED
    if row.owner_id == owner.pk:
        return ALREADY
    return OTHER_UNIT if row.branch_id not in units else None


@action
def assign_many(selection, *, owner, reason, by, at):
    """Put the customers of a selection that can be moved in one person's charge; returns the Plan that was carried out.

    One statement for all of them; the new and each former person in charge are told once, with a number.
    """
    if not reason:
        raise ReasonNeeded
    done = plan(selection, owner=owner, by=by, lock=True)
    if not done.moving:
        return done
    give_reason(reason)
    ids = [row.pk for row in done.moving]
    Customer.objects.filter(pk__in=ids).update(owner=owner, version=F("version") + 1, updated_at=at, updated_by=by)
    _tell(owner, done.sources(), by=by, at=at, url_name="customers:list")
    return done


@action
def assign_owner(customer, *, owner, version, by, at, reason=""):
    """Put a customer in somebody's charge, or in nobody's; both are told. Raises StaleEdit and ReasonNeeded.

    Source: roles.md.
    """
    current = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    refuse_stale(current, version)
    former = current.owner
    if former == owner:
        return  # nothing to say: "last updated" stays true
    if not reason:
        raise ReasonNeeded
    give_reason(reason)
    Customer.objects.filter(pk=current.pk).update(owner=owner, version=F("version") + 1, updated_at=at, updated_by=by)
    _tell(owner, [(former, 1)], by=by, at=at, url_name="customers:record", subject=current)


def _tell(owner, sources, *, by, at, **where):
    """Tell the new person in charge and each former one, once, with a number; nobody of what they did themselves."""
    once, params = uuid.uuid4(), {"name": by.name}
    if owner not in (None, by):
        told = params | {"count": sum(count for _former, count in sources)}
        notify(kind=ASSIGNED, recipients=[owner], at=at, dedupe=f"{ASSIGNED}:{once}", params=told, **where)
    kind, more = (TAKEN_OVER, {"owner": owner.name}) if owner else (GIVEN_UP, {})
    for former, count in sources:
        if former not in (None, by):
            told = params | more | {"count": count}
            notify(kind=kind, recipients=[former], at=at, dedupe=f"{kind}:{once}", params=told)
