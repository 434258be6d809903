from django import forms
from django.utils.translation import gettext_lazy as _


class CardsForm(forms.Form):
    """Which contacts' cards are printed, and on what paper."""

    contacts = forms.MultipleChoiceField(label=_("Cards of"), widget=forms.CheckboxSelectMultiple)
    paper = forms.ChoiceField(
        label=_("Paper"), initial="a4", widget=forms.RadioSelect,
        choices=[("a4", _("A4, four cards on a sheet")), ("a6", _("A6, one card on a sheet"))],
    )  # fmt: skip

    def __init__(self, data=None, *, contacts):
        super().__init__(data, initial={"contacts": [str(contact.pk) for contact in contacts]})
        self.people = contacts
        self.fields["contacts"].choices = [
            (str(contact.pk), " · ".join(filter(None, [str(contact), contact.title, contact.get_role_display()])))
            for contact in contacts
        ]

    def chosen(self):
        wanted = set(self.cleaned_data["contacts"])
        return [contact for contact in self.people if str(contact.pk) in wanted]
