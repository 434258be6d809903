"""Who the demo customers are: names, places, codes, contact people. Nothing here touches the database."""

from dataclasses import dataclass, field

from customers.models import Contact, ContactWay, Customer, Kind
from customers.values.names import pinyin

from .words import read, weighted

Role = Contact.Role
FIRST_ROLES = [(Role.PURCHASING, 45), (Role.GENERAL, 35), (Role.DECISION, 20)]
FURTHER_ROLES = [(Role.TECHNICAL, 30), (Role.FINANCE, 30), (Role.DECISION, 25), (Role.PURCHASING, 15)]
MOBILE_SHAPES = [("{0}{1}{2}", 70), ("{0} {1} {2}", 20), ("{0}-{1}-{2}", 10)]


@dataclass
class Identity:
    """A customer without the story of its registration. `people` pairs each contact with its ways."""

    customer: Customer
    people: list = field(default_factory=list)

    def ways(self, kind):
        return [way.value for _contact, ways in self.people for way in ways if way.kind == kind]


class Identities:
    """Draws customers for the units of the demo company. `codes` maps each code table to its rows by code."""

    def __init__(self, built, words, short_names, codes):
        self.built, self.words, self.codes = built, words, codes
        self.random, self.vocabulary, self.cities = words.random, read("words"), read("cities")
        self.legal_forms = [form for form, _weight in self.vocabulary["legal_forms"]]
        self._short_names = iter(self.random.sample(short_names, len(short_names)))

    def draw(self, plan):
        """The next customer of a unit, by its plan in company.json."""
        if not plan["territory"]:
            return self._foreign_company()
        province, city = weighted(self.random, [((p, c), weight) for p, c, weight in plan["territory"]])
        districts = self._busy(self.built.districts[province, city], plan)
        place = {"district": self.random.choice(districts), "address": self._street()}
        short, area, region = self.cities[f"{province}/{city}"]
        if self.random.random() < 0.05:
            return self._individual(place)
        if plan["channel"] == "branch" and self.random.random() < 0.1:
            return self._sole_trader(short, area, region, place)
        return self._company(short, area, region, place)

    def look_alike(self, original):
        """A near-duplicate of an earlier company: nearly the same name, often the same contact person and phone."""
        source = original.customer
        shared = {"industry": source.industry, "district": source.district, "address": source.address}
        copy = Identity(Customer(name=self._nearly(source.name), **shared))
        contact, ways = original.people[0]
        same_phones = [
            ContactWay(kind=way.kind, value=way.value, extension=way.extension, as_written=way.as_written)
            for way in ways
            if way.kind == ContactWay.Kind.PHONE
        ]
        known = self.random.random() < 0.6
        person = contact.name if known else self.words.person()
        copy.people.append((Contact(name=person, role=contact.role), same_phones if known else [self._mobile()]))
        return copy

    def _nearly(self, name):
        """The name with another legal form, or with none."""
        form = max((form for form in self.legal_forms if name.endswith(form)), key=len, default="")
        stem = name.removesuffix(form)
        return stem + self.random.choice([other for other in (*self.legal_forms, "公司", "") if stem + other != name])

    def _company(self, city, area, region, place):
        code, trades, types = weighted(
            self.random, [((c, t, b), weight) for c, weight, t, b in self.vocabulary["industries"]]
        )
        short, trade = next(self._short_names), self.random.choice(trades)
        form = weighted(self.random, self.vocabulary["legal_forms"])
        shapes = [
            (f"{city}{short}{trade}{form}", 84),
            (f"{short}（{city}）{trade}{form}", 9),
            (f"{short}{trade}{form}", 7),
        ]
        customer = Customer(
            name=weighted(self.random, shapes),
            credit_code=self.words.credit_code("91", region) if self.random.random() < 0.78 else "",
            industry=self.codes["industry"][code] if self.random.random() < 0.93 else None,
            size=self.codes["size"][weighted(self.random, self.vocabulary["sizes"])]
            if self.random.random() < 0.85
            else None,
            business_type=self.codes["type"][self.random.choice(types)] if self.random.random() < 0.85 else None,
            **place,
        )
        return self._with_people(customer, area, short)

    def _sole_trader(self, city, area, region, place):
        short = next(self._short_names)
        customer = Customer(
            name=f"{city}{short}{self.random.choice(self.vocabulary['sole_forms'])}",
            credit_code=self.words.credit_code("92", region) if self.random.random() < 0.4 else "",
            industry=self.codes["industry"][
                self.random.choice(["advertising", "retail", "resident_services", "hospitality"])
            ],
            size=self.codes["size"]["micro"],
            business_type=self.codes["type"]["sole_trader"],
            **place,
        )
        return self._with_people(customer, area, short, at_most=1)

    def _individual(self, place):
        name = self.words.unique(self.words.person)
        identity = Identity(Customer(name=name, kind=Kind.INDIVIDUAL, **place))
        identity.people.append((Contact(name=name), [self._mobile()]))
        return identity

    def _foreign_company(self):
        words = self.vocabulary
        country, prefix, city = weighted(self.random, [((c, p, n), weight) for c, p, n, weight in words["foreign"]])
        first, trade = self.words.unique(
            lambda: (self.random.choice(words["foreign_first"]), self.random.choice(words["foreign_trade"]))
        )
        identity = Identity(
            Customer(
                name=f"{first} {trade} {words['foreign_forms'][country]}",
                country=country,
                address=f"{self.random.randint(2, 180)} {first} Street, {city}",
                industry=self.codes["industry"][self.random.choice(["advertising", "wholesale"])],
                business_type=self.codes["type"][self.random.choice(["wholesaler", "service_provider"])],
            )
        )
        phone = self.words.foreign_phone(prefix)
        person = self.random.choice(words["foreign_people"])
        mail = f"{person.lower().replace(' ', '.')}@{f'{first} {trade}'.lower().replace(' ', '-')}.example.com"
        ways = [
            ContactWay(kind=ContactWay.Kind.PHONE, value=phone, as_written=phone),
            ContactWay(kind=ContactWay.Kind.EMAIL, value=mail, as_written=mail),
        ]
        identity.people.append((Contact(name=person, role=Role.PURCHASING, title="Purchasing Manager"), ways))
        return identity

    def _with_people(self, customer, area, short, at_most=3):
        identity = Identity(customer)
        for order in range(min(at_most, weighted(self.random, [(1, 62), (2, 28), (3, 10)]))):
            role = weighted(self.random, FURTHER_ROLES if order else FIRST_ROLES)
            contact = Contact(name=self.words.person(), role=role)
            if self.random.random() < 0.7:
                contact.title = self.random.choice(self.vocabulary["titles"][role])
            ways = [self._mobile()]
            if self.random.random() < 0.24:
                mail = f"{pinyin(contact.name)}@{pinyin(short)}{order or ''}.example.com"
                ways.append(ContactWay(kind=ContactWay.Kind.EMAIL, value=mail, as_written=mail))
            identity.people.append((contact, ways))
        if self.random.random() < 0.22:
            identity.people.append((Contact(), [self._landline(area)]))
        return identity

    def _mobile(self):
        digits = self.words.mobile()
        written = weighted(self.random, MOBILE_SHAPES).format(digits[:3], digits[3:7], digits[7:])
        return ContactWay(kind=ContactWay.Kind.PHONE, value=f"+86{digits}", as_written=written)

    def _landline(self, area):
        area, local = self.words.landline(area)
        extension = str(self.random.randint(801, 829)) if self.random.random() < 0.3 else ""
        written = f"{area}-{local}" + (f"转{extension}" if extension else "")
        return ContactWay(
            kind=ContactWay.Kind.PHONE, value=f"+86{area[1:]}{local}", extension=extension, as_written=written
        )

    def _street(self):
        words = self.vocabulary
        return (
            f"{self.random.choice(words['streets'])}{self.random.randint(2, 398)}{self.random.choice(words['houses'])}"
        )

    def _busy(self, districts, plan):
        """Districts of a city, those that lie in an area of the unit three times as often as the others."""
        inside = set()
        for name in plan["areas"]:
            inside |= self.built.area_districts[self.built.areas[plan["code"], name].pk]
        near = [district for district in districts if district.pk in inside]
        return near * 3 + districts
