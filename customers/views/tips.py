"""Tips: a word from anybody to whoever is responsible. Source: REC-20."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import tips as actions
from customers.duplicates.seen import log_masked
from customers.forms.tips import AnswerForm, TipForm
from customers.models import Customer, Tip
from staff.access import answers_only, signed_in, take_typing
from staff.paging import Order, asked, links, page, row_id
from staff.verbs import PositionCode

NEWEST = Order("pk", descending=True)
LABELS = {
    "": gettext_lazy("to answer"),
    "sent": gettext_lazy("sent by me"),
    "answered": gettext_lazy("answered by me"),
    "unit": gettext_lazy("of my unit"),
}


def tabs_of(person):
    """{state: tips that somebody reads under it}."""
    views = {
        "": Tip.objects.open().addressed_to(person),
        "sent": Tip.objects.filter(sent_by=person),
        "answered": Tip.objects.filter(answered_by=person),
    }
    if any(position.code == PositionCode.BRANCH_MANAGER for position in person.current_positions):
        views["unit"] = Tip.objects.of_units_managed_by(person)
    return views


@require_safe
@signed_in
def tips(request):
    """Mine to answer, sent by me, and, for managers, all about the unit's customers."""
    views = tabs_of(request.user)
    state = request.GET.get("state", "")
    state = state if state in views else ""
    rows = views[state].select_related("customer", "department", "sent_by", "answered_by")
    found = page(rows, NEWEST, **asked(request))
    tabs = [
        {"label": LABELS[key], "url": f"?state={key}" if key else "?", "count": None, "current": key == state}
        for key in views
    ]
    context = {"rows": found.rows, "tabs": tabs, "state": state}
    return render(request, "customers/tips.html", context | links(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def tip_new(request):
    known = _known(request)
    data = request.POST if request.method == "POST" else take_typing(request)
    form = TipForm(data, person=request.user, known=known)
    if data is not None:
        log_masked(request, form.matches)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("text", "customer", "department")}
        sent = actions.send_tip(**values, by=request.user, at=timezone.now())
        messages.success(request, _("Sent. You will be told when it is answered."))
        return redirect("customers:tip", sent.pk)
    return render(request, "customers/tip_new.html", {"form": form, "matches": form.matches, "known": known})


def _known(request):
    """The customer from whose record the person came, if they may see it."""
    pk = row_id(request.GET.get("customer", ""))
    return Customer.objects.visible_to(request.user).filter(pk=pk).first() if pk else None


@answers_only
@require_POST
@signed_in
def tip_find(request):
    """Whom the name or phone means: name, unit and person in charge, no more; looking is logged. Source: SEC-06."""
    matches = actions.exactly(request.POST.get("about", "")[:120], person=request.user)
    log_masked(request, matches)
    request.records_shown += len(matches)
    context = {"matches": matches, "asked": request.POST.get("about", "").strip()}
    return render(request, "customers/tip_found.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def tip(request, pk):
    """One tip; whoever it is addressed to answers it here."""
    person = request.user
    rows = Tip.objects.visible_to(person).select_related(
        "customer__branch", "customer__owner", "department", "sent_by", "answered_by"
    )
    shown = get_object_or_404(rows, pk=pk)
    answerable = Tip.objects.answerable_by(person).filter(pk=pk).exists()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and answerable and form.is_valid():
        try:
            actions.answer_tip(shown, **form.cleaned_data, by=person, at=timezone.now())
            messages.success(request, _("Answered. %(name)s is told.") % {"name": shown.sent_by})
        except actions.AnsweredAlready as late:
            messages.info(request, _("%(name)s has answered already.") % {"name": late.current.answered_by})
        return redirect("customers:tip", pk)
    visible = bool(shown.customer_id) and Customer.objects.visible_to(person).filter(pk=shown.customer_id).exists()
    may_answer = answerable and not shown.answered_at
    context = {"tip": shown, "form": form, "may_answer": may_answer, "customer_visible": visible}
    return render(request, "customers/tip.html", context)
