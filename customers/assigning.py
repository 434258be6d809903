"""Putting many customers in one person's charge at once, after a look at what would happen. Source: SEC-04, ux 4.

A selection is a text of "id:version" pairs as a list or a preview showed them; it travels by POST only.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

import pghistory
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from staff.history import action
from staff.models import Person
from staff.paging import COUNTED
from staff.verbs import Verb

from . import charge
from .actions import ReasonNeeded
from .models import Customer
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
    pghistory.context(reason=reason)
    ids = [row.pk for row in done.moving]
    Customer.objects.filter(pk__in=ids).update(owner=owner, version=F("version") + 1, updated_at=at, updated_by=by)
    charge.tell(owner, done.sources(), by=by, at=at, url_name="customers:list")
    return done
