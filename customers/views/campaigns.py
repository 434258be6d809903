"""Campaigns and fairs: the list, one with its members, setting up and closing. Source: REC-11."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import campaigns as actions
from customers.forms.campaigns import CampaignFilter, CampaignForm, MemberFilter
from customers.models import Campaign, CampaignEntry
from staff import refusals
from staff.access import position_required, take_typing
from staff.paging import COUNTED, Order, asked, capped_count, links, page
from staff.verbs import Verb

LATEST = Order("starts_on", descending=True)
NEWEST = Order("pk", descending=True)
NEEDED = ("customer__branch", "customer__owner", "entered_by")


@require_safe
@position_required(Verb.CAMPAIGN_VIEW)
def campaigns(request):
    form = CampaignFilter(request.GET)
    visible = Campaign.objects.visible_to(request.user)
    rows = form.narrow(visible)
    found = page(rows, LATEST, within=visible, **asked(request))
    numbers = CampaignEntry.objects.visible_to(request.user).filter(campaign__in=found.rows).numbers()
    context = {
        "form": form,
        "rows": [(campaign, *numbers.get(campaign.pk, (0, 0))) for campaign in found.rows],
        "count": capped_count(rows),
        "counted": COUNTED,
        "narrowed": any(form.chosen.values()),
        "may_manage": request.user.can(Verb.CAMPAIGN_MANAGE),
    }
    return render(request, "customers/campaigns/list.html", context | links(request, found))


@require_safe
@position_required(Verb.CAMPAIGN_VIEW)
def campaign(request, pk):
    """One campaign and its members, as far as the person sees the customers."""
    shown = get_object_or_404(
        Campaign.objects.visible_to(request.user).select_related("created_by", "closed_by"), pk=pk
    )
    form = MemberFilter(request.GET)
    visible = CampaignEntry.objects.visible_to(request.user).filter(campaign=shown)
    rows = form.narrow(visible)
    found = page(rows.select_related(*NEEDED), NEWEST, within=visible, **asked(request))
    request.records_shown += len(found.rows)
    everybody, new = visible.numbers().get(shown.pk, (0, 0))
    context = {
        "campaign": shown,
        "form": form,
        "rows": found.rows,
        "members": everybody,
        "new": new,
        "count": capped_count(rows),
        "counted": COUNTED,
        "narrowed": any(form.chosen.values()),
        "may_manage": request.user.can(Verb.CAMPAIGN_MANAGE),
        "may_enter": request.user.can(Verb.FAIR_ENTER) and not shown.closed_at,
    }
    return render(request, "customers/campaigns/campaign.html", context | links(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CAMPAIGN_MANAGE)
def campaign_new(request):
    data = request.POST if request.method == "POST" else take_typing(request)
    form = CampaignForm(data, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            made = actions.set_up(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("%(name)s is set up.") % {"name": made})
            return redirect("customers:campaign", made.pk)
    return render(request, "customers/campaigns/form.html", {"form": form, "back": reverse("customers:campaigns")})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CAMPAIGN_MANAGE)
def campaign_edit(request, pk):
    shown = _managed(request, pk)
    data = request.POST if request.method == "POST" else take_typing(request)
    form = CampaignForm(data, instance=shown)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            actions.correct(shown, **form.cleaned_data, by=request.user)
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("customers:campaign", pk)
    context = {"form": form, "campaign": shown, "back": reverse("customers:campaign", args=[pk])}
    return render(request, "customers/campaigns/form.html", context)


@require_POST
@position_required(Verb.CAMPAIGN_MANAGE)
def campaign_close(request, pk):
    """All cards are entered; nobody enters any more."""
    shown = _managed(request, pk)
    actions.close(shown, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s is closed.") % {"name": shown})
    return redirect("customers:campaign", pk)


@require_POST
@position_required(Verb.CAMPAIGN_MANAGE)
def campaign_reopen(request, pk):
    shown = _managed(request, pk)
    actions.reopen(shown, by=request.user)
    messages.success(request, _("Cards can be entered for %(name)s again.") % {"name": shown})
    return redirect("customers:campaign", pk)


def _managed(request, pk):
    return get_object_or_404(Campaign.objects.visible_to(request.user, verb=Verb.CAMPAIGN_MANAGE), pk=pk)
