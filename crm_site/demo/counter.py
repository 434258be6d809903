"""The counters of the demo company as they stand: books of blanks, paper forms not entered yet, forms from phones."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from customers import books, desk, receipts
from customers.models import Consent, ContactWay, RegistrationForm
from staff.verbs import PositionCode

BLANKS = 50  # in one book
BEFORE_OPENING = time(8, 20)
EVENING = [time(17, 20), time(17, 45)]  # of the last day open: papers that nobody entered in time
MORNING = [time(8, 40), time(9, 5)]  # of the date itself, as far as it has passed
SENT = [time(17, 10), time(17, 30), time(17, 52)]
SETTLED_AFTER = timedelta(minutes=6)
CONSENTS = [[Consent.Purpose.SERVICE], [Consent.Purpose.SERVICE, Consent.Purpose.MARKETING]]
TRIAL = "店员试填，不是客户"
TORN = "印刷模糊，作废"


def build(author, *, on):
    """Write the counters of all branches; `author` has composed the customers, and goes on in their manner."""
    begun = dict(RegistrationForm.objects.exclude(serial="").values_list("serial", "received_at"))
    for code, plan in author.built.plan.items():
        if plan["channel"] == "branch":
            counter = Counter(author, plan, on=on)
            counter.keep_books(begun, used=author.serials[code])
            counter.receive_papers(after=author.serials[code])
            counter.receive_from_phones()


class Counter:
    """The counter of one branch."""

    def __init__(self, author, plan, *, on):
        self.author, self.plan, self.on = author, plan, on
        self.unit, self.random = author.built.units[plan["code"]], author.random
        self.last_day = author.diaries[plan["code"]].open_days[-1]

    def keep_books(self, begun, *, used):
        """The last full book is back, the present one is with a clerk, the next one lies ready."""
        manager = self.author.hands.holders(self.unit, {PositionCode.BRANCH_MANAGER}, self.on)[0].person
        present, returned = used // BLANKS, None
        for order in (present + 1, present, present - 1):
            first = self._serial(order * BLANKS + 1)
            at = self._at(timezone.localdate(begun.get(first, self._at(self.last_day))))
            book = books.bind(branch=self.unit, first=first, last=self._serial((order + 1) * BLANKS), by=manager,
                              at=at - timedelta(days=1))  # fmt: skip
            if order > present:
                books.spoil(book, number=book.first, reason=TORN, by=manager, at=at)
                continue
            books.issue(book, to=self.author.hands.clerk(self.unit, at), by=manager, at=at)
            if order < present:
                books.take_back(book, by=manager, at=max(returned, at))
            returned = at

    def receive_papers(self, *, after):
        moments = [self._at(self.last_day, clock) for clock in EVENING]
        moments += [at for at in (self._at(self.on, clock) for clock in MORNING) if at < timezone.now()]
        left = BLANKS - after % BLANKS  # in the present book
        for number, at in enumerate(moments[:left], start=after + 1):
            clerk = self.author.hands.clerk(self.unit, at)
            receipts.note(branch=self.unit, serial=self._serial(number), received_at=at, by=clerk, at=at)

    def receive_from_phones(self):
        for clock in SENT:
            at = self._at(self.last_day, clock)
            submission = uuid.UUID(int=self.random.getrandbits(128), version=4)
            sent, _new = desk.receive(branch=self.unit, submission=submission, written=self._written(), at=at)
        clerk = self.author.hands.clerk(self.unit, at)
        desk.dismiss(sent, reason=TRIAL, by=clerk, at=at + SETTLED_AFTER)

    def _written(self):
        """What a customer types on a phone: less than stands in a record."""
        identity = self.author.identities.draw(self.plan)
        customer, (contact, ways) = identity.customer, identity.people[0]
        mails = [way.value for way in ways if way.kind == ContactWay.Kind.EMAIL]
        return {
            "name": customer.name,
            "kind": customer.kind,
            "credit_code": "",
            "contact": contact.name,
            "title": contact.title,
            "phone": ways[0].as_written,
            "email": mails[0] if mails else "",
            "address": f"{customer.district}{customer.address}",
            "needs": self.random.choice(self.author.vocabulary["needs"]),
            "consents": self.random.choice(CONSENTS),
        }

    def _serial(self, number):
        return f"LC{self.plan['number']}{number:05d}"

    def _at(self, day, clock=BEFORE_OPENING):
        return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
