"""Address by province, city, district and detail, and by country for customers abroad. Source: REC-03, ux section 6."""

from babel import Locale
from django import forms
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.values.names import pinyin
from staff.forms.places import DistrictFields
from staff.models import District

NO_PLACES = frozenset({"CN", "ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"})  # codes of the library that are no country


def _territories():
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return Locale(language).territories


def country_name(code):
    """A country or region in the reader's language; the code itself when it is unknown."""
    return _territories().get(code, code)


def countries():
    """(ISO code, name) of all countries and regions in the reader's language, mainland China first."""
    known = {code: name for code, name in _territories().items() if len(code) == 2 and code.isalpha()}
    abroad = [(code, name) for code, name in known.items() if code not in NO_PLACES]
    return [("CN", known["CN"]), *sorted(abroad, key=lambda pair: pinyin(pair[1]))]


class AddressFields(DistrictFields):
    """District choices for customers in mainland China, a country for the others."""

    country = forms.ChoiceField(label=_("Country or region"), choices=lazy(countries, list), initial="CN")

    def offer_address(self):
        """Fill the choices from what was sent or from the district in `initial` (a District, its id or None)."""
        start = self.initial.get("district")
        if start is not None and not isinstance(start, District):
            start = District.objects.filter(pk=start).first()
        self.offer_districts(start)

    def place_abroad(self, data):
        """Districts are China's: a customer abroad has a country and a written address."""
        if data.get("country") != "CN":
            data["district"] = None
        return data
