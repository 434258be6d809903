"""The grid in which the cards of a fair are entered: many rows, each matched as it is typed. Source: REC-11, REC-18."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import drafts, fair
from customers.duplicates.seen import log_masked
from customers.fair import results
from customers.forms.campaigns import AT_MOST, grid, rest_of
from customers.models import Campaign, Customer
from customers.policies import units_to_register_for
from staff.access import answers_only, position_required, take_typing
from staff.paging import row_id
from staff.verbs import Verb

SHOWN = 3  # look-alikes beside a row
KEPT_WORDS = {
    "name": gettext_lazy("name"),
    "title": gettext_lazy("job title"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail"),
    "remark": gettext_lazy("remark"),
}
OUTCOMES = {
    fair.Outcome.NEW: pgettext_lazy("member", "new"),
    fair.Outcome.UPDATED: gettext_lazy("filled up"),
    fair.Outcome.KNOWN: gettext_lazy("there already"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.FAIR_ENTER)
def cards(request, pk):
    """The grid. Without JavaScript its buttons check the rows, give more of them and save; with it, it grows itself."""
    campaign = _campaign(request, pk)
    if campaign.closed_at:
        messages.info(request, _("%(name)s is closed: no more cards are entered.") % {"name": campaign})
        return redirect("customers:campaign", pk)
    if request.method != "POST":
        return _opened(request, campaign)
    if "check" in request.POST:
        return _show(request, campaign, rest_of(request.POST, without=(), same_sheet=True)[1])
    return _save(request, campaign)


def _campaign(request, pk):
    return get_object_or_404(Campaign.objects.visible_to(request.user, verb=Verb.FAIR_ENTER), pk=pk)


def _units(request):
    return list(units_to_register_for(request.user, verb=Verb.FAIR_ENTER).order_by("name"))


def _draft_of(campaign):
    return f"customers.cards:{campaign.pk}"


def _opened(request, campaign):
    """What the session's end interrupted, a draft if wanted, what has just been entered, or an empty grid."""
    typed = take_typing(request)
    if typed is not None:
        return _show(request, campaign, typed, restored=True)
    draft = drafts.offered(request.user, _draft_of(campaign), at=timezone.now())
    if draft and request.GET.get("draft") == str(draft.key):
        return _show(request, campaign, drafts.typed(draft), draft_restored=draft)
    sheet = results.as_key(request.GET.get("sheet"))
    return _show(request, campaign, None, draft=draft, sheet=sheet)


def _save(request, campaign):
    """Enter the rows that can be; those that cannot stay, as a new sheet."""
    head, rows = grid(request.POST, units=_units(request))
    submission = head.cleaned_data.get("submission")
    if submission is None or not rows.written():
        return _show(request, campaign, request.POST, empty=True)
    cards = rows.cards()
    try:
        lines, refused = fair.enter_cards(
            campaign, cards=cards, submission=submission, by=request.user, at=timezone.now()
        )
    except fair.CampaignClosed:
        messages.info(request, _("%(name)s is closed: no more cards are entered.") % {"name": campaign})
        return redirect("customers:campaign", campaign.pk)
    results.keep(request.user, submission, campaign, lines)
    drafts.drop(request.user, _draft_of(campaign), submission)
    moved, rest = rest_of(request.POST, without={line.row for line in lines})
    if not moved:
        said = {"sheet": submission, "unit": head["unit"].value() or ""}  # most sheets of a fair are for one unit
        return redirect(f"{reverse('customers:fair_cards', args=[campaign.pk])}?{urlencode(said)}")
    _keep(request, campaign, rest)
    refused = {moved[row]: refusal for row, refusal in refused.items()}
    return _show(request, campaign, rest, refused=refused, sheet=submission if lines else None)


def _keep(request, campaign, data):
    return drafts.keep(
        person=request.user,
        form=_draft_of(campaign),
        data=data,
        at=timezone.now(),
        entered=lambda key: results.of(request.user, key, campaign) is not None,
        at_most=drafts.IN_A_GRID,
    )


def _show(request, campaign, data, *, refused=None, sheet=None, **more):
    units = _units(request)
    head, rows = grid(data, units=units, before=request.GET.get("unit"))
    if data is not None:
        _match(request, rows, refused=refused)
    context = {
        "campaign": campaign,
        "head": head,
        "formset": rows,
        "units": units,
        "at_most": AT_MOST,
        "address": request.path,
        "entered": _counts(request, campaign, sheet) if sheet else None,
        "waiting": sum(not form.is_blank for form in rows.forms) if sheet and data is not None else 0,
        "draft": None,
        **more,
    }
    return render(request, "customers/fair/grid.html", context)


def _match(request, rows, *, only=None, refused=None):
    """Put beside each row what it means, and into its cells what is wrong."""
    placed = fair.place(rows.cards(), person=request.user, rows=only)
    for one in placed:
        form = rows.forms[one.card.row]
        form.placed = one
        refusal = (refused or {}).get(one.card.row) or one.refusal
        if refusal:
            form.add_error(*refusal)
        form.shown = one.matches[: 1 if one.state == fair.State.KNOWN else SHOWN]
        log_masked(request, form.shown)
        request.records_shown += len(form.shown)


@answers_only
@require_POST
@position_required(Verb.FAIR_ENTER)
def cards_check(request, pk):
    """What the rows that were just left or pasted mean, all in one answer: a piece of page for each."""
    _campaign(request, pk)
    _head, rows = grid(request.POST, units=_units(request))
    asked = {row_id(part) for part in request.POST.get("rows", "").split(",")}
    only = {row for row in range(len(rows.forms)) if row in asked}
    _match(request, rows, only=only)
    shown = [(row, rows.forms[row]) for row in sorted(only)]
    return render(request, "customers/fair/states.html", {"rows": shown})


@require_POST
@position_required(Verb.FAIR_ENTER)
def cards_draft(request, pk):
    """Every few seconds while somebody types. Answers with the word beside the buttons."""
    draft = _keep(request, _campaign(request, pk), request.POST)
    if request.htmx:
        return render(request, "customers/draft_saved.html", {"draft": draft}) if draft else HttpResponse(status=204)
    return redirect("customers:fair_cards", pk)


@require_POST
@position_required(Verb.FAIR_ENTER)
def cards_discard(request, pk):
    """The writer does not want the offered draft any more."""
    campaign = _campaign(request, pk)
    draft = drafts.offered(request.user, _draft_of(campaign), at=timezone.now())
    if draft and request.POST.get("draft") == str(draft.key):
        drafts.drop(request.user, _draft_of(campaign), draft.key)
        messages.success(request, _("The draft is thrown away."))
    return redirect("customers:fair_cards", pk)


def _counts(request, campaign, sheet):
    """(outcome, how many, address of exactly these rows) of a sheet; None where nothing is kept of it."""
    rows = results.of(request.user, sheet, campaign)
    if rows is None:
        return None
    address = f"{reverse('customers:fair_result', args=[campaign.pk])}?sheet={sheet}"
    numbers = {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in OUTCOMES}
    return [(OUTCOMES[outcome], number, f"{address}&show={outcome}") for outcome, number in numbers.items()]


@require_safe
@position_required(Verb.FAIR_ENTER)
def cards_result(request, pk):
    """The rows of a sheet that has been entered, and what the records say otherwise than their cards."""
    campaign = _campaign(request, pk)
    sheet = results.as_key(request.GET.get("sheet"))
    rows = results.of(request.user, sheet, campaign) if sheet else None
    show = request.GET.get("show", "")
    shown = [row for row in rows or () if show not in {*OUTCOMES} or row["outcome"] == show]
    customers = Customer.objects.visible_to(request.user).select_related("branch", "owner")
    customers = customers.in_bulk([row["customer_id"] for row in shown])
    request.records_shown += len(customers)
    tabs = [
        {
            "label": pgettext("rows of a grid", "all"),
            "url": f"?sheet={sheet}",
            "count": len(rows or ()),
            "current": show not in {*OUTCOMES},
        }
    ]
    for outcome, label in OUTCOMES.items():
        number = sum(row["outcome"] == outcome for row in rows or ())
        tabs.append(
            {"label": label, "url": f"?sheet={sheet}&show={outcome}", "count": number, "current": show == outcome}
        )
    context = {
        "campaign": campaign,
        "known": rows is not None,
        "rows": [
            row | {"customer": customers.get(row["customer_id"]), "label": OUTCOMES[row["outcome"]],
                   "kept": [(KEPT_WORDS[what], stands, says) for what, stands, says in row["kept"]]}
            for row in shown
        ],
        "tabs": tabs,
        "count_label": ngettext("%(number)s row", "%(number)s rows", len(shown)) % {"number": len(shown)},
    }  # fmt: skip
    return render(request, "customers/fair/result.html", context)
