"""Numbers that lead to exactly the rows they count: on the page Today and in the menu. Source: GEN-01."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer
from staff.models import Person, Position
from staff.paging import COUNTED, capped_count, counted_together
from staff.verbs import Verb

COUNTED_IN_MENU = 99


@dataclass
class Figure:
    """A number and the list behind it. `number` is exact up to COUNTED; one more means: more.

    With `if_any` it is not shown where there is nothing.
    """

    label: str
    rows: object
    url: str
    if_any: bool = False

    @cached_property
    def number(self):
        return capped_count(self.rows)

    @property
    def shown(self):
        return _up_to(COUNTED, self.number)


def _up_to(most, number):
    return f"{number:,}" if number <= most else f"{most:,}+"


def figure(label, rows, url, *, if_any=False):
    return Figure(label, rows, url, if_any)


def counted(figures):
    """The figures that are to be shown, all counted in one query."""
    for found, number in zip(figures, counted_together([found.rows for found in figures], COUNTED), strict=True):
        found.number = number
    return [found for found in figures if found.number or not found.if_any]


def waiting(person):
    """What somebody in the person's positions has to settle, by kind; not counted yet."""
    found = []
    if person.can(Verb.CUSTOMER_ASSIGN):
        vacant = Customer.objects.visible_to(person).filter(owner=None)
        found.append(figure(_("nobody in charge"), vacant, f"{reverse('customers:list')}?owner=none"))
    if person.can(Verb.PEOPLE_MANAGE):
        without = Person.objects.enabled().without(Position.objects.current(timezone.localdate()))
        found.append(figure(_("accounts without a position"), without, f"{reverse('staff:people')}?state=nowhere"))
    return found


def in_menu(numbers):
    """How many rows wait, as short as the menu needs it; "" where there is nothing to do."""
    number = sum(numbers)
    return _up_to(COUNTED_IN_MENU, number) if number else ""
