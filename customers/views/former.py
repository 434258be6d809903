"""Bringing a former contact back. Source: REC-14."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.actions import ArchivedRecord, DuplicatesFound
from customers.duplicates.seen import log_masked
from customers.former import bring_back
from customers.forms.reasons import BringBackForm
from customers.models import Contact, Customer
from customers.views.archiving import refuse_archived
from customers.views.register import LOOK_ALIKE
from staff.access import acting_on, position_required
from staff.verbs import Verb


@require_POST
@position_required(Verb.CUSTOMER_EDIT)
def contact_back(request, pk, contact):
    """One button; only where the contact's number belongs to another customer by now, a page asks why."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user, verb=Verb.CUSTOMER_EDIT), pk=pk)
    acting_on(request, customer, Verb.CUSTOMER_EDIT)
    former = get_object_or_404(Contact.objects.filter(customer=customer).prefetch_related("ways"), pk=contact)
    form = BringBackForm(request.POST)
    if form.is_valid():
        try:
            bring_back(former, **form.cleaned_data, by=request.user, at=timezone.now())
        except ArchivedRecord:
            return refuse_archived(request, pk)
        except DuplicatesFound as found:
            log_masked(request, found.matches)
            form.add_error("different_because", LOOK_ALIKE)
            return _ask(request, customer, former, form, found.matches)
        messages.success(request, _("%(name)s is a contact again.") % {"name": former})
        return redirect("customers:record", pk)
    return _ask(request, customer, former, form)


def _ask(request, customer, former, form, matches=()):
    context = {"customer": customer, "contact": former, "form": form, "matches": matches}
    context["different_because"] = form.data.get("different_because", "")
    return render(request, "customers/contact_back.html", context)
