"""Printable customer cards 客户关系卡 of the contacts of one customer. Source: REC-14, SEC-06."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from customers.forms.cards import CardsForm
from customers.models import Customer
from journal.actions import record as record_access
from journal.models import AccessLog
from staff.access import position_required
from staff.verbs import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_VIEW)
def cards(request, pk):
    """Choose; the answer to the form is what is printed, with phones in full for whom the record shows them to."""
    rows = Customer.objects.visible_to(request.user).select_related("branch", "owner", "district")
    customer = get_object_or_404(rows, pk=pk)
    request.records_shown += 1
    form = CardsForm(request.POST or None, contacts=list(customer.contacts.current().prefetch_related("ways")))
    if request.method != "POST" or not form.is_valid():
        return render(request, "customers/cards_form.html", {"customer": customer, "form": form})
    chosen, sees, at = form.chosen(), request.user.can_on(Verb.CONTACT_SEE, customer), timezone.localtime()
    detail = {"cards": [contact.pk for contact in chosen], "masked": not sees}
    record_access(AccessLog.Action.REVEAL, by=request.user, at=at, subjects=[customer], request=request, detail=detail)
    context = {"customer": customer, "cards": chosen, "sees_contacts": sees, "printed_at": at}
    return render(request, "customers/cards.html", context | {"paper": form.cleaned_data["paper"]})
