"""Numbers that lead to exactly the rows they count: on the page Today and in the menu. Source: GEN-01."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer
from staff.models import Person, Position
from staff.paging import COUNTED, capped_count
from staff.verbs import Verb

COUNTED_IN_MENU = 99


@dataclass(frozen=True)
class Figure:
    """A number and the list behind it. `number` is exact up to COUNTED; one more means: more."""

    label: str
    number: int
    url: str

    @property
    def shown(self):
        return _up_to(COUNTED, self.number)


def _up_to(most, number):
    return f"{number:,}" if number <= most else f"{most:,}+"


def figure(label, rows, url):
    return Figure(label, capped_count(rows), url)


def waiting(person):
    """What somebody in the person's positions has to settle, by kind."""
    found = []
    if person.can(Verb.CUSTOMER_ASSIGN):
        vacant = Customer.objects.visible_to(person).filter(owner=None)
        found.append(figure(_("nobody in charge"), vacant, f"{reverse('customers:list')}?owner=none"))
    if person.can(Verb.PEOPLE_MANAGE):
        without = Person.objects.enabled().without(Position.objects.current(timezone.localdate()))
        found.append(figure(_("accounts without a position"), without, f"{reverse('staff:people')}?state=nowhere"))
    return found


def waiting_in_menu(person):
    """How many rows wait, as short as the menu needs it; "" where there is nothing to do."""
    number = sum(figure.number for figure in waiting(person))
    return _up_to(COUNTED_IN_MENU, number) if number else ""
