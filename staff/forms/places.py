"""Three dependent choices that end in a district, and the districts of an area."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from staff import places
from staff.models import Area, District
from staff.models.places import AreaDistrict

CHOOSE = ("", _("choose"))
DISTRICTS = reverse_lazy("staff:districts")


class PlaceFields(forms.Form):
    """Province and city narrow down what the next choice offers; without a script, saving does so too."""

    province = forms.CharField(
        label=_("Province"), required=False,
        widget=forms.Select(attrs={"hx-get": DISTRICTS, "hx-target": "#id_city"}),
    )  # fmt: skip
    city = forms.CharField(
        label=_("City"), required=False,
        widget=forms.Select(attrs={"hx-get": DISTRICTS, "hx-include": "#id_province", "hx-target": "#id_district",
                                   "hx-trigger": "change, cities-loaded from:#id_province"}),
    )  # fmt: skip

    def offer_places(self, start=None):
        """Fill the choices by what was sent, else by the place of a district."""
        if start and not self.is_bound:
            self.initial |= {"province": start.province, "city": start.city}
        province, city = self["province"].value() or "", self["city"].value() or ""
        self.fields["province"].widget.choices = [CHOOSE, *((name, name) for name in places.provinces())]
        self.fields["city"].widget.choices = [CHOOSE, *((name, name) for name in places.cities(province))]
        return province, city


class DistrictFields(PlaceFields):
    district = forms.ModelChoiceField(District.objects.all(), label=_("District"), required=False)

    def offer_districts(self, start=None):
        province, city = self.offer_places(start)
        self.fields["district"].widget.choices = [CHOOSE, *places.districts(province, city)]

    def clean(self):
        data = super().clean()
        district, province = data.get("district"), data.get("province")
        if province and not district and "district" not in self.errors:
            self.add_error("district", _("Choose the district too, or leave the province empty."))
        if district and (district.province, district.city) != (province, data.get("city")):
            self.add_error("district", _("This district is not in the city chosen. Choose it again."))
        return data


class AreaForm(PlaceFields):
    """An area: its name and its districts, ticked city by city. What was ticked in one city stays while in another.

    `address` is the form's page, which also answers with the districts of a city.
    """

    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True})
    )
    districts = forms.ModelMultipleChoiceField(District.objects.all(), label=_("Districts"), required=False)

    field_order = ["name", "province", "city", "districts"]

    def __init__(self, data=None, *, branch, area=None, address):
        initial = {"name": area.name, "districts": area.district_ids} if area else {}
        super().__init__(data, initial=initial)
        self.branch, self.area = branch, area
        self.place = self.offer_places(branch.district)
        ticks = {"hx-get": address, "hx-include": "#id_province, #id_districts", "hx-target": "#id_districts"}
        self.fields["city"].widget.attrs |= ticks

    def chosen(self):
        """Ids of the ticked districts, as sent or as stored."""
        return {int(pk) for pk in self["districts"].value() or [] if str(pk).isdecimal()}

    def cities(self):
        """Every city with a ticked district, and the city being looked at: (title, districts with tick and owner)."""
        chosen, taken = self.chosen(), self._taken()
        rows = District.objects.filter(pk__in=chosen).values_list("province", "city")
        ticked = dict.fromkeys(rows.order_by("pk"))
        found = list(ticked) if self.place in ticked or not self.place[1] else [*ticked, self.place]
        return [
            (
                places.city_title(*place),
                [(pk, name, pk in chosen, taken.get(pk, "")) for pk, name in places.districts(*place)],
            )
            for place in found
        ]

    def _taken(self):
        """District id -> name of the other area of this branch that has it."""
        others = AreaDistrict.objects.filter(area__branch=self.branch).exclude(area=self.area)
        return dict(others.values_list("district_id", "area__name"))

    def entry(self):
        """Arguments of actions.create_area and edit_area."""
        return {"name": self.cleaned_data["name"], "districts": list(self.cleaned_data["districts"])}


def areas_with_districts(branch):
    return Area.objects.filter(branch=branch).prefetch_related("districts")
