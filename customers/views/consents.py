"""Consents on a record: given later, declined, taken back. Source: REC-17."""

from datetime import datetime, time

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import consents
from customers.forms.consents import ConsentForm, WithdrawalForm
from customers.models import Consent, Customer
from staff import refusals
from staff.access import acting_on, position_required, take_typing
from staff.verbs import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CONTACT_SEE)
def consent_new(request, pk):
    """Whoever deals with the customer notes what it agreed to or said no to."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user, verb=Verb.CONTACT_SEE).in_use(), pk=pk)
    acting_on(request, customer, Verb.CONTACT_SEE)
    form = ConsentForm(request.POST or take_typing(request), customer=customer)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals.beside_fields(form):
            answer = {name: said[name] for name in ("purpose", "channel", "note")} | {"by": request.user}
            if said["answer"] == form.NO:
                declined = consents.decline(customer, declined_at=_moment(said["given_on"]), **answer)
                messages.success(request, _("Recorded: no to %(consent)s.") % {"consent": declined})
            else:
                given = consents.give(customer, given_at=_moment(said["given_on"]), **answer)
                messages.success(request, _("Recorded: %(consent)s.") % {"consent": given})
            return redirect("customers:record", pk)
    return render(request, "customers/consent_form.html", {"customer": customer, "form": form})


def _moment(day):
    """Now for today, the start of it for another day: nobody remembers the minute."""
    now = timezone.localtime()
    return now if day == now.date() else timezone.make_aware(datetime.combine(day, time()))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CONTACT_SEE)
def consent_withdraw(request, pk, consent):
    """The customer takes a consent back: from now on no message of this purpose leaves."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user, verb=Verb.CONTACT_SEE), pk=pk)
    given = get_object_or_404(Consent.objects.filter(customer=customer, withdrawn_at=None), pk=consent)
    acting_on(request, customer, Verb.CONTACT_SEE)
    form = WithdrawalForm(request.POST or take_typing(request))
    if request.method == "POST" and form.is_valid():
        consents.withdraw(given, note=form.cleaned_data["note"], by=request.user, at=timezone.now())
        messages.success(
            request, _("Taken back: %(consent)s. Nothing of this kind is sent any more.") % {"consent": given}
        )
        return redirect("customers:record", pk)
    return render(request, "customers/consent_withdraw.html", {"customer": customer, "consent": given, "form": form})
