"""Today: what each position finds on opening Keke. Source: GEN-01."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm_site.figures import counted, figure, waiting
from customers.models import Customer, ProposedChange
from policy import handbook
from policy.calendar.years import unconfirmed_soon
from policy.models import Clock
from staff import device_checks
from staff.access import signed_in
from staff.models import Person
from staff.verbs import Verb

LATEST = 10


@require_safe
@signed_in
def home(request):
    person, now = request.user, timezone.localtime()
    context = {"now": now, "figures": waiting(person), "latest": [], "handbook_unread": handbook.unconfirmed(person)}
    context["figures"] += _clock_figures(person)
    context["devices_open"] = device_checks.open_for(person, on=now.date())
    if person.can(Verb.CALENDAR_MANAGE):
        context["unconfirmed_year"] = unconfirmed_soon(now.date())
    if person.can(Verb.CUSTOMER_VIEW):
        context["figures"] += _customer_figures(person, now.replace(hour=0, minute=0, second=0, microsecond=0))
        entered = Customer.objects.visible_to(person).in_use().select_related("branch", "created_by")
        context["latest"] = list(entered.order_by("-pk")[:LATEST])
    if person.can(Verb.PEOPLE_MANAGE):
        context["figures"].append(figure(_("active accounts"), Person.objects.enabled(), reverse("staff:people")))
    context["figures"] = counted(context["figures"])
    return render(request, "home.html", context)


def _clock_figures(person):
    mine, address = Clock.objects.in_charge(person), reverse("policy:clocks")
    over, running = mine.open().exclude(breached_at=None), mine.running()
    return [
        figure(_("my clocks over time"), over, f"{address}?state=breached", if_any=True),
        figure(_("my clocks running"), running, f"{address}?state=running", if_any=True),
    ]


def _customer_figures(person, midnight):
    visible, address = Customer.objects.visible_to(person).in_use(), reverse("customers:list")
    figures = [figure(_("entered today"), visible.filter(created_at__gte=midnight), f"{address}?entered=today")]
    if person.can(Verb.CUSTOMER_EDIT):
        own = visible.filter(owner=person)
        figures.append(figure(_("customers in my charge"), own, f"{address}?owner={person.pk}", if_any=True))
    pending = ProposedChange.objects.readable_by(person).pending().filter(by=person)
    mine = f"{reverse('customers:proposals')}?show=mine"
    figures.append(figure(_("my proposals without an answer"), pending, mine, if_any=True))
    return figures
