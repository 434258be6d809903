from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self):
        # Said beside the field and, behind its label, in the summary: "Customer name: fill this in".
        forms.Field.default_error_messages["required"] = _("Fill this in")
        for choice in (forms.ChoiceField, forms.ModelChoiceField):
            choice.default_error_messages["required"] = _("Choose one")
