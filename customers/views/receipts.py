"""Forms received and entered: the counter's line, the day's figures, the rows behind them. Source: REC-05."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import receipts
from customers.forms.receipts import DayForm, ReceiptFilter, ReceiptForm, StrikeForm
from customers.models import Customer, FormReceipt
from staff import refusals
from staff.access import acting_on, position_required
from staff.days import midnight
from staff.paging import COUNTED, Order, asked, capped_count, links, page
from staff.verbs import Verb

DAYS_SHOWN = 31
SHOWN_WAITING = 30
NEEDED = ("branch", "received_by", "clock", "form__customer", "form__entered_by")


@require_safe
@position_required(Verb.FORMS_SEE)
def forms(request):
    """The day by unit, the month by day, and at the counter the line that notes a form."""
    return _show(request, ReceiptForm(person=request.user) if request.user.can(Verb.DESK_SERVE) else None)


@require_POST
@position_required(Verb.DESK_SERVE)
def receive(request):
    form = ReceiptForm(request.POST, person=request.user)
    if form.is_valid():
        acting_on(request, FormReceipt(branch=form.cleaned_data["branch"]), Verb.DESK_SERVE)
        with refusals.beside_fields(form):
            receipt = receipts.note(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Form %(serial)s is noted.") % {"serial": receipt})
            return redirect("customers:forms")
    return _show(request, form)


def _show(request, line):
    now = timezone.now()
    today = timezone.localdate(now)
    chosen = DayForm(request.GET, person=request.user, today=today)
    standing = FormReceipt.objects.visible_to(request.user).standing()
    standing = standing.filter(branch=chosen.branch) if chosen.branch else standing
    context = {
        "chosen": chosen,
        "today": today,
        "line": line,
        "units": _by_unit(standing, chosen, now),
        "days": _by_day(standing, chosen, now),
        "by_unit": "branch" in chosen.fields and not chosen.branch,
    }
    if line is not None:
        mine = FormReceipt.objects.visible_to(request.user, verb=Verb.DESK_SERVE).waiting()
        context["waiting"] = list(mine.select_related("branch", "received_by", "clock").order_by("pk")[:SHOWN_WAITING])
        context["waiting_count"] = capped_count(mine)
        context["may_enter"] = request.user.can(Verb.CUSTOMER_REGISTER)
    return render(request, "customers/forms/day.html", context)


def _by_unit(rows, chosen, now):
    """(name, cells) of each unit on the day; the last cell is the rate since the first of the month."""
    first, until = midnight(chosen.on.replace(day=1)), midnight(chosen.on + timedelta(days=1))
    month = rows.filter(received_at__gte=first, received_at__lt=until).values("branch", "branch__name")
    of_month = {row["branch"]: row for row in month.annotate(**receipts.columns(now)).order_by("branch__name")}
    day = rows.filter(received_at__gte=midnight(chosen.on), received_at__lt=until).values("branch")
    of_day = {row["branch"]: row for row in day.annotate(**receipts.columns(now)).order_by()}
    return [
        _row(row["branch__name"], of_day.get(pk), since=chosen.on, until=chosen.on, branch=pk)
        | {"month": receipts.on_time(row), "month_url": _rows_url(branch=pk, since=first.date(), until=chosen.on)}
        for pk, row in of_month.items()
    ]


def _by_day(rows, chosen, now):
    """The same of each day of the month before, the latest first."""
    since = chosen.on - timedelta(days=DAYS_SHOWN - 1)
    window = Q(received_at__gte=midnight(since), received_at__lt=midnight(chosen.on + timedelta(days=1)))
    days = rows.filter(window).annotate(day=TruncDate("received_at")).values("day").annotate(**receipts.columns(now))
    branch = chosen.branch.pk if chosen.branch else None
    return [_row(row["day"], row, since=row["day"], until=row["day"], branch=branch) for row in days.order_by("-day")]


def _row(title, counted, **where):
    """The figures of a group with the addresses of exactly their rows."""
    counted = counted or dict.fromkeys(receipts.columns(timezone.now()), 0)
    names = ("received", "entered", "late", "waiting")
    state = {"received": ""}
    cells = [(name, counted[name], _rows_url(**where, state=state.get(name, name))) for name in names]
    return {"title": title, "cells": cells, "rate": receipts.on_time(counted)}


def _rows_url(**query):
    said = {name: query[name] for name in ("branch", "since", "until", "state") if query.get(name)}
    return f"{reverse('customers:received')}?{urlencode(said)}"


@require_safe
@position_required(Verb.FORMS_SEE)
def received(request):
    """The rows behind the figures."""
    now = timezone.now()
    form = ReceiptFilter(request.GET, person=request.user)
    visible = FormReceipt.objects.visible_to(request.user)
    rows = in_state(form.narrow(visible, "received_at"), form.chosen["state"], now)
    found = page(rows.select_related(*NEEDED), Order("received_at", descending=True), within=visible, **asked(request))
    entered = [row.form.customer_id for row in found.rows if row.form]
    seen = Customer.objects.visible_to(request.user).filter(pk__in=entered)  # others now may have the customer
    request.records_shown += len(entered)
    context = {
        "form": form,
        "rows": found.rows,
        "count": capped_count(rows),
        "counted": COUNTED,
        "now": now,
        "seen": set(seen.values_list("pk", flat=True)) if entered else (),
        "narrowed": any(form.chosen.values()),
        "strikes": request.user.can(Verb.DESK_SERVE),
    }
    return render(request, "customers/forms/received.html", context | links(request, found))


def in_state(rows, state, now):
    if state == "struck":
        return rows.filter(struck_at__isnull=False)
    if state == "waiting":
        return rows.waiting()
    if state == "late":
        return rows.late(now)
    rows = rows.standing()
    if state == "entered":
        return rows.filter(form__isnull=False)
    return rows.filter(form__isnull=False, clock__breached_at__isnull=True) if state == "on_time" else rows


@require_safe
@position_required(Verb.FORMS_SEE)
def receipt(request, pk):
    """Where the clock of a form leads: to the record once it is entered, until then to where it is entered."""
    row = get_object_or_404(FormReceipt.objects.visible_to(request.user).select_related("form"), pk=pk)
    if row.form_id and request.user.can(Verb.CUSTOMER_VIEW):
        return redirect("customers:record", row.form.customer_id)
    if not row.struck_at and request.user.can_on(Verb.CUSTOMER_REGISTER, row):
        return redirect(f"{reverse('customers:register')}?receipt={row.pk}")
    day = timezone.localdate(row.received_at)
    return redirect(_rows_url(branch=row.branch_id, since=day, until=day, state="struck" if row.struck_at else ""))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.DESK_SERVE)
def strike(request, pk):
    """A form that was noted by mistake: with a reason, and it stays visible as struck out."""
    waiting = FormReceipt.objects.visible_to(request.user, verb=Verb.DESK_SERVE).waiting()
    row = get_object_or_404(waiting.select_related("branch"), pk=pk)
    acting_on(request, row, Verb.DESK_SERVE)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            receipts.strike(row, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Form %(serial)s is struck out.") % {"serial": row})
            return redirect("customers:forms")
    return render(request, "customers/forms/strike.html", {"form": form, "row": row})
