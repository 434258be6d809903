from django import forms
from django.utils.translation import gettext_lazy as _

from customers import tips
from customers.models import Customer
from staff.models import Department

from .fields import CleanLinesField, CleanTextField


class TipForm(forms.Form):
    """What one has learned, about whom, for whom. A customer is named in full, by name or phone, or arrives chosen from
    its own record."""

    text = CleanLinesField(
        label=_("What you learned"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )
    about = CleanTextField(
        label=_("About the customer"), max_length=120, required=False,
        help_text=_("The whole name or a whole phone number; leave it empty if it is about no customer"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-settles": True}),
    )  # fmt: skip
    customer = forms.IntegerField(required=False, label=_("Which customer"), widget=forms.HiddenInput)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("For"), required=False,
        empty_label=_("whoever is in charge of the customer"),
    )  # fmt: skip

    def __init__(self, data=None, *, person, known=None):
        super().__init__(data, initial={"about": known.name, "customer": known.pk} if known else None)
        self.person = person
        self.fields["department"].queryset = Department.objects.filter(
            head__isnull=False, head__disabled_at__isnull=True
        )
        about = (data or {}).get("about", "")
        self.matches = tips.exactly(about[:120], person=person) if about else []

    def clean(self):
        data = super().clean()
        data["customer"] = self._customer(data) if data.get("about") else None
        nobody = not data["customer"] and not data.get("department") and not {"about", "department"} & set(self.errors)
        if nobody:
            self.add_error("department", _("Choose the department that should know."))
        return data

    def _customer(self, data):
        chosen, about = data.get("customer"), data["about"]
        found = {match.customer.pk: match.customer for match in self.matches}
        if chosen in found:
            return found[chosen]
        if known := Customer.objects.visible_to(self.person).filter(pk=chosen, name=about).first():
            return known
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            self.add_error("about", _("Several customers are called so. Choose which one is meant."))
        else:
            message = _("No customer has exactly this name or phone. Leave it empty and name the customer in the text.")
            self.add_error("about", message)
        return None


class AnswerForm(forms.Form):
    answer = CleanLinesField(label=_("Answer"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
