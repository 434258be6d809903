"""What customers answer after registration: a yes, a no, a consent taken back. Source: REC-17."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Consent

from .fields import CleanTextField


class ConsentForm(forms.Form):
    YES, NO = "yes", "no"
    answer = forms.ChoiceField(
        label=_("The customer's answer"), choices=[(YES, _("agrees")), (NO, _("says no"))],
        widget=forms.Select(attrs={"autofocus": True}),
    )  # fmt: skip
    purpose = forms.ChoiceField(label=_("What for"), choices=Consent.Purpose.choices)
    channel = forms.ChoiceField(label=_("Given by"), choices=Consent.Channel.choices)
    given_on = forms.DateField(
        label=pgettext_lazy("answer", "Given on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = CleanTextField(
        label=pgettext_lazy("consent", "Evidence"), max_length=200,
        help_text=_("How anybody can tell later: which form, call or message, and who took it"),
    )  # fmt: skip

    def __init__(self, data=None, *, customer):
        super().__init__(data, initial={"given_on": timezone.localdate()})
        given = set(customer.consents.filter(withdrawn_at=None).values_list("purpose", flat=True))
        self.fields["purpose"].choices = [pair for pair in Consent.Purpose.choices if pair[0] not in given]

    @property
    def nothing_left(self):
        """Whether every consent is recorded already."""
        return not self.fields["purpose"].choices

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class WithdrawalForm(forms.Form):
    note = CleanTextField(
        label=_("How it was taken back"), max_length=200, help_text=_("For example: by phone on 3 March, Ms Li"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
