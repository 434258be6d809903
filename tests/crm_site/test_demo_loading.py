from datetime import date

import pytest

from crm_site.demo.load import load
from customers.models import Customer
from staff.models import Branch, Company, Person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)


class Killed(Exception):
    pass


def first_batch(on):
    """People and the first customers that a loading on this date makes; it is killed then."""
    seen = []

    def die(done, total):
        seen.extend(Person.objects.values_list("staff_number", "name"))
        seen.extend(Customer.objects.order_by("pk").values_list("name", "credit_code", "created_at"))
        raise Killed

    with pytest.raises(Killed):
        load(on=on, progress=die)
    return seen


def test_killed_half_way_it_leaves_nothing_and_comes_out_the_same_next_time():
    once = first_batch(DAY)
    assert len(once) > 400
    assert not Company.objects.exists()
    assert not Person.objects.exists()
    assert not Branch.objects.exists()
    assert first_batch(DAY) == once


def test_an_installation_with_people_gets_no_demo_company():
    Person.objects.create_user("S1", name="李敏")
    assert not load(on=DAY)
    assert not Branch.objects.exists()
