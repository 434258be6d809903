"""Company names reduced to what tells them apart, and how alike two of them are. Source: REC-18, REC-15.

The *core* is the name without its legal form, brackets, punctuation and spaces, in simplified characters and small
letters. What stands inside brackets stays (华为（北京）科技有限公司 -> 华为北京科技), and so does 分公司: a branch
office is a customer of its own. Trade words (科技, 广告) stay too; two names that differ only there are two companies.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.fuzz import ratio

from .folding import LONGEST_NAME, folded
from .pinyins import initials, person_initials, person_pinyin, pinyin  # noqa: F401  (one place to import names from)

SIMILAR_FROM = 85  # percent, import.md "Row outcomes"
_SHORTEST_CONTAINED = {True: 2, False: 4}  # ideographs, other characters

_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PUNCTUATION = re.compile(r"[\W_]+")
_LATIN_FORM = re.compile(
    r"(?:[\s,.()&]*(?<![a-z0-9])(?:co|company|corp|corporation|ltd|limited|inc|incorporated|llc|llp|plc|gmbh|pte|pty))"
    r"+[\s,.()]*$"
)
_FORM_ANYWHERE = re.compile("(?:股份)?(?:有限责任|责任有限|有限)公司")
_FORM_AT_END = re.compile("(?:股份|有限责任|有限|特殊普通合伙|普通合伙|有限合伙|(?<!分)公司)+$")


def core(name):
    """See above. A name that is nothing but its legal form (公司) stays as it is. Idempotent, never raises."""
    return _core(folded(name))


@lru_cache(maxsize=4096)
def _core(text):
    for _round in range(LONGEST_NAME):  # 有限有限公司公司 needs two
        shorter = folded(_without_form(text))
        if shorter == text:
            break
        text = shorter
    return text


def _without_form(text):
    text = _LATIN_FORM.sub("", text) or text
    text = _PUNCTUATION.sub("", text)
    text = _FORM_ANYWHERE.sub("", text) or text
    return _FORM_AT_END.sub("", text) or text


def short_core(name):
    """The core without places in front: 北京市朝阳区远山广告有限公司 -> 远山广告. At least two characters stay."""
    return without_places(core(name))


def without_places(text):
    """The core without leading province, city and district, at most one of each."""
    for _level in range(3):
        length = next((size for size in _place_lengths(text) if len(text) - size >= 2), 0)
        if not length:
            break
        text = text[length:]
    return text


@lru_cache(maxsize=65536)
def similar(core_a, core_b):
    """How alike two cores are, 0 to 100.

    100 equal; at least 90 when one contains the other and is more than a place and at least two ideographs (or four
    other characters) long; else the share of characters in common order, rounded down.
    """
    if not core_a or not core_b:
        return 0
    if core_a == core_b:
        return 100
    score = int(ratio(core_a, core_b))
    short, long = sorted((core_a, core_b), key=len)
    if score < 90 and short in long and _tells_apart(short):
        return 90
    return score


def is_similar(core_a, core_b):
    """Similar in the sense of the import's row outcomes."""
    return similar(core_a, core_b) >= SIMILAR_FROM


def _tells_apart(text):
    ideographs = len(_IDEOGRAPH.findall(text))
    if len(text) < _SHORTEST_CONTAINED[ideographs > 0]:
        return False
    return text not in _places()


def _place_lengths(text):
    """Lengths of the places the text begins with, longest first."""
    places = _places()
    return [size for size in range(min(_longest_place(), len(text)), 1, -1) if text[:size] in places]


@cache
def _places():
    lines = (Path(__file__).parent / "places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(place for line in lines if not line.startswith("#") for place in line.split())


@cache
def _longest_place():
    return max(map(len, _places()))
