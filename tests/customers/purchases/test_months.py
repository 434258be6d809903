"""When months lock, and what nobody does any more in one that is. Source: REC-16 ("Settled")."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from customers import purchases, sales_months
from customers.models import Purchase
from customers.rules import GO_LIVE
from policy.models import CalendarDay, RuleValue
from tests.customers.purchases.rows import NOW, bought, go_live, locked
from tests.policy.clocktime import at

pytestmark = pytest.mark.clause("REC-16")


@pytest.mark.parametrize(
    ("day", "open_at", "locked_at"),
    [
        ("2026-10-31", "2026-11-06 17:59", "2026-11-06 18:00"),  # Monday to Friday
        ("2026-09-30", "2026-10-13 17:59", "2026-10-13 18:00"),  # after the holidays, with a Saturday made up for
    ],
)
@pytest.mark.clause("GEN-01")
def test_a_month_locks_on_the_fifth_working_day_at_18_00(day, open_at, locked_at, live):
    day = date.fromisoformat(day)
    assert not purchases.is_locked(day, at(open_at))
    assert purchases.is_locked(day, at(locked_at))
    assert not purchases.is_locked(day + timedelta(days=1), at(locked_at)), "the next month is open"


def test_months_before_the_one_of_going_live_are_free(live):
    now = at(NOW)
    assert purchases.locked_days(now) == (date(2026, 9, 1), date(2026, 11, 1))
    assert purchases.locked_until(now) == date(2026, 11, 1)
    assert purchases.is_locked(date(2026, 9, 1), now)
    assert not purchases.is_locked(date(2026, 8, 31), now)
    bought(live, day="2026-08-31")
    assert sales_months.next_lock(now) == (date(2026, 11, 1), at("2026-12-07 18:00"))


def test_nothing_locks_before_the_day_of_going_live_is_set(world):
    now = at(NOW)
    assert (purchases.locked_days(now), purchases.locked_until(now), sales_months.next_lock(now)) == (None, None, None)
    bought(world, day="2026-01-05")


@pytest.mark.clause("AUD-16")
def test_the_administrator_sets_the_day_of_going_live(world, sign_in):
    client, page = sign_in(world.administrator), reverse("policy:rule", args=[GO_LIVE.key])
    assert client.get(page).status_code == 200
    wrong = {"value": "soon", "starts_on": "2026-11-26", "reason": "上线"}
    assert client.post(page, wrong).context["form"].errors["value"]
    assert client.post(page, wrong | {"value": "2026-10-08"}).status_code == 302
    assert GO_LIVE.value(on=date(2026, 11, 26)) == date(2026, 10, 8)
    assert GO_LIVE.value(on=date(2026, 11, 25)) is None
    assert "2026-10-08" in client.get(page).text
    assert purchases.locked_days(at(NOW)) == (date(2026, 10, 1), date(2026, 11, 1))


def test_a_unit_may_go_live_on_another_day_and_have_a_day_off_of_its_own(world):
    go_live(world, branch=world.east)
    october = date(2026, 10, 1)
    assert purchases.is_locked(october, at(NOW), world.east)
    assert not purchases.is_locked(october, at(NOW), world.west)
    CalendarDay.objects.create(date="2026-11-04", branch=world.east, works=False, name="盘点", origin="own")
    assert sales_months.locks_at(october, world.east) == at("2026-11-09 18:00")
    assert sales_months.locks_at(october, world.west.pk) == at("2026-11-06 18:00")


def test_the_number_of_working_days_and_the_hour_are_parameters(live):
    for key, value in (("customers.month_lock_day", 3), ("customers.month_lock_time", "12:30")):
        RuleValue.objects.create(rule=key, value=value, starts_on="2026-10-01", reason="x",
                                 set_by=live.administrator, set_at=at("2026-10-01 08:00"))  # fmt: skip
    assert sales_months.locks_at(date(2026, 10, 5)) == at("2026-11-04 12:30")
    assert sales_months.locks_at(date(2026, 8, 5)) == at("2026-09-07 18:00"), "what was before stays"


@pytest.mark.parametrize(("when", "refused"), [("2026-11-06 17:59", False), ("2026-11-06 18:00", True)])
def test_entry_change_and_deletion_end_with_the_minute(when, refused, live):
    row = locked(live)
    acts = [
        lambda: bought(live, day="2026-10-30", number="XS-2", when=when),
        lambda: purchases.change(row, mark=row.mark, fields={"amount": Decimal(90)}, by=live.accountant, at=at(when)),
        lambda: purchases.remove(Purchase.objects.get(pk=row.pk), mark=Purchase.objects.get(pk=row.pk).mark,
                                 reason="误录", by=live.accountant, at=at(when)),
    ]  # fmt: skip
    row = Purchase.objects.get(pk=row.pk)
    for act in acts:
        if refused:
            with pytest.raises(ValidationError):
                act()
        else:
            act()
    assert Purchase.objects.filter(pk=row.pk).exists() is refused


def test_a_row_is_not_moved_into_a_locked_month(live):
    row = Purchase.objects.get(pk=bought(live).pk)
    with pytest.raises(ValidationError):
        purchases.change(row, mark=row.mark, fields={"bought_on": date(2026, 10, 31)}, by=live.accountant, at=at(NOW))
