"""The registration form as a customer fills it in, and what the front desk does with it. Source: REC-04, REC-17.

Customers are no clerks: few fields, every message says what to write, and 您 in Chinese.
"""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Consent, Contact, Kind, Source
from customers.values.phone_display import shown
from customers.values.text import person_name

from .fields import CleanTextField, CreditCodeField, EmailsField, NameField, PhonesField
from .registration import NeedsField
from .registration import RegistrationForm as TypedForm

AGREES = {
    Consent.Purpose.SERVICE: _("I agree that you keep what I have written and contact me about my orders"),
    Consent.Purpose.MARKETING: _("You may also send me news and offers"),
    Consent.Purpose.SURVEY: _("You may also ask me how satisfied I am"),
}


def _typed(**attrs):
    return forms.TextInput(attrs={"spellcheck": "false", **attrs})


class SelfRegistrationForm(forms.Form):
    """What a customer writes on the own phone, in the order of the paper."""

    name = NameField(
        label=_("Company, or your own name"), max_length=120, widget=_typed(autocomplete="organization"),
        error_messages={
            "required": _("Write the name of your company; without one, your own name."),
            "virtual": _("“%(name)s” does not look like a name. Write your company's name or your own."),
        },
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("You come for"), choices=[(Kind.COMPANY, _("a company")), (Kind.INDIVIDUAL, _("myself"))],
        initial=Kind.COMPANY, widget=forms.RadioSelect, error_messages={"required": _("Choose one of the two.")},
    )  # fmt: skip
    credit_code = CreditCodeField(
        label=_("Unified social credit code"), max_length=40, required=False,
        help_text=_("Only if you have it at hand; it stands on the business licence"),
        widget=_typed(autocomplete="off", autocapitalize="characters"),
    )  # fmt: skip
    contact = CleanTextField(
        label=pgettext_lazy("asked of a customer", "Your name"), max_length=50, required=False,
        widget=_typed(autocomplete="name"),
    )  # fmt: skip
    title = CleanTextField(
        label=_("Your position"), max_length=50, required=False, widget=_typed(autocomplete="organization-title")
    )  # fmt: skip
    phone = PhonesField(
        label=_("Phone"), max_length=200, required=False, widget=_typed(autocomplete="tel", inputmode="tel"),
        help_text=_("A phone number or an e-mail address is enough"),
    )  # fmt: skip
    email = EmailsField(
        label=_("E-mail"), max_length=254, required=False, widget=_typed(autocomplete="email", inputmode="email")
    )  # fmt: skip
    address = CleanTextField(
        label=_("Address"), max_length=200, required=False, widget=_typed(autocomplete="street-address"),
        help_text=_("City, street and number"),
    )  # fmt: skip
    needs = NeedsField(label=_("What can we do for you?"), required=False)
    service = forms.BooleanField(
        label=AGREES[Consent.Purpose.SERVICE],
        error_messages={
            "required": _("Without your consent we may keep nothing. Tick here, or ask for help at the counter.")
        },
    )
    marketing = forms.BooleanField(label=AGREES[Consent.Purpose.MARKETING], required=False)
    survey = forms.BooleanField(label=AGREES[Consent.Purpose.SURVEY], required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None):
        super().__init__(data, initial={"submission": uuid.uuid4()})
        self.fields["needs"].widget.attrs["rows"] = 3

    def refuse(self, sentence):
        """Show a sentence above what was written."""
        self.add_error(None, sentence)

    def clean_contact(self):
        return person_name(self.cleaned_data["contact"])

    def clean(self):
        data = super().clean()
        if data.get("kind") == Kind.COMPANY and not data.get("contact") and "contact" not in self.errors:
            self.add_error("contact", _("Write your name, so that we know whom to ask for."))
        if not (data.get("phone") or data.get("email")) and not {"phone", "email"} & self.errors.keys():
            self.add_error(
                "phone", _("Write your phone number or, below, your e-mail address, so that we can reach you.")
            )
        return data

    def written(self):
        """Columns of DeskForm. Phones and code in their normal writing: the clerk reads them."""
        data = self.cleaned_data
        code = data["credit_code"]
        return {
            **{name: data[name] for name in ("name", "kind", "contact", "title", "address")},
            "credit_code": code.value if code else "",
            "phone": " / ".join(shown(phone) for phone in data["phone"])[:200],
            "email": " ".join(data["email"]),
            "needs": "\n".join(data["needs"]),
            "consents": [purpose.value for purpose in AGREES if data[purpose.value]],
        }


FIXED = ("serial", "received_at", "received_by", "branch", "consents", "submission")


class DeskConfirmForm(TypedForm):
    """The registration form with what a customer sent. Unit, time and consents are as sent; there is no paper."""

    def __init__(self, data=None, *, person, sent):
        written = {name: getattr(sent, name) for name in ("name", "kind", "credit_code", "address", "needs")}
        super().__init__(data, person=person, initial={**written, "source": Source.WALK_IN})
        self.sent = sent
        for name in FIXED:
            del self.fields[name]
        self.fields["name"].widget.attrs["autofocus"] = True

    def clean(self):
        self.cleaned_data["branch"] = self.sent.branch
        return super().clean()

    def contact(self):
        """The one contact that the customer wrote, as a line of the form."""
        alone = self.sent.kind == Kind.INDIVIDUAL and not self.sent.contact
        return {
            "name": self.sent.name[:50] if alone else self.sent.contact,
            "role": Contact.Role.PURCHASING,
            "title": self.sent.title,
            "phones": self.sent.phone,
            "emails": self.sent.email,
        }


class DismissForm(forms.Form):
    reason = CleanTextField(
        label=_("Why it is dismissed"), max_length=200,
        help_text=_("For example: a trial, sent twice, registered already"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
