"""The rows of made-up customers, as lines of COPY: record, contacts, ways, needs, form, consents and match keys."""

from datetime import timedelta
from random import Random
from uuid import UUID

from crm_site.demo.customers import CONSENT_SHARES
from crm_site.demo.identities import FIRST_ROLES, FURTHER_ROLES
from crm_site.demo.registrations import NEW_FOR, NEW_STAGES, OLD_STAGES
from crm_site.demo.words import read
from customers.models import CONSENT_TEXT, Stage, Tier
from customers.naming import derived_names
from customers.values.keys import match_keys

from .company import Choice
from .names import Names, credit_code, mobile

LOOK_ALIKE_EVERY = 100
ARCHIVED_SHARE = 0.01
NULL = "\\N"
# Columns that are written; those left out are NULL. The key comes first.
COLUMNS = {
    "customers_customer": (
        "id", "name", "kind", "credit_code", "industry_id", "size_id", "business_type_id", "channel", "branch_id",
        "source", "owner_id", "tier", "stage", "country", "district_id", "address", "preferences", "remarks", "custom",
        "created_at", "created_by_id", "updated_at", "updated_by_id", "archived_at", "archived_by_id", "version",
        "missing", "name_core", "name_pinyin", "initials", "core_pinyin", "core_initials",
    ),
    "customers_contact": ("id", "customer_id", "name", "role", "title"),
    "customers_contactway": ("customer_id", "contact_id", "kind", "value", "extension", "as_written"),
    "customers_registrationform": (
        "id", "customer_id", "branch_id", "door", "serial", "received_at", "received_by_id", "entered_at",
        "entered_by_id", "submission",
    ),
    "customers_need": ("customer_id", "text", "noted_at", "noted_by_id"),
    "customers_consent": (
        "customer_id", "purpose", "text_version", "channel", "evidence_id", "evidence_note", "given_at",
        "recorded_by_id", "withdrawn_note",
    ),
    "customers_matchkey": ("customer_id", "kind", "value"),
}  # fmt: skip
TABLES = tuple(COLUMNS)


def line(*values):
    """A row as COPY reads it. The values are our own words: no tab, no backslash, no line end."""
    return "\t".join(values) + "\n"


def optional(value):
    return NULL if value is None else str(value)


class Author:
    """Writes customers by their numbers. `total` is how many there will be: the last ones are entered yesterday."""

    def __init__(self, company, *, on, total):
        self.company, self.on, self.total = company, on, total
        self.names, self.words = Names(), read("words")
        self.forms = Choice(self.words["legal_forms"])
        self.first_roles, self.further_roles = Choice(FIRST_ROLES), Choice(FURTHER_ROLES)
        self.new_stages, self.old_stages = Choice(NEW_STAGES), Choice(OLD_STAGES)
        self.days = [f"{day:%Y-%m-%d}" for day in company.days]
        self.old_before = on - NEW_FOR

    def chunk(self, numbers, ids, contact_ids, form_ids):
        """{table: its lines} for a range of numbers. The ids are iterators over fresh keys."""
        self.random = Random(f"populate:{numbers.start}")  # noqa: S311  (invented data, not secrets)
        self.lines = {table: [] for table in TABLES}
        self.firms = []
        for number in numbers:
            self.customer(number, next(ids), contact_ids, next(form_ids))
        return self.lines

    def customer(self, number, pk, contact_ids, form_id):
        random = self.random
        unit = self.company.units.draw(random)
        who = self.who(number, unit)
        ways = self.people(number, who, pk, contact_ids)
        place = number * len(self.days) // self.total
        moment = self.moment(unit, place)
        self.record(pk, who, unit, moment)
        self.registration(number, pk, form_id, unit, moment)
        keys = match_keys(
            name=who["name"], credit_code=who["code"], phones=[v for kind, v in ways if kind == "phone"],
            emails=[v for kind, v in ways if kind == "email"], is_company=who["kind"] == "company",
        )  # fmt: skip
        customer = str(pk)
        self.lines["customers_matchkey"] += [line(customer, kind, value) for kind, value in sorted(keys)]

    # Who it is

    def who(self, number, unit):
        random = self.random
        if unit.places is None:
            return self.foreign()
        city, region, area, district = unit.places.draw(random)
        who = {"kind": "company", "country": "CN", "district": str(district), "address": self.names.street(random)}
        if number % LOOK_ALIKE_EVERY == LOOK_ALIKE_EVERY - 1 and self.firms:
            return who | self.look_alike()
        draw = random.random()
        if draw < 0.05:
            name = self.names.person(random)
            return who | {
                "kind": "individual", "name": name, "code": "", "industry": NULL, "size": NULL, "type": NULL,
                "people": [[name, "general", "", None]],
            }  # fmt: skip
        short = self.names.short(random)
        if draw < 0.12 and unit.channel == "branch":
            who |= {
                "name": city + short + random.choice(self.words["sole_forms"]),
                "code": credit_code("92", region, number) if random.random() < 0.4 else "",
                "industry": str(random.choice(self.company.sole_industries)),
                "size": str(self.company.size_of_one), "type": str(self.company.sole_types),
            }  # fmt: skip
            return who | {"people": self.contact_people(1)}
        industry, trades, types = self.company.industries.draw(random)
        trade, form, shape = random.choice(trades), self.forms.draw(random), random.random()
        name = city + short + trade + form
        if shape < 0.16:
            name = f"{short}（{city}）{trade}{form}" if shape < 0.09 else short + trade + form
        who |= {
            "name": name,
            "code": credit_code("91", region, number) if random.random() < 0.78 else "",
            "industry": str(industry) if random.random() < 0.93 else NULL,
            "size": str(self.company.sizes.draw(random)) if random.random() < 0.85 else NULL,
            "type": str(random.choice(types)) if random.random() < 0.85 else NULL,
            "people": self.contact_people(self.how_many()),
            "switchboard": f"{area[1:]}6{number % 10_000_000:07d}" if random.random() < 0.2 else None,
        }  # fmt: skip
        self.firms.append((who, number))
        return who

    def foreign(self):
        random, words = self.random, self.words
        country, _prefix, city, _weight = random.choice(words["foreign"])
        base = self.names.foreign(random)
        person, street = random.choice(words["foreign_people"]), random.choice(words["foreign_first"])
        mail = f"{person.lower().replace(' ', '.')}@{base.lower().replace(' ', '-')}.example.com"
        return {
            "kind": "company", "name": f"{base} {words['foreign_forms'][country]}", "code": "", "country": country,
            "district": NULL, "address": f"{random.randrange(2, 180)} {street} Street, {city}", "industry": NULL,
            "size": NULL, "type": NULL, "people": [[person, "purchasing", "Purchasing Manager", mail]],
            "without_mobile": True,
        }  # fmt: skip

    def look_alike(self):
        """Nearly the name of an earlier firm, often its contact person and phone."""
        random = self.random
        original, number = random.choice(self.firms)
        stem = next(
            (original["name"].removesuffix(form) for form in self.forms.values if original["name"].endswith(form)),
            original["name"],
        )
        known = random.random() < 0.6
        people = [[*original["people"][0][:3], None] if known else [self.names.person(random), "purchasing", "", None]]
        endings = [end for end in (*self.forms.values, "公司", "") if stem + end != original["name"]]
        return {
            "name": stem + random.choice(endings), "code": "", "industry": original["industry"], "size": NULL,
            "type": NULL, "district": original["district"], "address": original["address"], "people": people,
            "phone_of": number if known else None,
        }  # fmt: skip

    def how_many(self):
        draw = self.random.random()
        return 1 if draw < 0.62 else 2 if draw < 0.9 else 3

    def contact_people(self, how_many):
        """[name, role, job title, e-mail or None] of each."""
        random, people = self.random, []
        for order in range(how_many):
            role = (self.further_roles if order else self.first_roles).draw(random)
            title = random.choice(self.words["titles"][role]) if random.random() < 0.7 else ""
            people.append([self.names.person(random), str(role), title, random.random() < 0.24])
        return people

    def people(self, number, who, pk, contact_ids):
        """Contacts and their ways; returns [(kind, value)] of the ways."""
        customer, found = str(pk), []
        contacts, ways = self.lines["customers_contact"], self.lines["customers_contactway"]

        def way(contact, kind, value, written, extension=""):
            ways.append(line(customer, contact, kind, value, extension, written))
            found.append((kind, value))

        for order, (name, role, title, mail) in enumerate(who["people"]):
            contact = str(next(contact_ids))
            contacts.append(line(contact, customer, name, role, title))
            if not who.get("without_mobile"):
                of = who.get("phone_of") if order == 0 and who.get("phone_of") is not None else number
                digits = mobile(of * 3 + order)
                way(contact, "phone", f"+86{digits}", digits)
            if mail:
                address = mail if isinstance(mail, str) else f"c{number}p{order}@mail.example.com"
                way(contact, "email", address, address)
        if board := who.get("switchboard"):
            contact = str(next(contact_ids))
            contacts.append(line(contact, customer, "", "general", ""))
            way(contact, "phone", f"+86{board}", f"0{board}")
        return found

    # How it came and how it is dealt with

    def moment(self, unit, place):
        """(day, received, entered, who received, who entered): entered by 18:00, or next morning one time in twelve."""
        random, day = self.random, self.company.days[place]
        hands = unit.enterers(day)
        minutes = 510 + int(random.random() * 550)
        received = f"{self.days[place]} {minutes // 60:02d}:{minutes % 60:02d}:00+08"
        late = random.random() < 0.08 and place + 1 < len(self.days)
        minutes = 520 + int(random.random() * 180) if late else minutes + 1 + int(random.random() * (1080 - minutes))
        entered = f"{self.days[place + late]} {minutes // 60:02d}:{minutes % 60:02d}:{int(random.random() * 60):02d}+08"
        return day, received, entered, str(hands[-1]), str(hands[0] if random.random() < 0.8 else hands[-1])

    def record(self, pk, who, unit, moment):
        random = self.random
        day, _received, entered, _receiver, enterer = moment
        tier = unit.tiers.draw(random)
        stage = (self.new_stages if day > self.old_before else self.old_stages).draw(random)
        crew = unit.managers if tier != Tier.NORMAL else unit.reps
        owner = crew.draw(random) if crew and random.random() > (0.05 if tier != Tier.NORMAL else 0.14) else None
        updated, version = entered, "1"
        if random.random() < 0.35:
            later = day + timedelta(days=int(random.random() * ((self.on - day).days)) + 1)
            if later < self.on:
                seconds = int(random.random() * 28_800)
                updated = f"{later:%Y-%m-%d} {9 + seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}+08"
                version = "2"
        archived = stage in (Stage.DORMANT, Stage.LOST) and random.random() < ARCHIVED_SHARE * 6
        derived = derived_names(who["name"], who["kind"])
        self.lines["customers_customer"].append(line(
            str(pk), who["name"], who["kind"], who["code"], who["industry"], who["size"], who["type"], unit.channel,
            str(unit.pk), unit.sources.draw(random), optional(owner), tier, stage, who["country"], who["district"],
            who["address"], random.choice(self.words["preferences"]) if random.random() < 0.22 else "",
            random.choice(self.words["remarks"]) if random.random() < 0.12 else "", "{}", entered, enterer, updated,
            enterer, updated if archived else NULL, enterer if archived else NULL, version, "{}", derived["name_core"],
            derived["name_pinyin"], derived["initials"], derived["core_pinyin"], derived["core_initials"],
        ))  # fmt: skip

    def registration(self, number, pk, form_id, unit, moment):
        random, customer, form = self.random, str(pk), str(form_id)
        _day, received, entered, receiver, enterer = moment
        serial = f"P{unit.number}{number:08d}" if unit.channel == "branch" else ""
        submission = str(UUID(int=random.getrandbits(128), version=4))
        self.lines["customers_registrationform"].append(
            line(form, customer, str(unit.pk), "typed", serial, received, receiver, entered, enterer, submission)
        )
        draw = random.random()
        for text in random.sample(self.words["needs"], 0 if draw < 0.25 else 1 if draw < 0.8 else 2):
            self.lines["customers_need"].append(line(customer, text, entered, enterer))
        for purpose, share in CONSENT_SHARES.items():
            if random.random() < share:
                self.lines["customers_consent"].append(
                    line(customer, purpose, CONSENT_TEXT, "paper", form, "", received, enterer, "")
                )
