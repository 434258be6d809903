"""When and by whom the demo customers were registered, and in whose charge they are. Nothing here writes."""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from customers.models import Source, Stage, Tier
from staff.verbs import PositionCode

from .company import HOURS

DAYS = 425  # some fourteen months
DUE = time(18)  # REC-05
CLOSED = {(1, 1), (5, 1), (5, 2), (5, 3), (10, 1), (10, 2), (10, 3)}  # month and day
BUSY_MONTHS = {2: 0.6, 3: 1.5, 4: 1.4, 9: 1.4, 11: 1.3, 12: 1.2}

SOURCES = {
    "branch": [
        (Source.WALK_IN, 40), (Source.PHONE_ORDER, 20), (Source.COLD_VISIT, 15), (Source.EXHIBITION, 7),
        (Source.ONLINE, 5), (Source.CUSTOMER_REFERRAL, 5), (Source.CAMPAIGN, 4), (Source.PARTNER_REFERRAL, 2),
        (Source.OWN_SEARCH, 2),
    ],
    "ecommerce": [(Source.ONLINE, 85), (Source.PHONE_ORDER, 10), (Source.CUSTOMER_REFERRAL, 5)],
    "direct": [
        (Source.DIRECT_SALE, 65), (Source.EXHIBITION, 15), (Source.PARTNER_REFERRAL, 10), (Source.OWN_SEARCH, 10),
    ],
    "international": [(Source.ONLINE, 50), (Source.EXHIBITION, 35), (Source.PARTNER_REFERRAL, 15)],
}  # fmt: skip
TIERS = {
    "branch": [(Tier.NORMAL, 88), (Tier.KEY, 11), (Tier.STRATEGIC, 1)],
    "ecommerce": [(Tier.NORMAL, 94), (Tier.KEY, 6)],
    "direct": [(Tier.NORMAL, 45), (Tier.KEY, 42), (Tier.STRATEGIC, 13)],
    "international": [(Tier.NORMAL, 60), (Tier.KEY, 33), (Tier.STRATEGIC, 7)],
}
NEW_STAGES = [(Stage.PROSPECT, 58), (Stage.ACTIVE, 32), (Stage.LEAD, 10)]
OLD_STAGES = [(Stage.ACTIVE, 62), (Stage.PROSPECT, 20), (Stage.DORMANT, 11), (Stage.LOST, 5), (Stage.LEAD, 2)]
NEW_FOR = timedelta(days=45)


def _at(day, clock, seconds=0):
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone()) + timedelta(seconds=seconds)


class Diary:
    """The counter of one unit over the months before a date."""

    def __init__(self, plan, *, on, random):
        self.on, self.random = on, random
        self.stretches = {
            day: [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in stretches]
            for days, stretches in HOURS[plan["hours"]]
            for day in days
        }
        every_day = [on - timedelta(days=back) for back in range(DAYS, 0, -1)]
        self.open_days = [day for day in every_day if self._is_open(day)]
        self.weights = [BUSY_MONTHS.get(day.month, 1) for day in self.open_days]
        self.late_share = random.uniform(0.02, 0.16)

    def _is_open(self, day: date):
        return day.weekday() in self.stretches and (day.month, day.day) not in CLOSED

    def draw(self):
        """(received at, entered at): mostly by 18:00 of the day, the rest on one of the next days open."""
        place = self.random.choices(range(len(self.open_days)), weights=self.weights)[0]
        day, days_after = self.open_days[place], self.open_days[place + 1 : place + 3]
        opens, closes = self.random.choice(self.stretches[day.weekday()])
        received = _at(day, opens, self.random.randrange(0, (_at(day, closes) - _at(day, opens)).seconds, 60))
        if days_after and self.random.random() < self.late_share:
            return received, _at(self.random.choice(days_after), time(8, 40), self.random.randrange(3 * 3600))
        until_due = int((_at(day, DUE) - received).total_seconds())
        return received, received + timedelta(seconds=self.random.randrange(60, until_due + 1))

    def later(self, at):
        """A moment of work on an open day after that of `at`; None when there is none before the date."""
        days = self.open_days[bisect_right(self.open_days, at.date()) :]
        return _at(self.random.choice(days), time(9), self.random.randrange(8 * 3600)) if days else None


class Hands:
    """Who receives, enters, and takes charge, as people held their positions on the day."""

    def __init__(self, built, *, on, random):
        self.built, self.on, self.random = built, on, random

    def holders(self, unit, codes, day):
        """Positions with these codes held in a unit on a day."""
        return [
            position
            for position in self.built.positions
            if position.branch_id == unit.pk and position.code in codes
            and position.starts_on <= day and (position.ends_on is None or position.ends_on >= day)
        ]  # fmt: skip

    def clerk(self, unit, at):
        return self.random.choice(self.holders(unit, {PositionCode.CLERK}, at.date())).person

    def enterer(self, unit, at):
        """The accountant four times out of five, else a clerk; a unit without accountant has its clerk do it."""
        accountants = self.holders(unit, {PositionCode.ACCOUNTANT}, at.date())
        return accountants[0].person if accountants and self.random.random() < 0.8 else self.clerk(unit, at)

    def owner(self, unit, customer):
        """Key customers to an account manager, the others to whose area they lie in; some to nobody yet."""
        managers = self.holders(unit, {PositionCode.ACCOUNT_MANAGER}, self.on)
        reps = self.holders(unit, {PositionCode.SALES_REP}, self.on)
        nearby = [rep for rep in reps if customer.district_id in self.built.area_districts.get(rep.area_id, ())]
        wanted = (
            managers
            if customer.tier != Tier.NORMAL or not reps
            else nearby or (reps if self.random.random() < 0.4 else [])
        )
        vacant = 0.05 if customer.tier != Tier.NORMAL else 0.14
        return None if not wanted or self.random.random() < vacant else self.random.choice(wanted).person
