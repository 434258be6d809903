from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.policies import units_with
from staff.days import midnight
from staff.models import Branch
from staff.verbs import Verb

from .fields import CleanTextField


def day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReceiptForm(forms.Form):
    """One line at the counter: the serial of the paper, and when it came."""

    serial = CleanTextField(label=_("Paper serial"), max_length=20)
    received_at = forms.DateTimeField(
        label=_("Received at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Write the date and time like 2026-11-25 14:30.")},
    )
    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Unit"), empty_label=None)

    def __init__(self, data=None, *, person):
        now = timezone.localtime().replace(second=0, microsecond=0)
        super().__init__(data, initial={"received_at": now}, prefix="receipt")
        units = units_with(person, Verb.DESK_SERVE).filter(closed_on__isnull=True)
        self.fields["branch"].queryset = units
        if len(units) == 1:
            self.fields["branch"].widget = forms.HiddenInput()
            self.initial["branch"] = units[0].pk
        self.fields["serial"].widget.attrs |= {"autocomplete": "off", "autofocus": True}

    def clean_received_at(self):
        received_at = self.cleaned_data["received_at"]
        if received_at > timezone.now():
            raise ValidationError(_("This time has not come yet. Write when the form was handed in."))
        return received_at


class StrikeForm(forms.Form):
    reason = CleanTextField(label=_("Why it was noted by mistake"), max_length=200)


class DayForm(forms.Form):
    """The day, and the unit, that the figures are about; what cannot be read counts as not said."""

    day = forms.DateField(required=False, widget=day_input(), label=_("Day"))
    branch = forms.ModelChoiceField(Branch.objects.none(), required=False, label=_("Unit"), empty_label=_("all units"))

    def __init__(self, data, *, person, today):
        super().__init__(data)
        self.fields["branch"].queryset = units = units_with(person, Verb.FORMS_SEE)
        if len(units) < 2:
            del self.fields["branch"]
        self.fields["day"].widget.attrs["max"] = today.isoformat()
        self.is_valid()
        chosen = self.cleaned_data.get("day")
        self.on = chosen if chosen and date(2000, 1, 1) <= chosen <= today else today
        self.data = {**self.data.dict(), "day": self.on.isoformat()}  # the field says what the figures are of
        self.branch = self.cleaned_data.get("branch")


class PeriodFilter(forms.Form):
    """A unit and days, as the address says them. What cannot be read counts as not said."""

    branch = forms.ModelChoiceField(Branch.objects.none(), required=False, label=_("Unit"), empty_label=_("all units"))
    since = forms.DateField(required=False, widget=day_input(), label=_("From"))
    until = forms.DateField(required=False, widget=day_input(), label=_("Until"))

    def __init__(self, data, *, person):
        super().__init__(data)
        self.fields["branch"].queryset = units_with(person, Verb.FORMS_SEE)
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name) for name in self.fields}

    def narrow(self, rows, column):
        """The rows of the unit and of the days chosen, both days included; `column` is an instant."""
        branch, since, until = (self.chosen[name] for name in ("branch", "since", "until"))
        rows = rows.filter(branch=branch) if branch else rows
        rows = rows.filter(**{f"{column}__gte": midnight(since)}) if since else rows
        return rows.filter(**{f"{column}__lt": midnight(until + timedelta(days=1))}) if until else rows


class ReceiptFilter(PeriodFilter):
    """Which received forms a list shows."""

    STATES = [
        ("", _("all states")),
        ("waiting", _("not entered yet")),
        ("entered", _("entered")),
        ("on_time", _("entered in time")),
        ("late", _("late")),
        ("struck", _("struck out")),
    ]
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))
