"""When two records are the same customer: keys to find candidates by, and the verdict on a pair. Source: REC-18.

Keys are found by equality in the database; names that are alike without being equal are found there by trigram on the
core, and judged here. What never becomes a key, because it would bind strangers together: invented names and numbers
(see `suspicion`), hotlines of five or six digits (95588), names of one character, pinyin of less than three ideographs.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from . import numbering
from .credit_codes import LENGTH as CREDIT_CODE_LENGTH
from .names import core, is_similar, person_pinyin, pinyin, similar
from .suspicion import virtual_name, virtual_phone
from .text import clean, person_name

SURE, SUSPECT = "sure", "suspect"
SHORTEST_NAME = 2  # characters
SHORTEST_PINYIN = 3  # ideographs; 李娜 and 李纳 sound alike and are two people
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_CODE_SEPARATORS = re.compile(r"[\s-]+")


def match_keys(*, name, credit_code="", phones=(), emails=(), is_company=True):
    """The set of (kind, value) by which this customer can be found again.

    Kinds: credit_code, phone (normal form without extension), email (small letters), name (the core; for a person the
    name), pinyin (of the core). `phones` are Phones or normal forms. Unreadable values are passed over, never raised.
    """
    keys = {("phone", number) for number in phone_keys(phones)}
    keys |= {("email", address) for address in map(_email, emails) if address}
    if code := _credit_code(credit_code):
        keys.add(("credit_code", code))
    if stem := name_key(name, is_company=is_company):
        keys.add(("name", stem))
        if sound := _pinyin_key(stem, is_company):
            keys.add(("pinyin", sound))
    return keys


def name_key(name, *, is_company=True):
    """What a name is compared by: the core, of a person's name without spaces; "" when it tells nobody apart."""
    if virtual_name(name):
        return ""
    stem = core(name) if is_company else core(person_name(name))
    return stem if len(stem) >= SHORTEST_NAME else ""


def phone_keys(phones):
    """The normal forms that tell customers apart; extensions, hotlines and invented numbers are left out."""
    numbers = (phone if isinstance(phone, str) else phone.e164 for phone in phones)
    return {
        number for number in numbers if number and not (numbering.is_short_service(number) or virtual_phone(number))
    }


@dataclass(frozen=True)
class Profile:
    """What is compared of a customer. `phones` are Phones or normal forms; `branch` is any id, None when unknown."""

    name: str
    credit_code: str = ""
    phones: frozenset = field(default_factory=frozenset)
    branch: object = None
    is_company: bool = True
    emails: frozenset = field(default_factory=frozenset)

    @classmethod
    def known(cls, name, core, code, phones, emails, branch, is_company):
        """A Profile of clean values, whose core, code and keys are known: comparing does not find them out again."""
        profile = cls(name, code, phones, branch, is_company, emails)
        profile.__dict__.update(core=core, code=code, phone_keys=phones, email_keys=emails)
        return profile

    @cached_property
    def core(self):
        return name_key(self.name, is_company=self.is_company)

    @cached_property
    def pinyin(self):
        return _pinyin_key(self.core, self.is_company)

    @cached_property
    def code(self):
        return _credit_code(self.credit_code)

    @cached_property
    def phone_keys(self):
        return phone_keys(self.phones)

    @cached_property
    def email_keys(self):
        return {address for address in map(_email, self.emails) if address}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`verdict` is sure, suspect or None; `reasons` are codes for display; `score` is the likeness of the names."""

    verdict: str | None
    reasons: tuple[str, ...]
    score: int


def compare(a, b):
    """The verdict on two Profiles with its reasons, strongest first.

    Sure: same credit code; same core in the same branch; same phone and similar names. Two different credit codes are
    never sure, and suspect only when the names are the same or phone and similar name agree (a mistyped code).
    Otherwise suspect: same phone or e-mail; same core in other branches; in the same branch similar names or pinyin.
    A person's name alone, however equal, is suspect only: there are many 张伟 in one town.
    Reasons: same_credit_code, same_phone, same_email, same_name, similar_name, same_pinyin.
    """
    score = similar(a.core, b.core)
    same_branch = a.branch is not None and a.branch == b.branch
    same_code = bool(a.code) and a.code == b.code
    different_codes = bool(a.code and b.code) and not same_code
    same_phone = not a.phone_keys.isdisjoint(b.phone_keys)
    same_email = not a.email_keys.isdisjoint(b.email_keys)
    same_name = bool(a.core) and a.core == b.core
    alike = is_similar(a.core, b.core)
    same_sound = not same_name and bool(a.pinyin) and a.pinyin == b.pinyin
    found = {
        "same_credit_code": same_code,
        "same_phone": same_phone,
        "same_email": same_email,
        "same_name": same_name,
        "similar_name": alike and not same_name,
        "same_pinyin": same_sound,
    }
    if different_codes:
        verdict = SUSPECT if same_name or (same_phone and alike) else None
    elif same_code or (same_phone and alike) or (same_name and same_branch and a.is_company and b.is_company):
        verdict = SURE
    elif same_phone or same_email or same_name or (same_branch and (alike or same_sound)):
        verdict = SUSPECT
    else:
        verdict = None
    return Comparison(verdict, tuple(code for code, holds in found.items() if holds) if verdict else (), score)


def verdict(a, b):
    """sure, suspect or None for two Profiles; see `compare`."""
    return compare(a, b).verdict


def _pinyin_key(stem, is_company):
    if len(_IDEOGRAPHS.findall(stem)) < SHORTEST_PINYIN:
        return ""
    return pinyin(stem) if is_company else person_pinyin(stem)


def _credit_code(text):
    """The code as it is compared; one that is no credit code at all compares with nothing."""
    code = _CODE_SEPARATORS.sub("", clean(text)).upper()
    return code if len(code) == CREDIT_CODE_LENGTH and len(set(code)) > 1 else ""


def _email(text):
    address = clean(text).lower()
    return address if _EMAIL.fullmatch(address) else ""
