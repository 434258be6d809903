"""Who may do what with which customer, where positions alone do not say it. Source: roles.md, REC-02, REC-04."""

from django.db.models import Q
from django.utils import timezone

from staff.models import Branch, Person, Position
from staff.scope import ALL_ROWS, RELATIONS_CHANNELS
from staff.verbs import PositionCode, Verb


def units_with(person, verb):
    """Units in which some current position grants the verb: a position's own, those of its channels, or all."""
    units = Branch.objects.none()
    for position in person.positions_granting(verb):
        if position.code in ALL_ROWS:
            return Branch.objects.all()
        if position.code == PositionCode.RELATIONS_SPECIALIST:
            units |= Branch.objects.filter(channel__in=RELATIONS_CHANNELS)
        elif position.branch_id:
            units |= Branch.objects.filter(pk=position.branch_id)
    return units


def units_to_register_for(person, *, verb=Verb.CUSTOMER_REGISTER):
    """Units in which the person may register customers today: those that have not closed."""
    open_units = Q(closed_on__isnull=True) | Q(closed_on__gt=timezone.localdate())
    return units_with(person, verb).filter(open_units)


def unit_to_register_for(person, pk):
    """The unit of this id, if it is one of these; else None. The unit in which the person works is in memory."""
    own = (position.branch for position in person.positions_granting(Verb.CUSTOMER_REGISTER) if position.branch_id)
    mine = next((unit for unit in own if unit.pk == pk and unit.closed_on is None), None)
    return mine or units_to_register_for(person).filter(pk=pk).first()


def staff_of(units, *, on):
    """People who held a position in one of the units on a date, whether or not they still work here."""
    held = Position.objects.current(on).filter(branch__in=units)
    return Person.objects.filter(positions__in=held).distinct().order_by("staff_number")


OWNERS = (PositionCode.SALES_REP, PositionCode.ACCOUNT_MANAGER, PositionCode.BRANCH_MANAGER)


def possible_owners(units):
    """People of the units who may be in charge of a customer."""
    positions = Position.objects.current(timezone.localdate()).filter(code__in=OWNERS, branch__in=units)
    return Person.objects.filter(disabled_at__isnull=True, positions__in=positions).distinct().order_by("staff_number")


def units_in_charge(person):
    """Ids of the units of whose customers a person may be in charge."""
    return {position.branch_id for position in person.current_positions if position.code in OWNERS}


def first_owner(person, branch, chosen=None):
    """Who is in charge of a customer at registration: whom a manager chose; the rep or account manager who enters it;
    otherwise nobody yet, and the unit's manager acts."""
    if chosen is not None:
        return chosen
    enters_own = (PositionCode.SALES_REP, PositionCode.ACCOUNT_MANAGER)
    if any(p.code in enters_own and p.branch_id == branch.pk for p in person.current_positions):
        return person
    return None


def deciders(customer, *, besides):
    """Who is told of a proposed change: the person in charge and the unit's accountants; its managers too where nobody
    is in charge, or where nobody is left but the proposer. Source: SEC-04, REC-19."""
    held = Position.objects.current(timezone.localdate()).filter(branch=customer.branch_id)
    people = set(Person.objects.enabled().holding(held.filter(code=PositionCode.ACCOUNTANT)))
    if customer.owner and customer.owner.can_on(Verb.CUSTOMER_EDIT, customer):
        people.add(customer.owner)
    if customer.owner is None or not people - {besides}:
        people |= set(Person.objects.enabled().holding(held.filter(code=PositionCode.BRANCH_MANAGER)))
    return sorted(people - {besides}, key=lambda person: person.staff_number)


def correction_approvers(purchase, *, besides):
    """Who decides on a correction of a locked month: the managers of the customer's unit, never who asks; where there
    is no other, the heads of customer service. Source: architecture ("Settled")."""
    held = Position.objects.current(timezone.localdate())
    managers = held.filter(code=PositionCode.BRANCH_MANAGER, branch=purchase.customer.branch_id)
    others = Person.objects.enabled().exclude(pk=besides.pk)
    return list(others.holding(managers) or others.holding(held.filter(code=PositionCode.SERVICE_HEAD)))
