"""Purchases as they were entered, and corrections that were asked for, at a day of their own."""

from datetime import date
from decimal import Decimal

from customers import purchases
from customers.models import Purchase
from customers.purchases import Line
from customers.rules import GO_LIVE
from policy.models import RuleValue
from tests.policy.clocktime import at

NOW = "2026-11-26 10:00"  # October and September are locked, November is open


def go_live(world, day="2026-09-15", branch=None):
    """The company went live on the day, and said so then."""
    RuleValue.objects.create(
        rule=GO_LIVE.key, value=day, branch=branch, starts_on=day, reason="上线", set_by=world.administrator,
        set_at=at(f"{day} 09:00"),
    )  # fmt: skip
    return world


def bought(world, day="2026-11-20", number="XS-1", amount="100.00", product="名片", when=None, **more):
    values = {"customer": world.ours, "branch": world.east, "seller": world.owner, "by": world.accountant} | more
    lines = [Line(product, Decimal(amount))]
    rows = purchases.enter(
        bought_on=date.fromisoformat(day), document_number=number, lines=lines, at=at(when or NOW), **values
    )
    return rows[0]


def locked(world, **more):
    """A purchase of October, entered in October."""
    return bought(world, day="2026-10-20", when="2026-10-21 09:00", **more)


def ask(row, world, amount="80.00", **more):
    row = Purchase.objects.get(pk=row.pk)
    values = {"mark": row.mark, "amount": Decimal(amount), "reason": "多记了", "by": world.accountant, "at": at(NOW)}
    return purchases.ask(row, **values | more)


def decide(asked, by, *, approve=True, **more):
    return purchases.decide(asked, approve=approve, by=by, **{"at": at(NOW)} | more)
