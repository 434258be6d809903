from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class ParentForm(forms.Form):
    """The chosen parent; only customers that the person sees are on offer."""

    parent = forms.ModelChoiceField(Customer.objects.none(), label=_("Parent company"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, person):
        super().__init__(data)
        self.fields["parent"].queryset = Customer.objects.visible_to(person)
