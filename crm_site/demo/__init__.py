"""The demo company: what a newcomer finds on first start, and with whom to sign in."""

from dataclasses import dataclass

from django.utils import timezone

from staff.models import Position
from staff.templatetags.words import listed
from staff.verbs import PositionCode

PASSWORD = "keke-demo-2026"  # noqa: S105  (printed on the sign-in page, in demo mode only)
STAFF_NUMBER = r"^K\d{4}$"


@dataclass(frozen=True)
class Account:
    """One sign-in of the demo company. `branch` names the unit, the units or the department."""

    staff_number: str
    name: str
    code: str
    position_label: str
    branch: str


def accounts():
    """The first holder of each position today, in the order of roles.md; empty where there is no demo company."""
    held = (
        Position.objects.current(timezone.localdate())
        .filter(person__staff_number__regex=STAFF_NUMBER, person__disabled_at__isnull=True)
        .select_related("person", "branch", "department")
        .order_by("person__staff_number", "id")
    )
    found = {}
    for position in held:
        same = found.setdefault(position.code, [])
        if not same or same[0].person_id == position.person_id:
            same.append(position)
    return [_account(code, found[code]) for code in PositionCode if code in found]


def _account(code, positions):
    places = listed(position.branch or position.department for position in positions)
    person = positions[0].person
    return Account(person.staff_number, person.name, str(code), code.label, places)
