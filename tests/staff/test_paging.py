"""Pages: an id in the address says where to go on, and nothing about rows outside the scope."""

import pytest

from customers.models import Customer
from staff.paging import Order, page

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
