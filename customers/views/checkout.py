"""At the till: find the customer, see what is missing, fill it. Source: REC-06."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers import checkout, completeness, search
from customers.actions import ArchivedRecord, DuplicatesFound, StaleEdit
from customers.columns import contact_of, phone_of
from customers.duplicates.seen import log_masked
from customers.forms.checkout import CheckoutForm
from customers.forms.receipts import PeriodFilter
from customers.models import CheckoutCheck, Customer
from customers.views.register import LOOK_ALIKE
from staff.access import acting_on, answers_only, position_required, take_typing
from staff.days import midnight
from staff.paging import COUNTED, Order, asked, capped_count, links, page
from staff.verbs import Verb

FOUND = 10
SHOWN = ("first_contact", "first_phone", "branch__name", "missing")


@answers_only
@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_EDIT)
def till(request):
    """Any part of a phone, name or its pinyin; the text stands in no address."""
    text = request.POST.get("text", "")
    editable = Customer.objects.visible_to(request.user, verb=Verb.CUSTOMER_EDIT).in_use()
    found = search.matching(editable, text).order_by("-pk")[: FOUND + 1].in_rows(*SHOWN) if text.strip() else []
    request.records_shown += len(found)
    context = {
        "rows": [(row, contact_of(row), phone_of(row), completeness.labels(row.missing)) for row in found[:FOUND]],
        "more": len(found) > FOUND,
        "text": text.strip(),
        "too_short": len(text.strip()) < search.SHORTEST,
    }
    if request.htmx:
        return render(request, "customers/checkout/found.html", context)
    today = timezone.localdate()
    checks = CheckoutCheck.objects.filter(checked_by=request.user)
    if request.user.can(Verb.FORMS_SEE):
        checks = CheckoutCheck.objects.visible_to(request.user)
        context["checks_url"] = f"{reverse('customers:checks')}?{urlencode({'since': today, 'until': today})}"
    context["checks"] = _on(checks, today).count()
    return render(request, "customers/checkout/till.html", context)


def _on(checks, day):
    return checks.filter(checked_at__gte=midnight(day))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_EDIT)
def check(request, pk):
    """One record with only its missing fields open for typing; saving notes the check."""
    rows = Customer.objects.visible_to(request.user, verb=Verb.CUSTOMER_EDIT).in_use()
    customer = get_object_or_404(rows.select_related("branch", "owner", "district"), pk=pk)
    acting_on(request, customer, Verb.CUSTOMER_EDIT)
    form = CheckoutForm(request.POST if request.method == "POST" else take_typing(request), customer=customer)
    context = {"customer": customer, "form": form, "state": completeness.of(customer), "contacts": _contacts(customer)}
    if request.method == "POST" and form.is_valid():
        try:
            done = checkout.check(
                customer, version=form.cleaned_data["version"], **form.changed(), by=request.user, at=timezone.now()
            )
        except DuplicatesFound as found:
            log_masked(request, found.matches)
            form.add_error("different_because", LOOK_ALIKE)
            context["matches"] = found.matches
        except (StaleEdit, ArchivedRecord):
            form.add_error(None, _("Somebody saved this record meanwhile. Look at it again, then decide."))
        else:
            messages.success(request, _said(done))
            return redirect("customers:checkout")
    request.records_shown += 1
    return render(request, "customers/checkout/check.html", context)


def _contacts(customer):
    return list(customer.contacts.current().prefetch_related("ways"))


def _said(done):
    if not done.missing_after:
        return _("%(name)s is checked and complete.") % {"name": done.customer.name}
    missing = _(", ").join(str(label) for label in completeness.labels(done.missing_after))
    return _("%(name)s is checked. Still missing: %(items)s") % {"name": done.customer.name, "items": missing}


@require_safe
@position_required(Verb.FORMS_SEE)
def checks(request):
    """How many checks each unit made, and the checks themselves."""
    form = PeriodFilter(request.GET, person=request.user)
    visible = CheckoutCheck.objects.visible_to(request.user)
    rows = form.narrow(visible, "checked_at")
    order = Order("checked_at", descending=True)
    found = page(rows.select_related("customer", "branch", "checked_by"), order, within=visible, **asked(request))
    seen = Customer.objects.visible_to(request.user).filter(pk__in=[row.customer_id for row in found.rows])
    request.records_shown += len(found.rows)
    context = {
        "form": form,
        "units": [_unit(row, form) for row in checkout.by_branch(rows)],
        "rows": [
            (row, [*map(str, completeness.labels(set(row.missing_before) - set(row.missing_after)))],
             [*map(str, completeness.labels(row.missing_after))])
            for row in found.rows
        ],
        "seen": set(seen.values_list("pk", flat=True)) if found.rows else (),
        "count": capped_count(rows),
        "counted": COUNTED,
        "narrowed": any(form.chosen.values()),
    }  # fmt: skip
    return render(request, "customers/checkout/checks.html", context | links(request, found))


def _unit(row, form):
    """The figures of a unit with the address of exactly its rows."""
    days = {name: form.chosen[name] for name in ("since", "until") if form.chosen[name]}
    return row | {"url": f"?{urlencode({'branch': row['branch'], **days})}"}
