"""Only what a record lacks, open for typing. Source: REC-06."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.actions import ContactEntry, entries_of
from customers.completeness import labels
from customers.models import BusinessType, CompanySize, Contact, Industry
from customers.values.text import person_name

from .fields import CleanLinesField, CleanTextField, EmailsField, PhonesField
from .place import AddressFields
from .registration import CreditCodeMixin, NeedsField

# Which fields fill which missing item.
FIELDS = {
    "contact_name": ("contact_name",),
    "purchasing_contact": ("purchasing_contact",),
    "phone": ("phones",),
    "email": ("emails",),
    "credit_code": ("credit_code", "credit_code_confirmed"),
    "district": ("province", "city", "district"),
    "address": ("address",),
    "industry": ("industry",),
    "size": ("size",),
    "business_type": ("business_type",),
    "need": ("needs",),
    "preferences": ("preferences",),
}
COLUMNS = ("credit_code", "district", "address", "industry", "size", "business_type", "preferences")
ALWAYS = ("version", "different_because")


class CheckoutForm(CreditCodeMixin, AddressFields):
    version = forms.IntegerField(widget=forms.HiddenInput)
    contact_name = CleanTextField(label=_("Contact's name"), max_length=50, required=False)
    phones = PhonesField(label=_("Phones"), max_length=200, required=False)
    emails = EmailsField(label=_("E-mail"), max_length=254, required=False)
    purchasing_contact = forms.ChoiceField(label=_("Purchasing contact"), required=False)
    address = CleanTextField(label=_("Street and number"), max_length=200, required=False)
    industry = forms.ModelChoiceField(
        Industry.objects.filter(retired=False), label=_("Industry"), required=False, empty_label=_("choose")
    )
    size = forms.ModelChoiceField(
        CompanySize.objects.filter(retired=False), label=_("Size"), required=False, empty_label=_("choose")
    )
    business_type = forms.ModelChoiceField(
        BusinessType.objects.filter(retired=False), label=_("Type of business"), required=False, empty_label=_("choose")
    )
    needs = NeedsField(label=_("Needs"), required=False, help_text=_("One need a line"))
    preferences = CleanLinesField(label=_("Behaviour and preferences"), max_length=2000, required=False)
    different_because = CleanTextField(label=_("Why this is another customer"), max_length=200, required=False)

    field_order = [name for names in FIELDS.values() for name in names]

    def __init__(self, data=None, *, customer):
        super().__init__(data, initial={"version": customer.version})
        self.customer, self.entries = customer, entries_of(customer)
        wanted = {name for code in customer.missing for name in FIELDS.get(code, ())} | {*ALWAYS}
        if "district" in wanted:
            self.offer_address()
        if "phones" in wanted:
            self.fields["phones"].region = customer.country
            self.fields["phones"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        if "purchasing_contact" in wanted:
            names = [(str(entry.pk), entry.name or _("no name given")) for entry in self.entries]
            self.fields["purchasing_contact"].choices = [("", _("choose")), *names]
            if not names:
                wanted.discard("purchasing_contact")  # a contact that is typed now becomes it
        for name in set(self.fields) - wanted:
            del self.fields[name]

    @property
    def elsewhere(self):
        """What is missing and has a page of its own, such as a consent with its evidence."""
        return labels(set(self.customer.missing) - FIELDS.keys())

    def clean(self):
        return self.confirm_credit_code(super().clean())

    def changed(self):
        """What was typed, as arguments of actions.edit. What was left empty stays missing."""
        data = self.cleaned_data
        fields = {name: data[name] for name in COLUMNS if data.get(name)}
        return {
            "fields": fields,
            "contacts": self._contacts(),
            "new_needs": data.get("needs", ()),
            "different_because": data.get("different_because", ""),
        }

    def _contacts(self):
        """All contacts as they shall be; None when nothing was typed about them. A missing name, phone or e-mail goes
        to the first contact, a customer without contacts gets one."""
        data = self.cleaned_data
        typed = {
            "name": person_name(data.get("contact_name", "")),
            "phones": data.get("phones", ()),
            "emails": data.get("emails", ()),
        }
        typed = {name: value for name, value in typed.items() if value}
        chosen = data.get("purchasing_contact")
        if not typed and not chosen:
            return None
        entries = self.entries or [ContactEntry(role=Contact.Role.PURCHASING)]
        first = entries[0]  # what it holds already stays
        merged = {name: getattr(first, name) or value for name, value in typed.items()}
        entries = [replace(first, **merged), *entries[1:]]
        role = Contact.Role.PURCHASING
        return [replace(e, role=role) if chosen and str(e.pk) == chosen else e for e in entries]
