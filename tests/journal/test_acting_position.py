"""In which of several positions somebody acted: the one whose scope holds the row."""

from datetime import date

import pghistory
import pytest
from django.apps import apps

from customers.models import Contact, Customer
from staff.access import acting_on
from staff.scope import holds, rows_of
from staff.verbs import PositionCode, Verb
from tests.world import hire

pytestmark = pytest.mark.clause("SEC-05", "SEC-01")


@pytest.fixture
def both(world):
    """Accountant of East, account manager in West."""
    person = hire("M001", "两岗", PositionCode.ACCOUNTANT, branch=world.east)
    person.positions.create(code=PositionCode.ACCOUNT_MANAGER, branch=world.west, starts_on=date(2020, 1, 1))
    Customer.objects.filter(pk=world.theirs.pk).update(owner=person)
    world.theirs.refresh_from_db()
    return person


@pytest.fixture
def request_of(rf):
    def _request_of(person):
        request = rf.post("/")
        request.user, request.position = person, person.current_positions[0]
        return request

    return _request_of


@pytest.mark.parametrize(("row", "code"), [("ours", "accountant"), ("theirs", "account_manager")])
def test_the_position_is_that_of_the_row(row, code, world, both, request_of):
    request = request_of(both)
    with pghistory.context(person=both.pk, position="accountant"):
        assert acting_on(request, getattr(world, row), Verb.CUSTOMER_EDIT).code == code
        Customer.objects.filter(pk=getattr(world, row).pk).update(remarks="鼎")
    assert request.position.code == code
    event = apps.get_model("customers.CustomerEvent").objects.filter(remarks="鼎").get()
    assert event.pgh_context["position"] == code


def test_a_row_about_to_be_saved_will_do(world, both, request_of):
    new = Customer(branch=world.west, channel=world.west.channel, owner=both)
    assert acting_on(request_of(both), new, Verb.CUSTOMER_REGISTER).code == "account_manager"
    new = Customer(branch=world.east, channel=world.east.channel)
    assert acting_on(request_of(both), new, Verb.CUSTOMER_REGISTER).code == "accountant"


def test_where_no_position_reaches_the_row_the_first_choice_stands(world, both, request_of):
    Customer.objects.filter(pk=world.theirs.pk).update(owner=None)
    world.theirs.refresh_from_db()
    request = request_of(both)
    assert acting_on(request, world.theirs, Verb.CUSTOMER_EDIT) == both.current_positions[0]
    assert request.position == both.current_positions[0]


@pytest.mark.parametrize("model", [Customer, Contact])
def test_a_row_is_judged_as_the_database_judges_it(model, world):
    """Every position and verb: in memory and in SQL, one scope."""
    online = world.customer(
        "云端电商有限公司", branch=world.online, by=world.people["relations_specialist"], phone="13910020004"
    )
    assert online.channel == "ecommerce"
    fields = model.objects.all().scope
    held = 0
    for person in [*world.people.values(), world.stranger, world.west_manager, world.colleague]:
        for position in person.current_positions:
            for verb in Verb:
                rows = rows_of(position, verb, fields)
                stored = set(model.objects.filter(rows))
                assert {row for row in model.objects.all() if holds(rows, row)} == stored, (position, verb)
                held += len(stored)
    assert held
