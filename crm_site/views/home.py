"""Today: what each position finds on opening Keke. Source: GEN-01."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import Customer
from staff.access import signed_in
from staff.models import Person, Position
from staff.verbs import Verb

LATEST = 10


@dataclass(frozen=True)
class Figure:
    """A number that leads to exactly the rows it counts."""

    label: str
    number: int
    url: str
    clause: str = ""


@require_safe
@signed_in
def home(request):
    person = request.user
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    context = {"now": timezone.localtime(), "figures": [], "latest": [], "duties": []}
    if person.can(Verb.CUSTOMER_VIEW):
        context["figures"] += _customer_figures(person, midnight)
        entered = Customer.objects.visible_to(person).select_related("branch", "created_by", "registration")
        context["latest"] = list(entered.order_by("-pk")[:LATEST])
    if person.can(Verb.PEOPLE_MANAGE):
        context["figures"] += _administrator_figures()
    return render(request, "home.html", context)


def _customer_figures(person, midnight):
    """Counts over the rows of the person's scope, each capped by what its link would show."""
    visible = Customer.objects.visible_to(person)
    address = reverse("customers:list")
    figures = [
        Figure(
            _("entered today"), visible.filter(created_at__gte=midnight).count(), f"{address}?entered=today", "REC-04"
        )
    ]
    if person.can(Verb.CUSTOMER_ASSIGN):
        mine = Customer.objects.visible_to(person, verb=Verb.CUSTOMER_ASSIGN)
        figures.append(Figure(_("nobody in charge"), mine.filter(owner=None).count(), f"{address}?owner=none"))
    own = visible.filter(owner=person)
    if any(person.can(verb) for verb in (Verb.CUSTOMER_EDIT,)) and own.exists():
        figures.append(Figure(_("customers in my charge"), own.count(), f"{address}?owner={person.pk}", "REC-09"))
    return figures


def _administrator_figures():
    today = timezone.localdate()
    people = reverse("staff:people")
    active = Person.objects.filter(disabled_at__isnull=True)
    without = active.exclude(positions__in=Position.objects.current(today))
    return [
        Figure(_("active accounts"), active.count(), people),
        Figure(_("accounts without a position"), without.count(), f"{people}?state=without"),
    ]
