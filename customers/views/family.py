"""Choosing the parent company of a customer by search. Source: REC-01."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers import search
from customers.actions import StaleEdit
from customers.family import set_parent
from customers.forms.family import ParentForm
from customers.models import Customer
from staff import refusals
from staff.access import acting_on, answers_only, position_required
from staff.verbs import Verb

OFFERED = 10


def _customer(request, pk):
    rows = Customer.objects.visible_to(request.user, verb=Verb.CUSTOMER_EDIT)
    customer = get_object_or_404(rows.select_related("branch", "district"), pk=pk)
    acting_on(request, customer, Verb.CUSTOMER_EDIT)
    return customer


def _page(request, customer, form=None, text="", found=()):
    visible = Customer.objects.visible_to(request.user)
    context = {
        "customer": customer,
        "form": form,
        "text": text,
        "too_short": len(text.strip()) < search.SHORTEST,
        "found": found,
        "parent": visible.filter(pk=customer.parent_id).first() if customer.parent_id else None,
    }
    return render(request, "customers/parent.html" + ("#found" if request.htmx else ""), context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_EDIT)
def parent(request, pk):
    customer = _customer(request, pk)
    if request.method != "POST":
        return _page(request, customer)
    form = ParentForm(request.POST, person=request.user)
    if form.is_valid():
        try:
            with refusals.beside_fields(form):
                set_parent(customer, **form.cleaned_data, by=request.user, at=timezone.now())
                messages.success(request, _("The parent company of %(name)s is saved.") % {"name": customer.name})
                return redirect("customers:record", pk)
        except StaleEdit:
            form.add_error(None, _("Somebody saved this record meanwhile. Look at it again, then decide."))
    return _page(request, _customer(request, pk), form)


@answers_only
@require_POST
@position_required(Verb.CUSTOMER_EDIT)
def parent_find(request, pk):
    """Customers that may be the parent; the text travels by POST."""
    customer, text = _customer(request, pk), request.POST.get("text", "")
    rows = search.matching(Customer.objects.visible_to(request.user).in_use().exclude(pk=pk), text)
    found = list(rows.select_related("branch").order_by("-pk")[:OFFERED])
    request.records_shown += len(found)
    return _page(request, customer, text=text, found=found)
