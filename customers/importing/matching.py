"""Rows of one file that are surely the same customer: the second one is merged into the first. Source: REC-15, REC-18.

    matcher = Matcher()
    match = matcher.place(number, found.profile())      # only rows that are not rejected, in the order of the file
    match.duplicate_of                                   # number of the earlier row, or None
    match.suspects                                       # [(number of an earlier row, reasons)], at most MOST_SUSPECTS

The verdict is `customers.values.keys.compare`, the same as at entry. Only rows that share a key are compared, so that
the time grows with the rows. Names that are alike without an equal key make no sure match; the database finds those.
"""

from typing import NamedTuple

from customers.values.keys import SURE, compare

MOST_SUSPECTS = 5
_ENOUGH = 20  # rows with one name that are looked at for suspects: chains have hundreds


class Match(NamedTuple):
    duplicate_of: object = None
    reasons: tuple = ()
    suspects: tuple = ()


class Matcher:
    """Remembers the profiles of accepted rows by their keys."""

    def __init__(self):
        self._codes, self._names, self._phones, self._elsewhere = {}, {}, {}, {}

    def place(self, number, profile):
        """The Match of a row among the earlier ones, which the row then joins: a duplicate counts as the row it is
        merged into."""
        sure, suspects = None, {}
        for kept_number, kept in self._candidates(profile):
            found = compare(profile, kept)
            if found.verdict == SURE:
                if sure is None or kept_number < sure[0]:
                    sure = kept_number, found.reasons
            elif found.verdict and len(suspects) < MOST_SUSPECTS:
                suspects[kept_number] = found.reasons
        self._keep(sure[0] if sure else number, profile)
        if sure:
            return Match(*sure)
        return Match(suspects=tuple(suspects.items()))

    def _candidates(self, profile):
        yield from self._codes.get(profile.code, ())
        yield from self._names.get((profile.branch, profile.core), ())
        for phone in profile.phone_keys:
            yield from self._phones.get(phone, ())
        for key in (profile.core, *profile.email_keys):
            yield from self._elsewhere.get(key, ())

    def _keep(self, number, profile):
        entry = number, profile
        if profile.code:
            self._codes.setdefault(profile.code, []).append(entry)
        if profile.core:
            self._first_of(self._names, (profile.branch, profile.core), entry)
        for phone in profile.phone_keys:
            self._first_of(self._phones, phone, entry)
        for key in (profile.core, *profile.email_keys):
            if key and len(self._elsewhere.setdefault(key, [])) < _ENOUGH:
                self._elsewhere[key].append(entry)

    @staticmethod
    def _first_of(kept, key, entry):
        """Rows that read alike in all that a verdict on this key looks at stand for each other."""
        entries = kept.setdefault(key, [])
        new = entry[1]
        if not any(old.core == new.core and old.code == new.code and old.branch == new.branch for _n, old in entries):
            entries.append(entry)
