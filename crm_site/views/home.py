"""Today: what each position finds on opening Keke. Source: GEN-01."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm_site.figures import figure, waiting
from customers.models import Customer, Tip
from policy import handbook
from policy.calendar.years import unconfirmed_soon
from staff.access import signed_in
from staff.models import Person
from staff.verbs import Verb

LATEST = 10


@require_safe
@signed_in
def home(request):
    person, now = request.user, timezone.localtime()
    context = {"now": now, "figures": waiting(person), "latest": [], "handbook_unread": handbook.unconfirmed(person)}
    # Here only: the bell tells on every page, and a count in the menu would cost each of them a query.
    tips = figure(_("tips to answer"), Tip.objects.open().addressed_to(person), reverse("customers:tips"))
    context["figures"] += [tips] if tips.number else []
    if person.can(Verb.CALENDAR_MANAGE):
        context["unconfirmed_year"] = unconfirmed_soon(now.date())
    if person.can(Verb.CUSTOMER_VIEW):
        context["figures"] += _customer_figures(person, now.replace(hour=0, minute=0, second=0, microsecond=0))
        entered = Customer.objects.visible_to(person).select_related("branch", "created_by")
        context["latest"] = list(entered.order_by("-pk")[:LATEST])
    if person.can(Verb.PEOPLE_MANAGE):
        context["figures"].append(figure(_("active accounts"), Person.objects.enabled(), reverse("staff:people")))
    return render(request, "home.html", context)


def _customer_figures(person, midnight):
    visible, address = Customer.objects.visible_to(person), reverse("customers:list")
    figures = [figure(_("entered today"), visible.filter(created_at__gte=midnight), f"{address}?entered=today")]
    if person.can(Verb.CUSTOMER_EDIT):
        own = figure(_("customers in my charge"), visible.filter(owner=person), f"{address}?owner={person.pk}")
        figures += [own] if own.number else []
    return figures
