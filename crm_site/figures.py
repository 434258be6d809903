"""Numbers that lead to exactly the rows they count: on the page Today and in the menu. Source: GEN-01."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, DeskForm, FormReceipt, ProposedChange, Tip
from journal import delivery
from staff.models import Person, Position
from staff.paging import COUNTED, capped_count
from staff.verbs import Verb

COUNTED_IN_MENU = 99
DESK = "customers:desk"


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
    tips = figure(_("tips to answer"), Tip.objects.open().addressed_to(person), reverse("customers:tips"))
    found = [tips] if tips.number else []
    if person.can(Verb.CUSTOMER_ASSIGN):
        vacant = Customer.objects.visible_to(person).in_use().filter(owner=None)
        found.append(figure(_("nobody in charge"), vacant, f"{reverse('customers:list')}?owner=none"))
    if person.can(Verb.CUSTOMER_EDIT):
        proposed = figure(
            _("proposed changes to decide"), ProposedChange.objects.to_decide(person), reverse("customers:proposals")
        )
        found += [proposed] if proposed.number else []
    if person.can(Verb.DESK_SERVE):
        forms = figure(_("forms sent from phones"), DeskForm.objects.visible_to(person).waiting(), reverse(DESK))
        found += [forms] if forms.number else []
    if person.can(Verb.DESK_SERVE) and person.can(Verb.FORMS_SEE):
        forms = FormReceipt.objects.visible_to(person).waiting()
        found.append(figure(_("forms to enter"), forms, f"{reverse('customers:received')}?state=waiting"))
    if person.can(Verb.PEOPLE_MANAGE):
        without = Person.objects.enabled().without(Position.objects.current(timezone.localdate()))
        found.append(figure(_("accounts without a position"), without, f"{reverse('staff:people')}?state=nowhere"))
    if person.can(Verb.OUTBOX_MANAGE):
        staff, customers = delivery.stuck(most=COUNTED + 1)
        address = reverse("journal:outbox")
        stuck = [
            Figure(_("undelivered messages to staff"), staff, address),
            Figure(_("undelivered messages to customers"), customers, f"{address}?way=message"),
        ]
        found += [one for one in stuck if one.number]
    return found


def waiting_in_menu(person):
    """{address: how many rows wait}, as short as the menu needs it: everything at Today, and each kind at its page."""
    figures = waiting(person)
    numbers = {figure.url: figure.number for figure in figures}
    numbers[reverse("home")] = sum(figure.number for figure in figures)
    return {url: _up_to(COUNTED_IN_MENU, number) for url, number in numbers.items() if number}
