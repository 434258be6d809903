"""The units that serve the customers: where theirs come from, who enters them, who is in charge of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import accumulate
from random import Random

from django.db import transaction

from crm_site.demo import company
from crm_site.demo.registrations import DAYS, SOURCES, TIERS
from crm_site.demo.words import Words, read
from customers.models import BusinessType, CompanySize, Industry
from staff.models import Branch, District, Person, Position
from staff.verbs import PositionCode

CLOSED_WEEKDAY = 6  # Sunday, when the bench company rests
ENTERERS = {PositionCode.ACCOUNTANT, PositionCode.CLERK}


class Choice:
    """Values with weights, drawn quickly."""

    def __init__(self, pairs):
        self.values = [value for value, _weight in pairs]
        self.weights = list(accumulate(weight for _value, weight in pairs))

    def draw(self, random):
        return random.choices(self.values, cum_weights=self.weights)[0]


def skewed(values):
    """The first one twice as often as the second, three times as often as the third: as work is spread."""
    return Choice([(value, 1 / place) for place, value in enumerate(values, start=1)])


@dataclass
class Unit:
    pk: int
    channel: str
    number: str
    places: Choice | None  # of (city's short name, first digits of credit codes, area code, district id)
    sources: Choice
    tiers: Choice
    positions: list = field(repr=False)

    def __post_init__(self):
        self.enterers = cache(self._enterers)
        reps = [p for p in self.positions if p.code == PositionCode.SALES_REP and p.ends_on is None]
        managers = [p for p in self.positions if p.code == PositionCode.ACCOUNT_MANAGER and p.ends_on is None]
        self.managers = skewed([p.person_id for p in managers]) if managers else None
        self.reps = skewed([p.person_id for p in reps]) if reps else self.managers

    def _enterers(self, day):
        """Ids of those who held a position at the counter or the books on a day; the accountant first."""
        held = [p for p in self.positions if p.code in ENTERERS and p.starts_on <= day]
        held = [p for p in held if p.ends_on is None or p.ends_on >= day]
        held.sort(key=lambda p: (p.code != PositionCode.ACCOUNTANT, p.person_id))
        return [p.person_id for p in held]


@dataclass
class Company:
    units: Choice
    days: list
    industries: Choice  # of (id, trades, ids of types of business)
    sizes: Choice
    size_of_one: int
    sole_types: int
    sole_industries: list


class NoCompany(Exception):
    """People are there, but not those of the demo company."""


def found(*, on):
    """The demo company of this installation; built, without customers, where there are no people yet."""
    with transaction.atomic():
        if not Person.objects.exists():
            company.build(on=on, words=Words(Random(1)))  # noqa: S311  (invented data, not secrets)
    codes = {table: dict(table.objects.values_list("code", "pk")) for table in (Industry, CompanySize, BusinessType)}
    words, units = read("words"), _units()
    if not units:
        raise NoCompany
    every_day = (on - timedelta(days=back) for back in range(DAYS, 0, -1))
    return Company(
        units=Choice(units),
        days=[day for day in every_day if day.weekday() != CLOSED_WEEKDAY],
        industries=Choice(
            [
                ((codes[Industry][code], trades, [codes[BusinessType][name] for name in types]), weight)
                for code, weight, trades, types in words["industries"]
            ]
        ),
        sizes=Choice([(codes[CompanySize][code], weight) for code, weight in words["sizes"]]),
        size_of_one=codes[CompanySize]["micro"],
        sole_types=codes[BusinessType]["sole_trader"],
        sole_industries=[
            codes[Industry][code] for code in ("advertising", "retail", "resident_services", "hospitality")
        ],
    )


def _units():
    """[(Unit, how many customers it has beside the others)] of the demo company's units."""
    branches = {branch.code: branch for branch in Branch.objects.all()}
    districts, positions = {}, {}
    for district in District.objects.all():
        districts.setdefault((district.province, district.city), []).append(district.pk)
    for position in Position.objects.exclude(branch=None).order_by("id"):
        positions.setdefault(position.branch_id, []).append(position)
    cities = read("cities")

    def places(territory):
        pairs = []
        for province, city, weight in territory:
            short, area, region = cities[f"{province}/{city}"]
            near = districts[province, city]
            # In a real town half of the customers sit in the first districts.
            pairs += [((short, region, area, pk), weight / place) for place, pk in enumerate(near, start=1)]
        return Choice(pairs) if pairs else None

    return [
        (
            Unit(
                pk=branches[plan["code"]].pk, channel=plan["channel"], number=plan["number"],
                places=places(plan["territory"]), sources=Choice(SOURCES[plan["channel"]]),
                tiers=Choice(TIERS[plan["channel"]]), positions=positions.get(branches[plan["code"]].pk, []),
            ),
            plan["share"],
        )
        for plan in read("company")["units"]
        if plan["code"] in branches and positions.get(branches[plan["code"]].pk)
    ]  # fmt: skip
