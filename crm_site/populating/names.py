"""Names and numbers that never run out: pieces of the demo's names put together anew. Nothing here is remembered, so
that the millionth customer costs what the first one did."""

from stdnum.cn import uscc

from crm_site.demo.words import CODE_LETTERS, ORGANISATION_WEIGHTS, read, short_names
from customers.values.numbering import ISSUED_MOBILE_PREFIXES

MOST = 1_500_000  # customers: three mobile numbers for each
NUMBERS = 100_000  # mobile numbers of one prefix: it, three zeros, five digits
STRIDE = 1_000_003  # a prime, so that neighbours in the book have numbers far apart
PREFIXES = sorted({prefix[:3] for prefix in ISSUED_MOBILE_PREFIXES if f"{prefix[:3]}00" in ISSUED_MOBILE_PREFIXES})


class Names:
    """Draws from a generator that the caller may change between chunks."""

    def __init__(self):
        words, shorts = read("words"), short_names()
        self.heads = [short[: (len(short) + 1) // 2] for short in shorts]
        self.tails = [short[-1:] for short in shorts]
        self.surnames, self.first, self.last = words["surnames"], words["given_first"], words["given_last"]
        self.foreign_first, self.foreign_trade = words["foreign_first"], words["foreign_trade"]
        self.streets, self.houses = words["streets"], words["houses"]

    def short(self, random):
        """A shop sign of two or three characters: millions of them, so that hardly two firms share one by chance."""
        sign = random.choice(self.heads) + random.choice(self.tails)
        return sign if random.random() < 0.4 else sign + random.choice(self.tails)

    def person(self, random):
        given = random.choice(self.last)
        return random.choice(self.surnames) + (random.choice(self.first) + given if random.random() < 0.7 else given)

    def street(self, random):
        return f"{random.choice(self.streets)}{int(random.random() * 397) + 2}{random.choice(self.houses)}"

    def foreign(self, random):
        sign = "".join(random.choices("ABCDEFGHKLMNPRSTVW", k=3))
        return f"{sign} {random.choice(self.foreign_first)} {random.choice(self.foreign_trade)}"


def mobile(number):
    """Eleven digits with three zeros in the middle, by which everybody sees that they are made up."""
    place = number * STRIDE % (NUMBERS * len(PREFIXES))
    return f"{PREFIXES[place // NUMBERS]}000{place % NUMBERS:05d}"


def credit_code(kind, region, number):
    """Eighteen characters with right check digits, other ones for each number."""
    number, letters = number * STRIDE % len(CODE_LETTERS) ** 6, ""
    for _place in range(6):
        number, digit = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[digit]
    organisation = "MA" + letters
    rest = 11 - sum(int(s, 36) * w for s, w in zip(organisation, ORGANISATION_WEIGHTS, strict=True)) % 11
    body = f"{kind}{region}05{organisation}{ {10: 'X', 11: '0'}.get(rest, rest) }"
    return body + uscc.calc_check_digit(body)
