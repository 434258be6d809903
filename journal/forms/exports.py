"""What is asked before a list leaves Keke. Source: SEC-06, REC-17."""

from django import forms
from django.utils.translation import gettext_lazy as _

from journal.models import ExportJob


class ExportForm(forms.Form):
    purpose = forms.CharField(
        label=_("What for"), min_length=2, max_length=200,
        help_text=_("Stands in the file and in the access log, with your name and the number of rows"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={"min_length": _("Say in a few words what the file is for.")},
    )  # fmt: skip
    format = forms.ChoiceField(
        label=_("As"), choices=ExportJob.Format.choices, initial=ExportJob.Format.XLSX, widget=forms.RadioSelect
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
    )  # fmt: skip

    def __init__(self, data, *, exporter, suggested):
        super().__init__(data, initial={"columns": suggested, "format": ExportJob.Format.XLSX})
        self.fields["columns"].choices = [(column.code, column.label) for column in exporter.every_column]
