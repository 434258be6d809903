from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from staff import opening_hours
from staff.models import Branch, Department, Person, Position

from .places import DistrictFields
from .positions import date_input
from .records import RecordForm

USUAL_HOURS = "09:00-18:00"


class HoursField(forms.CharField):
    """The opening hours of one day as text; gives what opening_hours.read gives."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=80, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "placeholder": _("closed")}

    def clean(self, value):
        return opening_hours.read(super().clean(value))


class BranchForm(DistrictFields, RecordForm):
    class Meta:
        model = Branch
        fields = ["name", "code", "channel", "phone", "district", "address", "closed_on"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
            "code": forms.TextInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
            "address": forms.TextInput(attrs={"autocomplete": "off"}),
            "closed_on": date_input(),
        }
        labels = {"address": _("Street and number")}
        help_texts = {
            "code": _("Short and lasting, for files and imports: letters, digits, hyphens"),
            "channel": _("Cannot change once customers belong to the unit"),
            "closed_on": _("Empty while the unit is open"),
        }

    def __init__(self, data=None, *, branch=None):
        super().__init__(data, instance=branch)
        days = opening_hours.week(branch.opening_periods.all()) if branch else [None] * 7
        for weekday, name in WEEKDAYS.items():
            shown = USUAL_HOURS if branch is None else opening_hours.shown(days[weekday])
            self.fields[f"hours_{weekday}"] = HoursField(label=name, initial=shown)
        self.order_fields(["name", "code", "channel", "closed_on", "province", "city", "district"])
        self.offer_districts(branch.district if branch else None)

    def hours_fields(self):
        return [self[f"hours_{weekday}"] for weekday in WEEKDAYS]

    def entry(self):
        """Arguments of actions.create_branch and edit_branch."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return fields | {"hours": [self.cleaned_data[f"hours_{weekday}"] for weekday in WEEKDAYS]}


class DepartmentForm(RecordForm):
    class Meta:
        model = Department
        fields = ["name", "code", "head"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
            "code": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "code": _("Short and lasting, for files and imports: letters, digits, hyphens"),
            "head": _("One of the people who hold a position in the department"),
        }

    def __init__(self, data=None, *, on, department=None):
        super().__init__(data, instance=department)
        here = Position.objects.current(on).filter(department=department.pk if department else None)
        people = Person.objects.enabled().holding(here) if department else Person.objects.none()
        if department and department.head_id:
            people |= Person.objects.filter(pk=department.head_id)
        self.fields["head"].queryset = people
        self.fields["head"].empty_label = _("nobody yet")

    def entry(self):
        """Arguments of actions.create_department and edit_department."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
