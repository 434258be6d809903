"""Putting a record into the archive and taking it out again. Source: SEC-04."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from customers import archiving
from customers.actions import StaleEdit
from customers.forms.reasons import ArchiveForm, RestoreForm
from customers.models import Customer
from staff.access import acting_on, position_required
from staff.verbs import Verb


def refuse_archived(request, pk):
    """Back to the record, whose banner says who can restore it."""
    messages.warning(request, _("This record is archived. Restore it before you change it."))
    address = reverse("customers:record", args=[pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _customer(request, pk):
    rows = Customer.objects.visible_to(request.user, verb=Verb.CUSTOMER_ARCHIVE).select_related("branch")
    customer = get_object_or_404(rows, pk=pk)
    acting_on(request, customer, Verb.CUSTOMER_ARCHIVE)
    return customer


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_ARCHIVE)
def archive(request, pk):
    customer = _customer(request, pk)
    form = ArchiveForm(request.POST or None, initial={"version": customer.version})
    if request.method == "POST" and form.is_valid():
        try:
            archiving.archive(customer, **form.cleaned_data, by=request.user, at=timezone.now())
        except StaleEdit:
            form.add_error(None, _("Somebody saved this record meanwhile. Look at it again, then decide."))
        else:
            messages.success(request, _("%(name)s is archived.") % {"name": customer.name})
            return redirect("customers:record", pk)
    return render(request, "customers/archive.html", {"customer": customer, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_ARCHIVE)
def restore(request, pk):
    customer = _customer(request, pk)
    form = RestoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        archiving.restore(customer, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("%(name)s is in use again.") % {"name": customer.name})
        return redirect("customers:record", pk)
    return render(request, "customers/archive.html", {"customer": customer, "form": form, "restoring": True})
