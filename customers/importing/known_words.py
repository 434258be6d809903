"""What the words of a file may mean here: units, lists, code tables and people, by all their names. Source: REC-15."""

from dataclasses import dataclass, field
from functools import lru_cache, partial

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import to_locale

from customers import own_fields
from customers.forms.place import NO_PLACES
from customers.models import BusinessType, CompanySize, Import, Industry, OwnField, Source, Tier, kept
from customers.values import amounts, dates
from customers.values.gazetteer import Gazetteer
from customers.values.text import clean
from staff import places
from staff.models import Branch, Person

from .headings import plain as plain_heading
from .wording import Wording
from .wording import plain as plain_word

LANGUAGES = ("zh-hans", "en")
USUAL = {"source": Source.WALK_IN, "tier": Tier.NORMAL}  # where a row says nothing, or nothing that is known
OWN = "own:"  # in front of the code of an own field, in place of a field's name
_YES = frozenset(map(plain_word, ("是", "有", "对", "yes", "y", "true", "1", "√", "✓")))
_NO = frozenset(map(plain_word, ("否", "无", "没有", "不", "no", "n", "false", "0", "×")))


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
        defaults=USUAL
        | ({"source": Source.CAMPAIGN} if job.kind == Import.Kind.LEADS else {})
        | {name: entry for name, entry in job.defaults.items() if entry not in (None, "")},
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


def own_headings():
    """{heading as it is compared: "own:" and code} of the company's own fields, by their labels and codes."""
    names = [(name, one.code) for one in kept(OwnField) for name in (one.label_zh, one.label_en, one.code)]
    return {plain_heading(name): f"{OWN}{code}" for name, code in names}


def own_readers():
    """{"own:" and code: reads a text as the field stores it, or raises ValidationError}."""
    return {f"{OWN}{one.code}": partial(_read_own, one) for one in kept(OwnField)}


def _read_own(definition, text):
    match definition.kind:
        case OwnField.Kind.NUMBER:
            return own_fields.as_stored(definition, amounts.read(text))
        case OwnField.Kind.DATE:
            return str(dates.read(text))
        case OwnField.Kind.CHOICE:
            found = {plain_word(option): option for option in definition.options}.get(plain_word(text))
            if found is None:
                raise ValidationError(text)
            return found
        case OwnField.Kind.YES_NO:
            word = plain_word(text)
            if word not in _YES | _NO:
                raise ValidationError(text)
            return word in _YES
    if len(text) > own_fields.LONGEST:
        raise ValidationError(text)
    return clean(text)
