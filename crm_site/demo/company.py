"""The demo company itself: units, opening hours, areas, people and their positions, past ones included."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from staff.models import Area, Branch, Company, Department, District, OpeningPeriod, Person, Position
from staff.models.places import AreaDistrict

from . import PASSWORD
from .words import read

MONDAY_TO_FRIDAY, MONDAY_TO_SATURDAY, EVERY_DAY = range(5), range(6), range(7)
WHOLE_DAY = [("08:30", "18:00")]
WITH_LUNCH = [("08:30", "12:00"), ("13:00", "18:00")]
# Opening hours by the word in company.json: days of the week and the stretches of each day.
HOURS = {
    "standard": [(MONDAY_TO_SATURDAY, WHOLE_DAY)],
    "lunch": [(MONDAY_TO_SATURDAY, WITH_LUNCH)],
    "sunday": [(MONDAY_TO_SATURDAY, WHOLE_DAY), ([6], [("09:00", "17:00")])],
    "long": [(MONDAY_TO_SATURDAY, WHOLE_DAY), ([6], [("09:30", "16:30")])],
    "office": [(MONDAY_TO_FRIDAY, WITH_LUNCH)],
    "online": [(EVERY_DAY, [("08:30", "18:00")])],
}


@dataclass
class Built:
    """What the customers need to know of the company. Units are keyed by their code."""

    plan: dict  # company.json by unit code
    units: dict
    areas: dict  # (unit code, area name) -> Area
    area_districts: dict  # Area id -> set of district ids
    positions: list
    districts: dict  # (province, city) -> list of District


def build(*, on, words):
    """Write the company as it stands on a date. Reference data must be there."""
    plan = read("company")
    Company.objects.create(name=plan["name"])
    districts = {(d.province, d.city, d.name): d for d in District.objects.all()}
    units = _units(plan["units"], districts)
    areas, area_districts = _areas(plan["units"], units, districts)
    positions = _people(plan, Roster(units, areas, on=on, words=words))
    by_city = {}
    for (province, city, _name), district in districts.items():
        by_city.setdefault((province, city), []).append(district)
    return Built({unit["code"]: unit for unit in plan["units"]}, units, areas, area_districts, positions, by_city)


def _units(plans, districts):
    units = Branch.objects.bulk_create(
        Branch(
            code=unit["code"],
            name=unit["name"],
            channel=unit["channel"],
            district=districts[tuple(unit["district"])],
            address=unit["address"],
            phone=unit["phone"],
        )
        for unit in plans
    )
    OpeningPeriod.objects.bulk_create(
        OpeningPeriod(branch=branch, weekday=day, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for branch, unit in zip(units, plans, strict=True)
        for days, stretches in HOURS[unit["hours"]]
        for day in days
        for opens, closes in stretches
    )
    return {branch.code: branch for branch in units}


def _areas(plans, units, districts):
    areas = Area.objects.bulk_create(
        Area(branch=units[unit["code"]], name=name) for unit in plans for name in unit["areas"]
    )
    pieces = [places for unit in plans for places in unit["areas"].values()]
    links = AreaDistrict.objects.bulk_create(
        AreaDistrict(area=area, district=districts[province, city, name])
        for area, places in zip(areas, pieces, strict=True)
        for province, city, names in places
        for name in names
    )
    inside = {area.pk: set() for area in areas}
    for link in links:
        inside[link.area_id].add(link.district_id)
    codes = {branch.pk: code for code, branch in units.items()}
    return {(codes[area.branch_id], area.name): area for area in areas}, inside


class Roster:
    """Collects people and their positions, then writes them.

    Staff numbers: K, two digits of the unit (20: headquarters), two digits in order. Days are counted back from `on`.
    """

    def __init__(self, units, areas, *, on, words):
        self.units, self.areas, self.on, self.words = units, areas, on, words
        self.departments = {department.code: department for department in Department.objects.all()}
        self.password = make_password(PASSWORD)  # once: the same for all, and each costs a twentieth of a second
        self.people, self.positions = {}, []

    def join(self, number, left=None):
        """A new person; `left`: last day with the company."""
        last_moment = left and datetime.combine(self._day(left), time(18), tzinfo=timezone.get_default_timezone())
        self.people[number] = Person(
            staff_number=number,
            name=self.words.unique(self.words.person),
            phone=self.words.mobile(),
            password=self.password,
            disabled_at=last_moment,
        )

    def hold(self, number, code, place, first, last=None, area=None):
        """A position of the person in a unit or department, from the first to the last day."""
        where = {"branch": self.units[place]} if place in self.units else {"department": self.departments[place]}
        position = Position(
            code=code,
            starts_on=self._day(first),
            ends_on=None if last is None else self._day(last),
            area=self.areas[place, area] if area else None,
            **where,
        )
        self.positions.append((number, position))

    def save(self, heads):
        Person.objects.bulk_create(self.people.values())
        for number, position in self.positions:
            position.person = self.people[number]
        for code, number in heads.items():
            self.departments[code].head = self.people[number]
        Department.objects.bulk_update(self.departments.values(), ["head"])
        return Position.objects.bulk_create(position for _number, position in self.positions)

    def _day(self, days_ago):
        return self.on - timedelta(days=days_ago)


def _people(plan, roster):
    for unit in plan["units"]:
        present = [(code, first, None, *area) for code, first, *area in unit["positions"]]
        for order, (code, first, last, *area) in enumerate([*present, *unit["former"]], start=1):
            number = f"K{unit['number']}{order:02d}"
            roster.join(number, left=last)
            roster.hold(number, code, unit["code"], first, last, *area)
    for order, (code, places, first) in enumerate(plan["headquarters"], start=1):
        number = f"K20{order:02d}"
        roster.join(number)
        for place in places:
            roster.hold(number, code, place, first)
    for number, code, unit, first, last, *area in plan["moved"]:
        roster.hold(number, code, unit, first, last, *area)
    return roster.save(plan["heads"])
