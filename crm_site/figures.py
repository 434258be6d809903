"""Numbers that lead to exactly the rows they count: on the page Today and in the menu. Source: GEN-01."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, DeskForm, FormReceipt, ProposedChange, PurchaseAdjustment, Tip
from journal.models import CustomerMessage, Delivery
from staff.models import Person, Position
from staff.paging import COUNTED, capped_count, counted_together
from staff.verbs import Verb

COUNTED_IN_MENU = 99
DESK = "customers:desk"


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


def counted(figures, most=None):
    """The figures that are to be shown, all counted in one query, exactly up to `most`."""
    numbers = counted_together([found.rows for found in figures], COUNTED if most is None else most)
    for found, number in zip(figures, numbers, strict=True):
        found.number = number
    return [found for found in figures if found.number or not found.if_any]


def waiting(person):
    """What somebody in the person's positions has to settle, by kind; not counted yet."""
    tips = Tip.objects.open().addressed_to(person)
    found = [figure(_("tips to answer"), tips, reverse("customers:tips"), if_any=True)]
    if person.can(Verb.CUSTOMER_ASSIGN):
        vacant = Customer.objects.visible_to(person).in_use().filter(owner=None)
        found.append(figure(_("nobody in charge"), vacant, f"{reverse('customers:list')}?owner=none"))
    if person.can(Verb.CUSTOMER_EDIT):
        proposed, address = ProposedChange.objects.to_decide(person), reverse("customers:proposals")
        found.append(figure(_("proposed changes to decide"), proposed, address, if_any=True))
    if person.can(Verb.PURCHASE_APPROVE):
        corrections = PurchaseAdjustment.objects.to_decide(person)
        address = f"{reverse('customers:purchases')}?state=decide"
        found.append(figure(_("corrections of purchases to decide"), corrections, address, if_any=True))
    if person.can(Verb.DESK_SERVE):
        forms = DeskForm.objects.visible_to(person).waiting()
        found.append(figure(_("forms sent from phones"), forms, reverse(DESK), if_any=True))
    if person.can(Verb.DESK_SERVE) and person.can(Verb.FORMS_SEE):
        forms = FormReceipt.objects.visible_to(person).waiting()
        address = f"{reverse('customers:received')}?state=waiting"
        found.append(figure(_("forms to enter"), forms, address, if_any=True))
    if person.can(Verb.PEOPLE_MANAGE):
        without = Person.objects.enabled().without(Position.objects.current(timezone.localdate()))
        found.append(figure(_("accounts without a position"), without, f"{reverse('staff:people')}?state=nowhere"))
    if person.can(Verb.OUTBOX_MANAGE):
        staff, customers, address = Delivery.objects.stuck(), CustomerMessage.objects.stuck(), reverse("journal:outbox")
        to_customers = f"{address}?way=message"
        found += [
            figure(_("undelivered messages to staff"), staff, address, if_any=True),
            figure(_("undelivered messages to customers"), customers, to_customers, if_any=True),
        ]
    return found


def in_menu(figures):
    """{address: how many rows wait}, as short as the menu needs it: everything at Today, and each kind at its page."""
    numbers = {found.url: found.number for found in figures}
    numbers[reverse("home")] = sum(found.number for found in figures)
    return {url: _up_to(COUNTED_IN_MENU, number) for url, number in numbers.items() if number}
