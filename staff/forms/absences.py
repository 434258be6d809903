from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from staff.models import Person


class Named(forms.ModelChoiceField):
    """People with their staff numbers: two may have the same name."""

    def label_from_instance(self, person):
        return f"{person.name} · {person.staff_number}"


def _day(label):
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class AbsenceForm(forms.Form):
    """Arguments of absences.enter and absences.change. Who may set nobody else's has no choice of person."""

    person = Named(Person.objects.none(), label=_("Who is away"), empty_label=None)
    starts_on = _day(_("First day away"))
    ends_on = _day(_("Last day away"))
    deputy = Named(
        Person.objects.enabled(), label=_("Deputy"), empty_label=_("choose"),
        help_text=_("Is told of due times and news in the meantime"),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=100, required=False)

    def __init__(self, *args, people, absence=None, **kwargs):
        self.absence = absence
        if absence:
            names = ("starts_on", "ends_on", "deputy", "note")
            kwargs.setdefault("initial", {name: getattr(absence, name) for name in names})
        super().__init__(*args, **kwargs)
        if absence or people.count() < 2:
            del self.fields["person"]
        else:
            self.fields["person"].queryset = people

    def clean(self):
        chosen = self.cleaned_data
        starts_on, ends_on = chosen.get("starts_on"), chosen.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            raise ValidationError({"ends_on": _("The last day lies before the first.")})
        return chosen
