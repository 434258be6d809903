from django import forms
from django.utils.translation import gettext_lazy as _

from customers.policies import possible_owners
from staff.models import Person

from .reasons import ReasonField


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=_("Person in charge"), required=False, empty_label=_("nobody yet"),
        widget=forms.Select(attrs={"autofocus": True}),
    )  # fmt: skip
    reason = ReasonField(  # the action asks for it where the person changes
        required=False, help_text=_("Needed when the person changes; it stays in the history")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, customer):
        super().__init__(data, initial={"owner": customer.owner_id, "version": customer.version})
        self.fields["owner"].queryset = possible_owners([customer.branch])
