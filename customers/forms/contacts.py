from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.actions import ContactEntry
from customers.models import Contact
from customers.values.phone_display import shown
from customers.values.text import person_name

from .fields import CleanTextField, EmailsField, PhonesField

TYPED = ("name", "role", "title", "phones", "emails")


class ContactForm(forms.Form):
    """One contact person of a customer, on one line."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = CleanTextField(label=_("Contact"), max_length=50, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Contact.Role.choices, initial=Contact.Role.PURCHASING)
    title = CleanTextField(label=_("Job title"), max_length=50, required=False)
    phones = PhonesField(label=_("Phones"), max_length=200, required=False)
    emails = EmailsField(label=_("E-mail"), max_length=254, required=False)

    def __init__(self, *args, region="CN", **kwargs):
        super().__init__(*args, **kwargs)
        for name in TYPED:
            # What stood here when the form was opened travels along, so that a stale form knows what was touched.
            self.fields[name].show_hidden_initial = bool(self.initial)
        self.fields["phones"].region = region
        self.fields["phones"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off", "data-settles": True}
        self.fields["emails"].widget.attrs |= {"inputmode": "email", "autocomplete": "off", "data-settles": True}
        self.fields["role"].required = False

    def clean_name(self):
        return person_name(self.cleaned_data["name"])

    def clean_role(self):
        return self.cleaned_data["role"] or Contact.Role.GENERAL

    @property
    def says_something(self):
        data = self.cleaned_data
        return any(data.get(name) for name in ("name", "title", "phones", "emails"))

    def entry(self):
        data = self.cleaned_data
        return ContactEntry(
            data["name"], data["role"], data["title"], data["phones"], data["emails"], data["pk"] or None
        )


class BaseContactFormSet(forms.BaseFormSet):
    """The contacts of one customer. A line in which nothing is written is no contact."""

    def clean(self):
        if any(self.errors):
            return
        seen = set()
        for form in self.kept_forms():
            if not (form.cleaned_data["phones"] or form.cleaned_data["emails"] or form.cleaned_data["name"]):
                form.add_error("name", ValidationError(_("A job title alone is no contact. Write a name or a phone.")))
            for phone in form.cleaned_data.get("phones", ()):
                number = (phone.e164, phone.extension)
                if number in seen:
                    form.add_error("phones", ValidationError(_("This number stands on another contact already.")))
                seen.add(number)

    def kept_forms(self):
        return [form for form in self.forms if form not in self.deleted_forms and form.says_something]

    def entries(self):
        return [form.entry() for form in self.kept_forms()]

    @property
    def reaches_somebody(self):
        return any(entry.phones or entry.emails for entry in self.entries())


ContactFormSet = forms.formset_factory(
    ContactForm, formset=BaseContactFormSet, extra=0, min_num=1, can_delete=True, max_num=20, absolute_max=30
)


def contact_lines(data, customer, entries):
    """The lines of a stored customer's contacts; phones are read as numbers of the customer's country."""
    initial = [
        {"pk": e.pk, "name": e.name, "role": e.role, "title": e.title, "phones": e.phones, "emails": e.emails}
        for e in entries
    ]
    return ContactFormSet(data, prefix="contacts", initial=initial, form_kwargs={"region": customer.country})


def merged_contacts(typed, stored):
    """What was typed into a stale form together with what others stored meanwhile: lines that were not touched say what
    is stored now, others' new contacts appear, and a contact that they removed becomes a new one."""
    now = {entry.pk: entry for entry in stored}
    seen = {form.cleaned_data.get("pk") for form in typed.forms}
    mine = []
    for form in typed.kept_forms():
        entry = form.entry()
        touched = any(name in TYPED for name in form.changed_data)
        if entry.pk in now and not touched:
            entry = now[entry.pk]
        mine.append(entry if entry.pk in now else replace(entry, pk=None))
    return mine + [entry for entry in stored if entry.pk not in seen]


def shown_contacts(entries):
    """Contacts in one line, for comparing by eye. Whoever edits sees the numbers anyway."""
    lines = (
        " ".join(filter(None, [e.name, e.title, *(shown(phone) for phone in e.phones), *e.emails])) for e in entries
    )
    return "; ".join(lines)
