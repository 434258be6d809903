"""The change of a parameter. Source: AUD-16."""

from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policy.terms import Term
from staff.models import Branch


def date_input(**attrs):
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class TermField(forms.CharField):
    """A term as people write it: 30min, 24h, 3workdays, 2openinghours, sameday."""

    def clean(self, value):
        text = super().clean(value)
        return str(Term.parse(text)) if text else None


class ClockTimeField(forms.TimeField):
    """A time of the day with minutes."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, time) else value


def value_field(rule):
    """The field for a value of the rule; the range itself is checked by the rule."""
    label, unit = _("New value"), rule.unit_of(2)  # whatever will be written: the plural
    if rule.kind == "integer":
        return forms.IntegerField(label=label, help_text=unit, required=False)
    if rule.kind == "decimal":
        return forms.DecimalField(label=label, help_text=unit, required=False)
    if rule.kind == "time":
        return ClockTimeField(label=label, required=False)
    if rule.kind == "date":
        return forms.DateField(label=label, widget=date_input(), required=False)
    if rule.kind == "term":
        written = _("30min, 24h, 3workdays (working days), 2openinghours (opening hours) or sameday")
        return TermField(label=label, help_text=written, required=False, max_length=20)
    if rule.kind == "boolean":
        answers = [("true", _("yes")), ("false", _("no"))]
        return forms.TypedChoiceField(
            label=label, choices=answers, coerce=lambda text: text == "true", required=False, empty_value=None
        )
    return forms.ChoiceField(label=label, choices=rule.choices, required=False)


class RuleForm(forms.Form):
    branch = forms.ModelChoiceField(
        label=_("Holds for"), queryset=Branch.objects.all(), required=False, empty_label=_("the whole company")
    )
    follow = forms.BooleanField(
        label=_("This unit goes by the company's value again"), required=False
    )  # fmt: skip
    starts_on = forms.DateField(label=_("In force from"), widget=date_input())
    reason = forms.CharField(label=_("Reason"), max_length=200)
    field_order = ("value", "branch", "follow", "starts_on", "reason")

    def __init__(self, data=None, *, rule, value=None):
        today = timezone.localdate()
        super().__init__(data, initial={"starts_on": today, "value": value})
        self.fields["value"] = value_field(rule)
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()
        self.order_fields(self.field_order)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("follow"):
            if not cleaned.get("branch"):
                self.add_error("branch", ValidationError(_("Choose the unit that goes by the company's value again.")))
            cleaned["value"] = None
        elif "value" in cleaned and cleaned["value"] in (None, ""):
            self.add_error("value", self.fields["reason"].error_messages["required"])
        return cleaned

    @property
    def change(self):
        """What the action wants to know."""
        return {name: self.cleaned_data[name] for name in ("value", "branch", "starts_on", "reason")}
