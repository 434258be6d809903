from django import forms
from django.utils.translation import gettext_lazy as _

from customers.completeness import ITEMS
from customers.models import Source
from staff.models import Channel

from .fields import CleanTextField


class StandardForm(forms.Form):
    """A new version of one line of the filing standard."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("all channels")), *Channel.choices], required=False)
    source = forms.ChoiceField(label=_("Source"), choices=[("", _("all sources")), *Source.choices], required=False)
    items = forms.MultipleChoiceField(
        label=_("Required items"),
        choices=[(code, item.label) for code, item in ITEMS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    general = forms.BooleanField(label=_("No own items any more: the more general line applies"), required=False)
    starts_on = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date like 2026-11-25.")},
        help_text=_("Today or later. Records entered before keep being judged by the version of their time."),
    )
    reason = CleanTextField(label=_("Reason"), max_length=200)

    def clean(self):
        data = super().clean()
        if not data.get("general") and not data.get("items"):
            self.add_error("items", _("Choose at least one item."))
        return data

    def line(self):
        """Arguments of filing.set_line."""
        data = dict(self.cleaned_data)
        items = None if data.pop("general") else data["items"]
        return data | {"items": items}
