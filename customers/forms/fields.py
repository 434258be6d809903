"""Fields that read what people write. Messages come from customers.values and say how to mend it. Source: REC-07."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.values import credit_codes, phones, suspicion
from customers.values.phone_display import shown
from customers.values.text import clean, clean_lines


class CleanTextField(forms.CharField):
    """One line without stray spaces, full-width letters and invisible characters."""

    def to_python(self, value):
        return clean(super().to_python(value))


class CleanLinesField(forms.CharField):
    """Several lines, each cleaned."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value):
        return clean_lines(super().to_python(value))


class NameField(CleanTextField):
    """The name of a customer; a placeholder is refused. Source: REC-07, AUD-08."""

    default_error_messages = {
        "short": _("The name has one character. Write it in full."),
        "virtual": _("“%(name)s” is a placeholder, not a name. Write the customer's real name."),
    }

    def validate(self, value):
        super().validate(value)
        if value and len(value) < 2:
            raise ValidationError(self.error_messages["short"], code="short")
        if value and suspicion.virtual_name(value):
            raise ValidationError(self.error_messages["virtual"], code="virtual", params={"name": value})


class CreditCodeField(forms.CharField):
    """Gives credit_codes.CreditCode, or None when left empty."""

    def clean(self, value):
        text = clean(super().clean(value))
        return credit_codes.read(text) if text else None

    def prepare_value(self, value):
        return getattr(value, "value", value)


class PhonesField(forms.CharField):
    """One or more phone numbers in one box; gives a tuple of values.phones.Phone."""

    region = "CN"

    def clean(self, value):
        text = super().clean(value)
        if not text.strip():
            return ()
        found, unreadable = phones.read_many(text, region=self.region)
        if unreadable and not found:
            return (phones.read(text, region=self.region),)  # one number: its own message says what is wrong
        if unreadable:
            raise ValidationError(
                ngettext_lazy(
                    "This part is not a phone number: %(parts)s", "These parts are not phone numbers: %(parts)s",
                    len(unreadable),
                ),
                code="unreadable",
                params={"parts": gettext(", ").join(unreadable)},
            )  # fmt: skip
        return tuple(found)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else " / ".join(shown(phone) for phone in value)


class EmailsField(forms.CharField):
    """One or more e-mail addresses; gives a tuple of lower-cased addresses."""

    def clean(self, value):
        text = clean(super().clean(value)).replace("；", ";").replace("，", ",")
        parts = [part.lower() for part in text.replace(";", " ").replace(",", " ").replace("、", " ").split()]
        for part in parts:
            try:
                validate_email(part)
            except ValidationError as error:
                message = _("“%(part)s” is not an e-mail address. It looks like name@company.cn.")
                raise ValidationError(message, code="email", params={"part": part}) from error
        return tuple(dict.fromkeys(parts))

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else " ".join(value)
