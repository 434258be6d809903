"""Words of legacy spreadsheets for things that have a list here: unit, source, tier, industry and the like.

    words = Wording(branches={"北京朝阳分店": 7}, default_branch=None, industries={...})
    words.find("source", " 转介绍 ")    # "customer_referral"

Each dictionary leads from any name of an entry to whatever the caller keeps it by. Words are compared without spaces
and punctuation, in simplified characters and small letters. Source: REC-15.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from customers.values.folding import folded

from .headings import VOCABULARY

_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_NOISE = re.compile(r"[\W_]+")
_UNIT = re.compile("(?:分店|门店|分公司|营业部|店|部)$")
SHORTEST_STEM = 2  # characters


def plain(word):
    """A word as it is compared."""
    return _NOISE.sub("", folded(word))


def likely_unit(word, units):
    """The entry of the only unit of {name: entry} that a word such as 朝阳店 may be short for, or None."""
    whole, stem = plain(word), _UNIT.sub("", plain(word))
    if len(stem) < SHORTEST_STEM:
        return None
    found = {entry for name, entry in units.items() if stem in plain(name) or _UNIT.sub("", plain(name)) in whole}
    return found.pop() if len(found) == 1 else None


def dictionary(*tables):
    """{word as compared: entry} from {name: entry} tables; the first one that has a word counts."""
    merged = {}
    for table in tables:
        for word, entry in table.items():
            if key := plain(word):
                merged.setdefault(key, entry)
    return merged


def _usual(name):
    """{word: code} that the vocabulary has for a field."""
    return {word: code for code, words in VOCABULARY[name].items() for word in (code, *words)}


@dataclass
class Wording:
    """What the caller knows: {any name: entry} of units and code tables, corrections that people made, and defaults.

    The built-in words of source, tier and kind lead to their codes; `corrections` are {field: {word: entry}} and come
    first. `defaults` are {field: entry}; a branch without default is a reason to reject.
    """

    branches: dict = field(default_factory=dict)
    industries: dict = field(default_factory=dict)
    sizes: dict = field(default_factory=dict)
    business_types: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)
    tiers: dict = field(default_factory=dict)
    corrections: dict = field(default_factory=dict)
    defaults: dict = field(default_factory=dict)

    def __post_init__(self):
        given = {
            "branch": [self.branches],
            "industry": [self.industries],
            "size": [self.sizes],
            "business_type": [self.business_types],
            "source": [self.sources, _usual("source")],
            "tier": [self.tiers, _usual("tier")],
            "kind": [_usual("kind")],
        }
        self._tables = {name: dictionary(self.corrections.get(name, {}), *tables) for name, tables in given.items()}
        self._found = {name: {} for name in self._tables}
        self._missed = {name: Counter() for name in self._tables}

    def find(self, name, word):
        """The entry of a field that a cleaned word means, or None. Words come again and again: each is read once."""
        found = self._found[name]
        if word not in found:
            known = self._tables[name]
            found[word] = known.get(plain(word))
            if found[word] is None and name != "branch":  # A（重点客户）; 朝阳店（东区） may be another unit
                found[word] = known.get(plain(_BRACKETS.sub("", word)))
        return found[word]

    def miss(self, name, word):
        """A row has a word that means nothing."""
        self._missed[name][word] += 1

    def unknown(self):
        """{field: {word that means nothing: rows that have it}}, for the step in which people map them."""
        return {name: dict(words) for name, words in self._missed.items() if words}
