"""What the words of a file may mean here: units, lists, code tables and people, by all their names. Source: REC-15."""

from dataclasses import dataclass, field
from functools import lru_cache

from babel import Locale
from django.utils import translation
from django.utils.translation import to_locale

from customers.forms.place import NO_PLACES
from customers.models import BusinessType, Campaign, CompanySize, Import, Industry, Source, Tier, kept
from customers.values.gazetteer import Gazetteer
from staff import places
from staff.models import Branch, Person

from .wording import Wording
from .wording import plain as plain_word

LANGUAGES = ("zh-hans", "en")
USUAL = {"source": Source.WALK_IN, "tier": Tier.NORMAL}  # where a row says nothing, or nothing that is known


def usual(job):
    """{field: entry} where nobody chose a default. Leads come from their campaign, as at the entry of its cards."""
    if job.kind != Import.Kind.LEADS:
        return USUAL
    campaign = Campaign.objects.filter(name=job.campaign_name).first()
    return USUAL | {"source": campaign.source if campaign else Source.CAMPAIGN}


def defaults(job):
    """{field: entry} of rows that say nothing, as people chose it or as usual."""
    return usual(job) | {name: entry for name, entry in job.defaults.items() if entry not in (None, "")}


def wording(job):
    """The Wording of an import: what is known here, and what people said for its file."""
    return Wording(
        branches={name: pk for pk, *names in Branch.objects.values_list("pk", "name", "code") for name in names},
        industries=_codes(Industry),
        sizes=_codes(CompanySize),
        business_types=_codes(BusinessType),
        sources=_labels(Source),
        tiers=_labels(Tier),
        corrections=job.words,
        defaults=defaults(job),
    )


def _codes(table):
    """{any name: id} of a code table, of an entry that is offered before a retired one."""
    entries = sorted(kept(table), key=lambda entry: entry.retired)
    return _first((name, entry.pk) for entry in entries for name in (entry.label_zh, entry.label_en, entry.code))


def _labels(choices):
    """{label in any language: value} of a list in the program."""
    names = []
    for language in LANGUAGES:
        with translation.override(language):
            names += [(str(label), value) for value, label in choices.choices]
    return _first(names)


def _first(pairs):
    found = {}
    for name, entry in pairs:
        found.setdefault(name, entry)
    return found


@dataclass
class People:
    """Staff by their exact names; a name that two people bear names nobody."""

    ids: dict = field(default_factory=dict)

    @classmethod
    def known(cls):
        ids = {}
        for pk, name in Person.objects.values_list("pk", "name"):
            ids[name] = None if name in ids else pk
        return cls(ids)

    def find(self, name):
        return self.ids.get(name)


class Districts:
    """Finds the district that province, city, district and address of a row name together."""

    def __init__(self):
        tree = places.tree()
        names = {p: {c: [name for _pk, name in its] for c, its in cities.items()} for p, cities in tree.items()}
        self._gazetteer = Gazetteer(names)
        self._ids = {(p, c, name): pk for p, cities in tree.items() for c, its in cities.items() for pk, name in its}
        self._find = lru_cache(maxsize=65536)(self._look_up)

    def find(self, province, city, district, area, address):
        """Id of the district, or None. The address decides only where no column names a district."""
        if written := f"{province}{city}{district}" or area:
            return self._find(written) or (self._find(f"{written}{address[:20]}") if address else None)
        return self._find(address[:20]) if address else None

    def _look_up(self, text):
        place = self._gazetteer.at(text, 0)
        return self._ids.get((place.province, place.city, place.district)) if place and place.sure else None


def countries():
    """{word as it is compared: code of the country or region}, by names in all languages and by the codes."""
    found = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(to_locale(language)).territories.items():
            if len(code) == 2 and code.isalpha() and (code == "CN" or code not in NO_PLACES):
                found.setdefault(plain_word(name), code)
                found.setdefault(plain_word(code), code)
    return found | {plain_word(word): "CN" for word in ("中华人民共和国", "中国大陆", "PRC", "P.R. China")}
