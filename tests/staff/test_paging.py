"""Pages: an id in the address says where to go on, and nothing about rows outside the scope."""

import pytest

from customers.models import Contact, Customer
from staff.paging import Order, looked_up, one_of, page

ORDERS = [Order("pk"), Order("name_pinyin"), Order("name_pinyin", descending=True)]


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("way", ["after", "before"])
def test_an_id_outside_the_scope_is_as_unknown_as_one_that_is_not_there(order, way, world):
    """Or the rows that follow it would tell where its name stands in the alphabet."""
    visible = Customer.objects.visible_to(world.accountant)
    found = page(visible, order, within=visible, **{way: world.theirs.pk})
    assert found == page(visible, order, within=visible, **{way: 10**9}) == page(visible, order, within=visible)


def test_a_row_that_no_longer_fits_the_filter_still_says_where_to_go_on(world):
    visible = Customer.objects.visible_to(world.accountant)
    rows = visible.filter(owner=None)
    assert page(rows, Order("pk"), within=visible, after=world.ours.pk).rows == [world.unowned]


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("order", ORDERS)
def test_rows_that_are_looked_up_first_are_the_same_rows(order, world):
    for number in range(5):
        world.customer(f"第{number}纸业有限公司", owner=world.owner)
    visible = Customer.objects.visible_to(world.accountant)
    for rows in (
        visible, visible.filter(owner=None), visible.none(), visible.filter(name__contains="无此"),
        visible.order_by("name_pinyin").select_related("branch"), visible.filter(contacts__name="李娜"),
    ):  # fmt: skip
        few, number = looked_up(rows)
        direct, first = page(rows, order, size=3), page(few, order, size=3)
        assert first == direct
        assert number == rows.count()
        if direct.after:
            assert page(few, order, size=3, after=direct.after) == page(rows, order, size=3, after=direct.after)


def test_ids_of_several_tables_are_one_condition(world):
    named = Customer.objects.filter(name__contains="东方").values("pk")
    called = Contact.objects.filter(name="李娜").values("customer_id")
    either = named.union(called, all=True)
    assert set(Customer.objects.filter(one_of(either))) == {world.ours, world.unowned, world.theirs}
    assert set(Customer.objects.visible_to(world.owner).filter(one_of(either))) == {world.ours}
    assert set(Customer.objects.exclude(one_of(named))) == {world.unowned, world.theirs}
    assert not Customer.objects.filter(one_of(Customer.objects.none().values("pk"))).exists()
    assert list(Customer.objects.filter(one_of(named.union(Customer.objects.none().values("pk"))))) == [world.ours]
