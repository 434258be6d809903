from django import forms
from django.apps import AppConfig
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

WORDS = {
    forms.Field: {"required": _("Fill this in")},
    forms.ChoiceField: {"required": _("Choose one"), "invalid_choice": _("This is not on offer here. Choose again.")},
    forms.ModelChoiceField: {
        "required": _("Choose one"),
        "invalid_choice": _("This is not on offer here. Choose again."),
    },
    forms.DateField: {"invalid": _("Write the date like 2026-11-25.")},
    forms.TimeField: {"invalid": _("Write the time like 08:30.")},
    forms.IntegerField: {"invalid": _("Write a whole number.")},
}


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self):
        # What forms say, in the words of this product: what to write, not that something is invalid. The label stands
        # in front of it in the summary.
        for field, words in WORDS.items():
            field.default_error_messages = {**field.default_error_messages, **words}
        validators.validate_slug.message = _("Use letters, digits, hyphens and underscores only.")
        validators.EmailValidator.message = _("Write the address like name@company.cn.")
        validators.MaxLengthValidator.message = ngettext_lazy(
            "At most %(limit_value)d character; there are %(show_value)d.",
            "At most %(limit_value)d characters; there are %(show_value)d.",
            "limit_value",
        )
