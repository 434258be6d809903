from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.models import Branch, Person, Position
from staff.verbs import PositionCode

from .positions import PositionFields
from .records import RecordForm


class PersonForm(RecordForm):
    class Meta:
        model = Person
        fields = ["staff_number", "name", "email", "phone"]
        widgets = {
            "staff_number": forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        }
        labels = {"name": pgettext_lazy("person", "Name")}
        help_texts = {"staff_number": _("The person signs in with it")}

    def person(self):
        """Arguments of actions.create_person and edit_person."""
        return {name: self.cleaned_data[name] for name in PersonForm.Meta.fields}


class NewPersonForm(PositionFields, PersonForm):
    """A person and the first position at once: without one there is nothing to do after signing in."""


class PeopleFilter(forms.Form):
    """The row of choices over the list of people. Unknown values are passed over, never an error page."""

    STATES = [
        ("", _("active people")),
        ("nowhere", _("active, without a position")),
        ("disabled", _("disabled accounts")),
        ("all", _("everybody")),
    ]
    SORTS = [("", _("by staff number")), ("name", _("by name"))]

    q = forms.CharField(
        required=False,
        label=_("Name or staff number"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("name or staff number"), "maxlength": 50,
                                      "autocomplete": "off", "class": "form-control w-auto"}),
    )  # fmt: skip
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))
    position = forms.ChoiceField(
        choices=[("", _("any position")), *PositionCode.choices], required=False, label=_("Position")
    )
    unit = forms.ModelChoiceField(Branch.objects.all(), empty_label=_("any unit"), required=False, label=_("Unit"))
    sort = forms.ChoiceField(choices=SORTS, required=False, label=_("Order"))

    @property
    def narrowed(self):
        """Whether anything but the order was chosen."""
        return any(value for name, value in self.chosen.items() if name != "sort")

    @property
    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def people(self, on):
        """The people chosen; positions count on the given date."""
        chosen = self.chosen
        people = Person.objects.matching(chosen["q"]) if "q" in chosen else Person.objects.all()
        held = Position.objects.current(on)
        narrower = held.filter(**({"code": chosen["position"]} if "position" in chosen else {}),
                               **({"branch": chosen["unit"]} if "unit" in chosen else {}))  # fmt: skip
        if "position" in chosen or "unit" in chosen:
            people = people.holding(narrower)
        match chosen.get("state"):
            case "disabled":
                return people.filter(disabled_at__isnull=False)
            case "nowhere":
                return people.enabled().without(held)
            case "all":
                return people
        return people.enabled()
