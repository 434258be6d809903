"""Choices over the access log. Source: SEC-05, SEC-06."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from journal.models import AccessLog
from staff.days import midnight
from staff.models import Person


class AccessFilter(forms.Form):
    """Unknown values are passed over, never an error page."""

    q = forms.CharField(
        required=False, label=_("Name or staff number"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("name or staff number"),
                                      "autocomplete": "off", "maxlength": 50}),
    )  # fmt: skip
    action = forms.ChoiceField(choices=[("", _("any act")), *AccessLog.Action.choices], required=False, label=_("Act"))
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def rows(self):
        chosen, rows = self.chosen, AccessLog.objects.all()
        if "q" in chosen:
            rows = rows.filter(person__in=Person.objects.matching(chosen["q"]))
        if "action" in chosen:
            rows = rows.filter(action=chosen["action"])
        if "since" in chosen:
            rows = rows.filter(at__gte=midnight(chosen["since"]))
        if "until" in chosen:
            rows = rows.filter(at__lt=midnight(chosen["until"] + timedelta(days=1)))
        return rows
