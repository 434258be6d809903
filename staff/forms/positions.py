"""Giving and ending positions. Source: SEC-01."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.actions import earliest_end
from staff.models import Area, Branch, Department
from staff.verbs import UNIT_POSITIONS, PositionCode

CHOOSE = ("", _("choose"))
IN_A_UNIT = _("The position “%(position)s” is held in a unit. Choose a unit.")
IN_A_DEPARTMENT = _("The position “%(position)s” is held in a department. Choose a department.")


def date_input(**attrs):
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class PositionFields(forms.Form):
    """A position: what, where, since when. Unit and department are one choice, since a position has exactly one."""

    code = forms.ChoiceField(label=_("Position"))
    place = forms.ChoiceField(label=_("Unit or department"))
    area = forms.ChoiceField(
        label=_("Area"), required=False,
        help_text=_("For sales representatives: their customers, and all customers of the unit in these districts"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("First day"), initial=timezone.localdate, widget=date_input())
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=date_input(), help_text=_("Empty: until further notice")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        units = Branch.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today))
        self.places = {f"unit-{unit.pk}": unit for unit in units}
        self.places |= {f"department-{department.pk}": department for department in Department.objects.all()}
        self.areas = {str(area.pk): area for area in Area.objects.filter(branch__in=units).select_related("branch")}
        self.fields["code"].choices = [CHOOSE, *_grouped_positions()]
        self.fields["place"].choices = [CHOOSE, *self._grouped_places()]
        self.fields["area"].choices = [("", _("no area")), *self._grouped_areas()]
        if not self.areas:
            self.fields["area"].help_text = _("No unit has areas yet; they are set up on the unit's page")

    def _grouped_places(self):
        groups = (_("units"), Branch), (_("departments"), Department)
        return [
            (title, [(key, str(place)) for key, place in self.places.items() if isinstance(place, kind)])
            for title, kind in groups
        ]

    def _grouped_areas(self):
        groups = {}
        for key, area in self.areas.items():
            groups.setdefault(area.branch.name, []).append((key, area.name))
        return list(groups.items())

    def clean(self):
        data = self.cleaned_data
        code, place = data.get("code"), self.places.get(data.get("place"))
        area = self.areas.get(data.get("area"))
        data |= {"branch": None, "department": None, "area": area}
        if code and place:
            in_unit = code in UNIT_POSITIONS
            if in_unit != isinstance(place, Branch):
                message = IN_A_UNIT if in_unit else IN_A_DEPARTMENT
                self.add_error("place", ValidationError(message, params={"position": PositionCode(code).label}))
            data["branch" if in_unit else "department"] = place
        if area and code and code != PositionCode.SALES_REP:
            self.add_error("area", _("Only sales representatives have an area. Choose “no area”."))
        elif area and isinstance(place, Branch) and area.branch_id != place.pk:
            message = _("This area belongs to %(unit)s. Choose one of the same unit.")
            self.add_error("area", ValidationError(message, params={"unit": area.branch.name}))
        if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first one."))
        return data

    def position(self):
        """Arguments of actions.assign_position."""
        names = ("code", "branch", "department", "area", "starts_on", "ends_on")
        return {name: self.cleaned_data[name] for name in names}


def _grouped_positions():
    in_units = [choice for choice in PositionCode.choices if choice[0] in UNIT_POSITIONS]
    central = [choice for choice in PositionCode.choices if choice[0] not in UNIT_POSITIONS]
    return [(_("in a unit"), in_units), (_("at headquarters"), central)]


class EndPositionForm(forms.Form):
    ends_on = forms.DateField(label=_("Last day"), widget=date_input(autofocus=True))

    def __init__(self, data=None, *, position):
        today = timezone.localdate()
        earliest = earliest_end(position, on=today)
        super().__init__(data, initial={"ends_on": position.ends_on or max(today, earliest)})
        self.fields["ends_on"].widget.attrs["min"] = earliest.isoformat()
        if earliest < today:
            self.fields["ends_on"].help_text = _("Yesterday ends it at once; today ends it at midnight")
        else:
            self.fields["ends_on"].help_text = _(
                "A position is held for one day at least. To close all access at once, disable the account"
            )
