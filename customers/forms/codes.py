from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import modelform_factory
from django.utils.translation import gettext_lazy as _

from customers.code_tables import TABLES
from customers.models import OwnField, Product
from staff.forms.records import RecordForm

from .fields import CleanLinesField

LONGEST_OPTION = 60


class CodeForm(RecordForm):
    """An entry of a code table."""

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if instance:
            del self.fields["code"]
            self.fields.pop("kind", None)  # values of another kind would not fit it

    def clean(self):
        for name in ("label_zh", "label_en", "name"):
            label = self.cleaned_data.get(name)
            if name not in self.fields:
                continue
            others = self._meta.model.objects.filter(**{f"{name}__iexact": label}).exclude(pk=self.instance.pk)
            if label and (other := others.first()):
                message = _("“%(label)s” is here already, with the code %(code)s.")
                self.add_error(name, ValidationError(message, params={"label": label, "code": other.code}))
        return self.cleaned_data


class OwnFieldForm(CodeForm):
    """An own field: what kind of value it takes, and the list where one is chosen of a list."""

    options = CleanLinesField(
        label=_("List to choose from"), required=False, help_text=_("One entry a line; only for a field with a list")
    )

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if instance:
            self.initial["options"] = "\n".join(instance.options)

    def clean_options(self):
        return list(dict.fromkeys(line for line in self.cleaned_data["options"].splitlines() if line))

    def clean(self):
        data = super().clean()
        chosen = data.get("kind", self.instance.kind) == OwnField.Kind.CHOICE
        options = data.get("options", [])
        if chosen and not options:
            self.add_error("options", _("Write what can be chosen, one entry a line."))
        if any(len(option) > LONGEST_OPTION for option in options):
            self.add_error("options", _("An entry has at most 60 characters."))
        if not chosen:
            data["options"] = []
        return data


def code_form(table, *args, **kwargs):
    """The form for entries of one table; `instance` for an entry that exists."""
    own = TABLES[table] is OwnField
    labels = ["name", "unit_of_measure"] if TABLES[table] is Product else ["label_zh", "label_en"]
    place = [] if TABLES[table] is Product else ["position"]
    form = modelform_factory(
        TABLES[table],
        form=OwnFieldForm if own else CodeForm,
        fields=[*labels, *(["kind"] if own else []), "code", *place],
        widgets={name: forms.TextInput(attrs={"autocomplete": "off"}) for name in (*labels, "code")},
        help_texts={
            "code": _("Letters, digits, hyphens; files and imports use it, so it cannot change later"),
            "position": _("Small numbers stand first"),
        },
    )
    return form(*args, **kwargs)
