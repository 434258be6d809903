"""Contact lines for somebody to whom the record shows phones and e-mails masked. Source: SEC-04, SEC-06.

What stands there is masked. A masked value that is left as it is means the stored one, so nobody learns a number by
proposing a change, and nobody destroys one.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.values.phone_display import HIDDEN, masked, masked_email
from staff.paging import row_id

from .contacts import BaseContactFormSet, ContactForm
from .fields import EmailsField, PhonesField


class MaskedMixin:
    """A field of several values; `stored` are those of the contact on its line."""

    stored = ()
    between = " "

    def clean(self, value):
        rest, left = value or "", []
        # The longer first: a short one may be a piece of it.
        for kept in sorted(self.stored, key=lambda one: -len(self.mask(one))):
            if (hidden := self.mask(kept)) in rest:
                rest = rest.replace(hidden, self.between, 1)
                left.append(kept)
        if HIDDEN in rest:
            message = _("A hidden number cannot be typed. Write it in full, or leave it as it stood here.")
            raise ValidationError(message, code="hidden")
        typed = super().clean(rest.strip(" /、,，;；"))
        return (*(one for one in self.stored if one in left), *typed)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else " / ".join(map(self.mask, value))


class MaskedPhonesField(MaskedMixin, PhonesField):
    mask = staticmethod(masked)
    between = "/"


class MaskedEmailsField(MaskedMixin, EmailsField):
    mask = staticmethod(masked_email)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else " ".join(map(self.mask, value))


class MaskedContactForm(ContactForm):
    phones = MaskedPhonesField(label=_("Phones"), max_length=200, required=False)
    emails = MaskedEmailsField(label=_("E-mail"), max_length=254, required=False)

    def __init__(self, *args, stored, **kwargs):
        super().__init__(*args, **kwargs)
        contact = stored.get(row_id(str(self["pk"].value() or "")))
        if contact is not None:
            self.fields["phones"].stored, self.fields["emails"].stored = contact.phones, contact.emails


MaskedContactFormSet = forms.formset_factory(
    MaskedContactForm, formset=BaseContactFormSet, extra=0, min_num=1, can_delete=True, max_num=20, absolute_max=30
)


def masked_lines(data, customer, entries):
    """As contacts.contact_lines, for the contacts of the customer and of no other."""
    initial = [
        {"pk": e.pk, "name": e.name, "role": e.role, "title": e.title, "phones": e.phones, "emails": e.emails}
        for e in entries
    ]
    options = {"region": customer.country, "stored": {entry.pk: entry for entry in entries}}
    return MaskedContactFormSet(data, prefix="contacts", initial=initial, form_kwargs=options)
