"""Rows of one file that are surely the same customer: the second one is merged into the first. Source: REC-15, REC-18.

    matcher = Matcher()
    match = matcher.place(number, found.profile())      # only rows that are not rejected, in the order of the file
    match.duplicate_of                                   # number of the earlier row, or None
    match.suspects                                       # ((number of an earlier row, reasons), ...)

The verdict is `customers.values.keys.compare`, the same as at entry. Only rows that share a key are compared, so that
the time grows with the rows. Names that are alike without an equal key make no sure match; the database finds those.
"""

from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from customers.values.keys import SURE, Profile, compare
from customers.values.names import SIMILAR_FROM

MOST_SUSPECTS = 5
_ENOUGH = 20  # rows with one key that are all looked at; the number of a shop or a chain's name may be in thousands


class Match(NamedTuple):
    duplicate_of: object = None
    reasons: tuple = ()
    suspects: tuple = ()


class _Kept(NamedTuple):
    """An accepted row. Tuples, because there may be 200,000 of them."""

    number: object
    name: str
    core: str
    code: str
    branch: object
    is_company: bool
    phones: tuple
    emails: tuple

    def profile(self):
        phones, emails = frozenset(self.phones), frozenset(self.emails)
        return Profile.known(self.name, self.core, self.code, phones, emails, self.branch, self.is_company)


class Matcher:
    """Remembers accepted rows by their keys. `number` is whatever tells the rows of the file apart, in rising order."""

    def __init__(self):
        self._codes, self._names, self._phones, self._others = {}, {}, {}, {}
        self._code_of = {}  # {number: credit code}, of whichever of the rows merged into one has it

    def place(self, number, profile):
        """The Match of a row among the earlier ones, which the row then joins: a duplicate counts as the row it is
        merged into."""
        sure, suspects = None, {}
        for kept in self._candidates(profile):
            found = compare(profile, kept.profile())
            if found.verdict == SURE and not self._has_another_code(kept.number, profile):
                if sure is None or kept.number < sure[0]:
                    sure = kept.number, found.reasons
            elif found.verdict and len(suspects) < MOST_SUSPECTS:
                suspects[kept.number] = found.reasons
        self._keep(sure[0] if sure else number, profile)
        return Match(*sure) if sure else Match(suspects=tuple(suspects.items()))

    def _has_another_code(self, number, profile):
        code = self._code_of.get(number)
        return bool(code and profile.code) and code != profile.code

    def _candidates(self, profile):
        """Every earlier row that is surely the same, and some that may be."""
        core, found = profile.core, []
        if profile.code:
            found += self._codes.get(profile.code, ())
        if core:
            found += self._names.get((profile.branch, core), ())
            found += self._others.get(core, ())
        for phone in profile.phone_keys:
            found += _alike(self._phones.get(phone, ()), core)
        for email in profile.email_keys:
            found += self._others.get(email, ())
        return found

    def _keep(self, number, profile):
        core, code = profile.core, profile.code
        if code:
            self._code_of.setdefault(number, code)
        phones, emails = tuple(profile.phone_keys), tuple(profile.email_keys)
        kept = _Kept(number, profile.name, core, code, profile.branch, profile.is_company, phones, emails)
        if code and not any(old.number <= number for old in self._codes.get(code, ())):
            self._codes[code] = (kept,)  # whoever has the code is surely the same: the first row stands for all
        if core:
            _add(self._names, (profile.branch, core), kept)
            _add_some(self._others, core, kept)
        for phone in phones:
            _add(self._phones, phone, kept)
        for email in emails:
            _add_some(self._others, email, kept)


def _alike(rows, core):
    """Of many rows with one phone those whose names are similar, and a few others."""
    if len(rows) <= _ENOUGH or not core:
        return rows[:_ENOUGH]
    cores = [kept.core for kept in rows]
    near = {
        at for _core, _score, at in process.extract(core, cores, scorer=ratio, score_cutoff=SIMILAR_FROM, limit=None)
    }
    near.update(at for at, other in enumerate(cores) if other and (other in core or core in other))
    return [rows[at] for at in sorted(near)] + list(rows[:MOST_SUSPECTS])


def _add(rows_by_key, key, new):
    """Rows that read alike in all that a verdict looks at stand for each other, the earliest for the later ones."""
    rows = rows_by_key.get(key, ())
    if not any(old.number <= new.number and _read_alike(old, new) for old in rows):
        rows_by_key[key] = (*rows, new)


def _read_alike(a, b):
    return a.core == b.core and a.code == b.code and a.branch == b.branch and a.is_company == b.is_company


def _add_some(rows_by_key, key, new):
    rows = rows_by_key.get(key, ())
    if len(rows) < _ENOUGH:
        rows_by_key[key] = (*rows, new)
