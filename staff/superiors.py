"""Who answers for a person: the manager of the unit, the head of the department, else the administrators."""

from django.db.models import Q

from .models import Department, Person, Position
from .verbs import PositionCode


def superiors(person, *, on):
    """Enabled people above a person on a day, by any of the person's positions; never the person."""
    held = Position.objects.current(on).filter(person=person)
    managers = Position.objects.current(on).filter(
        code=PositionCode.BRANCH_MANAGER, branch__in=held.filter(branch__isnull=False).values("branch")
    )
    heads = Department.objects.filter(pk__in=held.filter(department__isnull=False).values("department")).values("head")
    others = Person.objects.enabled().exclude(pk=person.pk)
    above = others.filter(Q(pk__in=managers.values("person")) | Q(pk__in=heads))
    return list(above) or list(others.holding(Position.objects.current(on).filter(code=PositionCode.ADMINISTRATOR)))
