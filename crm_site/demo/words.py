"""Made-up people, companies, numbers: everything of the demo company that must look real and reach nobody."""

import gzip
import json
from functools import cache
from pathlib import Path

from stdnum.cn import uscc

from customers.values import numbering

FOLDER = Path(__file__).parent / "data"
MOBILE_PREFIXES = (
    "131",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "177",
    "186",
    "188",
)
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714: check character of the organisation code inside


@cache
def read(name):
    """One of the data files beside this module."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def short_names():
    with gzip.open(FOLDER / "short_names.txt.gz", "rt", encoding="utf-8") as lines:
        return lines.read().split()


def weighted(random, pairs):
    """One of `[value, weight]`."""
    return random.choices([pair[0] for pair in pairs], weights=[pair[1] for pair in pairs])[0]


class Words:
    """Draws from one seeded generator; what must be unique is never drawn twice."""

    def __init__(self, random):
        self.random = random
        self._drawn = set()

    def unique(self, draw):
        """The first result of `draw()` that has not come before."""
        while (value := draw()) in self._drawn:
            pass
        self._drawn.add(value)
        return value

    def person(self):
        words = read("words")
        given = self.random.choice(words["given_last"])
        if self.random.random() < 0.7:
            given = self.random.choice(words["given_first"]) + given
        return self.random.choice(words["surnames"]) + given

    def mobile(self):
        """Eleven digits of an issued range with 0000 in the middle, by which everybody sees that they are made up."""
        return self.unique(lambda: f"{self.random.choice(MOBILE_PREFIXES)}0000{self.random.randint(1000, 9999)}")

    def landline(self, area):
        """(area code, local number)."""
        head = "6000" if 8 in numbering.area_lengths()[area[1:]] else "600"
        return self.unique(lambda: (area, f"{head}{self.random.randint(1000, 9999)}"))

    def foreign_phone(self, prefix):
        """A valid number in E.164: the prefix is all but its last two digits."""
        return self.unique(lambda: f"+{prefix}{self.random.randint(10, 99)}")

    def credit_code(self, kind, region):
        """Eighteen characters with right check digits. `kind`: 91 company, 92 sole trader; `region`: four digits."""
        return self.unique(lambda: self._credit_code(kind, region))

    def _credit_code(self, kind, region):
        organisation = "MA" + "".join(self.random.choices(CODE_LETTERS, k=6))
        weights = zip(organisation, ORGANISATION_WEIGHTS, strict=True)
        rest = 11 - sum(int(letter, 36) * weight for letter, weight in weights) % 11
        organisation += {10: "X", 11: "0"}.get(rest, str(rest))
        body = f"{kind}{region}{self.random.randint(2, 15):02d}{organisation}"
        return body + uscc.calc_check_digit(body)
