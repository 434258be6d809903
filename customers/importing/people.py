"""Several people in one cell, each with the phone that is theirs: 李娜、王芳 beside two numbers. Source: REC-15.

Nobody is guessed: all pieces must be names of persons, and there must be as many phones.
"""

import re
from itertools import chain, starmap
from typing import NamedTuple

from customers.values.persons import is_addressed, is_name, split_title

from .cells import phones_of

_FEWEST_CHARACTERS = 5  # of two names with something between them
_MAY_BE_SEVERAL = re.compile(r"[\s、/,，;；|\\:：和与及&]").search
_FIGURES = re.compile(r"\d{5}")
_BETWEEN = re.compile(r"\s*[、/,，;；|\\\n:：]+\s*")
_OR_SPACE = re.compile(r"[\s、/,，;；|\\:：]+")
_MARKS = " 、/,，;；|\\\n:："
_AND = re.compile("[和与及&]")


class Named(NamedTuple):
    name: str
    title: str
    phone: object = None  # values.phones.Phone, where it stands beside the name


def named(text):
    """The people of a cell as Named; () where it does not name several of them and nothing else but their phones."""
    if len(text) < _FEWEST_CHARACTERS or not _MAY_BE_SEVERAL(text):
        return ()
    numbers, lost = phones_of(text) if _FIGURES.search(text) else ((), [text])
    people = _persons(lost, _BETWEEN) or _persons(lost, _OR_SPACE)
    if len(set(people)) < max(len(people), 2):  # 李娜 twice is one
        return ()
    if len(numbers) == len(people):
        return tuple(starmap(Named, _beside(text, people)))
    return tuple(Named(*split_title(person)) for person in people)


def _persons(texts, between):
    """Pieces of these texts, if each is a person."""
    pieces = [piece for text in texts for piece in between.split(text) if piece]
    pieces = [name for piece in pieces for name in ([piece] if _is_person(piece) else _joined(piece))]
    return pieces if all(map(_is_person, pieces)) else []


def _joined(text):
    """李娜 and 王芳 of 李娜和王芳; 和 may be part of a name as well."""
    names = _AND.split(text)
    return names if all(map(_is_person, names)) else [text]


def _is_person(text):
    name, _title = split_title(text)
    return is_name(name) or is_addressed(text)


def _beside(text, people):
    """(name, job title, phone) of each; without phones where these do not follow their names, or precede them."""
    parts = []
    for person in people:
        before, _person, text = text.partition(person)
        parts.append(phones_of(before.strip(_MARKS))[0])
    parts.append(phones_of(text.strip(_MARKS))[0])
    counts, size = list(map(len, parts)), len(people)
    in_order = ([0] + [1] * size, [1] * size + [0], [0] * size + [size], [size] + [0] * size)
    phones = list(chain(*parts)) if counts in in_order else [None] * size
    return [(*split_title(person), phone) for person, phone in zip(people, phones, strict=True)]


def divide(found, another):
    """Give each of `found.people` a phone: the one beside the name, or of a cell that has as many; e-mail addresses and
    job titles alike. `another()` is where a further contact stands. False where phones and names do not go together:
    then all stays as it is."""
    people, size = found.people, len(found.people)
    cells = [(name, values) for name, values in found.several if len(values) == size]
    if all(person.phone for person in people):
        cells.insert(0, ("phones", [person.phone for person in people]))
    if not any(name == "phones" for name, _values in cells):
        return False
    places = [found, *(another() for _person in people[1:])]
    for name in ("phones", "emails"):
        theirs, given = [[] for _person in people], set()
        shared = [(0, value) for value in getattr(found, name)]  # what nobody else has is the first one's
        for at, value in [pair for kind, values in cells if kind == name for pair in enumerate(values)] + shared:
            if _key(value) not in given:
                given.add(_key(value))
                theirs[at].append(value)
        for place, values in zip(places, theirs, strict=True):
            setattr(place, name, tuple(values))
    beside = [title for title in _BETWEEN.split(found.title) if title]
    titles = [person.title for person in people]
    if len(beside) == size:
        titles, found.title = beside, ""
    for place, person, title in zip(places, people, titles, strict=True):
        place.contact, place.title = person.name, " ".join(dict.fromkeys(filter(None, (title, place.title))))
    return True


def _key(way):
    """What tells a phone or an e-mail address from others."""
    return getattr(way, "e164", way), getattr(way, "extension", "")
