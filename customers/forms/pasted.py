"""What was recognised in a pasted block, put beside what the registration form holds already. Source: ux section 2."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from customers.values.gazetteer import Gazetteer
from customers.values.pasted import recognise
from customers.values.phone_display import shown
from staff import places

from .registration import RegistrationForm

PLACE = ("province", "city", "district")
LABELS = {
    "company": _("Customer name"),
    "credit_code": _("Credit code"),
    "name": _("Contact"),
    "title": _("Job title"),
    "phones": _("Phones"),
    "emails": _("E-mail"),
    "province": _("Province"),
    "city": _("City"),
    "district": _("District"),
    "address": _("Street and number"),
}
OF_CONTACT = ("name", "title", "phones", "emails")
FILLABLE = {"name", "credit_code", "address", *PLACE}  # fields of the form itself


@dataclass(frozen=True)
class Fill:
    """A value for one field of the form. `shown` is what a person reads."""

    name: str
    label: object
    value: str
    shown: str
    sure: bool


class Filling:
    """`fills` go into fields that are still empty; `kept` are labels of fields that hold something else."""

    def __init__(self, data, *, person):
        self.data, self.text = data, data.get("pasted", "")
        self.fills, self.kept, self.options = [], [], []
        self.row = _first_line(data)
        found = recognise(self.text, _gazetteer())
        for field in LABELS:
            if field in found and field not in PLACE:
                self._fill(field, found[field])
        if "province" in found:
            self._fill_place([found.get(level) for level in PLACE], person)
        self.fills.sort(key=lambda fill: list(LABELS.values()).index(fill.label))

    def _fill(self, field, guess):
        name = f"contacts-{self.row}-{field}" if field in OF_CONTACT else {"company": "name"}.get(field, field)
        value = _written(field, guess.value)
        typed = self.data.get(name, "").strip()
        if typed:
            self.kept += [LABELS[field]] if typed != value else []
            return
        # Numbers of somebody else than the person typed already: look again.
        stranger = field in ("phones", "emails", "title") and self.data.get(f"contacts-{self.row}-name", "").strip()
        self.fills.append(Fill(name, LABELS[field], value, value, guess.sure and not stranger))

    def _fill_place(self, guesses, person):
        """All levels or none: a district of another city would say nothing."""
        province, city, district = (guess.value if guess else "" for guess in guesses)
        typed = tuple(self.data.get(level, "") for level in PLACE)
        offered = RegistrationForm(person=person).initial
        untouched = not typed[2] and typed[:2] in (("", ""), (offered["province"], offered["city"]))
        fitting = not typed[2] and typed[0] == province and typed[1] in ("", city)
        if not (untouched or fitting) or self.data.get("country", "CN") != "CN":
            self.kept.append(LABELS["district"])
            return
        districts = places.districts(province, city) if city else []
        pk = next((str(pk) for pk, name in districts if name == district), "")
        values = {"province": (province, province), "city": (city, city), "district": (pk, district)}
        sure = all(guess is None or guess.sure for guess in guesses)
        self.fills += [Fill(level, LABELS[level], *values[level], sure) for level in PLACE if values[level][0]]
        self.options = [
            ("city", [(name, name) for name in places.cities(province)]),
            ("district", districts),
        ]

    @property
    def names(self):
        return ",".join(fill.name for fill in self.fills)

    def filled(self):
        """The form's data with the values put in."""
        data = self.data.copy()
        for fill in self.fills:
            data[fill.name] = fill.value
        return data

    @staticmethod
    def undone(data):
        """The form's data with what was filled in before taken out again."""
        data = data.copy()
        for name in data.get("filled", "").split(","):
            _contacts, _dash, rest = name.partition("contacts-")
            if name in FILLABLE or rest.partition("-")[2] in OF_CONTACT:
                data[name] = ""
        return data


def _first_line(data):
    """Index of the first contact line that is not removed."""
    total = data.get("contacts-TOTAL_FORMS", "")
    for index in range(min(int(total), 30) if total.isdecimal() else 0):
        if not data.get(f"contacts-{index}-DELETE"):
            return index
    return 0


def _written(field, value):
    if field == "phones":
        return " / ".join(shown(phone) for phone in value)
    return " ".join(value) if field == "emails" else value


def _gazetteer():
    tree = places.tree()
    return _read(_Same(tree))


class _Same:
    """The tree as a key of the cache: the same object, the same names."""

    def __init__(self, tree):
        self.tree = tree

    def __hash__(self):
        return id(self.tree)

    def __eq__(self, other):
        return self.tree is other.tree


@lru_cache(maxsize=1)
def _read(same):
    return Gazetteer(
        {p: {c: [name for _pk, name in ds] for c, ds in cities.items()} for p, cities in same.tree.items()}
    )
