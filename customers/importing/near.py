"""Names of a file that are like names there already, without an equal key: the suspects. Source: REC-18, import.md.

As at entry (`duplicates.likeness`) names alone make a suspect only within one unit, and a candidate shares two of the
four rarest pairs of characters. Here a whole unit is looked through at once, in memory, one unit after the other.
"""

import json
from array import array
from collections import defaultdict
from contextlib import closing
from itertools import groupby

from django.db import connection

from customers.values.keys import SUSPECT, Profile, compare, name_key
from customers.values.names import is_similar

from .apart import apart
from .existing import MOST_SUSPECTS

RAREST, SHARED = 4, 2  # of the pairs of a name
COMMON = 400  # a pair that so many names of a unit have finds nobody
SHORT = 4  # characters; shorter names are looked for as pieces
AT_ONCE = 2_000
MANY = 5_000  # rows, from which on a second process is worth its while
NONE = frozenset()
LIKE = {"record": "like", "row": "like_row"}  # what stands in the suspects of a row
NEW = """
SELECT branch_id, place, name, name_key, credit_code, is_company, suspects FROM customers_importrow
WHERE job_id = %s AND outcome = 'new' AND name_key <> '' ORDER BY branch_id, place
"""
# The first from the index over the unit, the second from that of the archive.
THERE = """
SELECT id, name_core FROM customers_customer WHERE branch_id = %(unit)s AND archived_at IS NULL AND name_core <> ''
UNION ALL
SELECT id, name_core FROM customers_customer WHERE branch_id = %(unit)s AND archived_at IS NOT NULL AND name_core <> ''
"""
FOUND = "SELECT id, name, credit_code, kind = 'company' FROM customers_customer WHERE id = ANY(%s)"
WRITE = """
UPDATE customers_importrow r SET suspects = said.suspects, suspect = true
FROM jsonb_to_recordset(%s::jsonb) said(place int, suspects jsonb) WHERE r.job_id = %s AND r.place = said.place
"""


def mark(job, alive):
    """Mark new rows that are like a customer of their unit, or like an earlier new row. `alive()` after each unit."""
    rows = _all(NEW, [job.pk])
    units = [_Unit(branch, list(group)) for branch, group in groupby(rows, key=lambda row: row[0])]
    ours, theirs = _halves(units) if len(rows) > MANY else (units, [])
    found = (unit.alike() for unit in theirs)
    for unit in theirs:
        unit.load()
    with apart(found) if theirs else closing(found) as found:
        for unit in theirs:
            unit.forget()
        for unit in ours:
            unit.load()
            unit.mark(job, unit.alike())
            alive()
        for unit, alike in zip(theirs, found, strict=True):
            unit.mark(job, alike)
            alive()


def _halves(units):
    """Two lists of units, each with about half of the rows."""
    halves = [], []
    for unit in sorted(units, key=lambda unit: len(unit.rows), reverse=True):
        min(halves, key=lambda half: sum(len(one.rows) for one in half)).append(unit)
    return halves


class _Unit:
    """The new rows of one unit, as NEW gives them, beside all its customers."""

    def __init__(self, branch, rows):
        self.branch, self.rows = branch, rows
        self.forget()

    def load(self):
        """The unit's customers; of a large one they take much memory."""
        with connection.cursor() as cursor:
            cursor.execute(THERE, {"unit": self.branch})
            while some := cursor.fetchmany(AT_ONCE):
                self.ids.extend(pk for pk, _core in some)
                self.cores += [core for _pk, core in some]

    def forget(self):
        self.ids, self.cores = array("q"), []

    def alike(self):
        """{index of a row: [(kind, id of the record or place of the earlier row), ...]}. Only computes; see `apart`."""
        names = Names(core for _branch, _place, _name, core, *_rest in self.rows)
        names.add(*self.cores)
        there, whose, found = len(self.ids), self.ids, {}
        for index, (_branch, place, _name, core, *_rest) in enumerate(self.rows):
            if others := names.like(core):
                found[index] = [("record" if at < there else "row", whose[at]) for at in others]
            names.add(core)
            whose.append(place)
        self.forget()
        return found

    def mark(self, job, alike):
        theirs = {("row", place): said for _branch, place, *said, _suspects in self.rows}
        records = {pk for others in alike.values() for kind, pk in others if kind == "record"}
        for pk, name, code, is_company in _all(FOUND, [list(records)]) if records else ():
            theirs["record", pk] = name, name_key(name, is_company=is_company), code, is_company
        changed = []
        for index, others in alike.items():
            _branch, place, *said, suspects = self.rows[index]
            suspects = json.loads(suspects)
            known = {(kind.removeprefix("like_"), pk) for pk, kind, _reasons in suspects}
            profile, found = _profile(self.branch, *said), []
            for kind, pk in others:
                if (kind, pk) not in known:
                    likeness = compare(profile, _profile(self.branch, *theirs[kind, pk]))
                    if likeness.verdict == SUSPECT:
                        found.append((-likeness.score, [pk, LIKE[kind], list(likeness.reasons)]))
            if found:
                best = [one for _score, one in sorted(found, key=lambda pair: (pair[0], pair[1][0]))]
                changed.append({"place": place, "suspects": (suspects + best)[:MOST_SUSPECTS]})
        for at in range(0, len(changed), AT_ONCE):
            with connection.cursor() as cursor:
                cursor.execute(WRITE, [json.dumps(changed[at : at + AT_ONCE], ensure_ascii=False), job.pk])


def _profile(branch, name, core, code, is_company):
    """Names alone are compared here."""
    return Profile.known(name, core, code, NONE, NONE, branch, is_company)


class Names:
    """Names, counted from 0, by their pairs of characters, as far as one of those that will be asked for has the pair,
    and whole. There may be hundreds of thousands: no container is made for one of them."""

    def __init__(self, asked):
        self._cores = []
        self._by_pair = {pair: [] for core in asked for pair in pairs(core)}  # without those that have become common
        self._last, self._before = {}, []  # which name is the last of its kind, and which one the last before each
        self._sizes = defaultdict(set)  # of the names that begin with a pair

    def add(self, *cores):
        names, last, before, sizes, find = self._cores, self._last, self._before, self._sizes, self._by_pair.get
        for at, core in enumerate(cores, len(names)):
            names.append(core)
            before.append(last.get(core))
            last[core] = at
            sizes[core[:2]].add(len(core))
            for pair in pairs(core):
                places = find(pair)
                if places is not None and (not places or places[-1] != at):  # a pair may come twice in a name
                    places.append(at)
                    if len(places) > COMMON:
                        del self._by_pair[pair]

    def like(self, core):
        """Which names are similar without being the same."""
        cores = self._cores
        found = set(self._within(core))
        own = {pair: places for pair in pairs(core) if (places := self._by_pair.get(pair)) is not None}
        lists = sorted(own.values(), key=len)[:RAREST]
        if len(core) <= SHORT or len(lists) < SHARED:
            found.update(at for at in (lists[0] if lists else ()) if core in cores[at])
        else:
            once = set()
            for places in lists:
                found |= once.intersection(places)
                once.update(places)
        return [at for at in found if cores[at] != core and is_similar(core, cores[at])]

    def _within(self, core):
        """Names that stand whole within this one."""
        for start, pair in enumerate(pairs(core)):
            for size in self._sizes.get(pair, ()):
                at = self._last.get(core[start : start + size]) if size < len(core) else None
                while at is not None:
                    yield at
                    at = self._before[at]


def pairs(core):
    return map(str.__add__, core, core[1:])


def _all(question, values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()
