from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import modelform_factory
from django.utils.translation import gettext_lazy as _

from customers.code_tables import TABLES
from staff.forms.records import RecordForm


class CodeForm(RecordForm):
    """An entry of a code table."""

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if instance:
            del self.fields["code"]

    def clean(self):
        for name in ("label_zh", "label_en"):
            label = self.cleaned_data.get(name)
            others = self._meta.model.objects.filter(**{f"{name}__iexact": label}).exclude(pk=self.instance.pk)
            if label and (other := others.first()):
                message = _("“%(label)s” is here already, with the code %(code)s.")
                self.add_error(name, ValidationError(message, params={"label": label, "code": other.code}))
        return self.cleaned_data


def code_form(table, *args, **kwargs):
    """The form for entries of one table; `instance` for an entry that exists."""
    form = modelform_factory(
        TABLES[table],
        form=CodeForm,
        fields=["label_zh", "label_en", "code", "position"],
        widgets={name: forms.TextInput(attrs={"autocomplete": "off"}) for name in ("label_zh", "label_en", "code")},
        help_texts={
            "code": _("Letters, digits, hyphens; files and imports use it, so it cannot change later"),
            "position": _("Small numbers stand first"),
        },
    )
    return form(*args, **kwargs)
