"""Pinyin without tones, for sorting and for search by sound and by first letters (`hwjs` for 华为技术). Source: REC-18.

Readings follow words (重庆 chongqing, 重量 zhongliang, 音乐 yinyue), so a name is cut into words first; the readings of
words are cached, because company names draw on a few thousand of them. ü is written v, as it is typed.
"""

import re
import unicodedata
from functools import cache, lru_cache

from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from .folding import folded
from .surnames import COMPOUND_SURNAMES, SURNAMES
from .text import person_name

_RUNS = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+|[a-z0-9]+")
_WITHOUT_ACCENTS = re.compile("[\u4e00-\u9fff -~]*").fullmatch


def pinyin(name):
    """chongqingyuanshan from 重庆远山; Latin letters and digits stay, everything else goes."""
    return _readings(folded(name))[0]


def initials(name):
    """cqys from 重庆远山, abckj from ABC科技: first letters of the syllables, Latin words and digits whole."""
    return _readings(folded(name))[1]


def person_pinyin(name):
    """Like `pinyin`, with the reading that a character has as a family name: 单 shan, 仇 qiu, 曾 zeng, 解 xie."""
    return _person_readings(name)[0]


def person_initials(name):
    """First letters of `person_pinyin`: sxl from 单晓丽."""
    return _person_readings(name)[1]


def _person_readings(name):
    name = folded(person_name(name))
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        surname, given = COMPOUND_SURNAMES[name[:2]], name[2:]
    elif name[:1] in SURNAMES:
        surname, given = (SURNAMES[name[0]],), name[1:]
    else:
        return _readings(name)
    full, first = _readings(given)
    return "".join(surname) + full, "".join(syllable[0] for syllable in surname) + first


@lru_cache(maxsize=4096)
def _readings(text):
    """(full pinyin, first letters) of a folded text."""
    full, first = [], []
    if not _WITHOUT_ACCENTS(text):  # Müller is looked for, and sorted, as muller
        text = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    for run in _RUNS.findall(text):
        if run.isascii():
            full.append(run)
            first.append(run)
        else:
            for word in _words(run):
                word_full, word_first = _word_readings(word)
                full.append(word_full)
                first.append(word_first)
    return "".join(full), "".join(first)


def _words(run):
    """Longest words first, from the left."""
    longest = _longest_word()
    at = 0
    while at < len(run):
        size = min(longest.get(run[at : at + 2], 1), len(run) - at)
        while size > 1 and run[at : at + size] not in PHRASES_DICT:
            size -= 1
        yield run[at : at + size]
        at += size


@lru_cache(maxsize=65536)
def _word_readings(word):
    syllables = lazy_pinyin(word, errors="ignore")
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


@cache
def _longest_word():
    """First two characters -> length of the longest word they begin."""
    longest = {}
    for word in PHRASES_DICT:
        longest[word[:2]] = max(longest.get(word[:2], 1), len(word))
    return longest
