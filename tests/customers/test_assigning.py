"""Many customers to one person: chosen, looked at, confirmed; nothing outside the manager's unit."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.actions import ReasonNeeded, edit
from customers.archiving import archive
from customers.assigning import assign_many, assign_owner, plan, read_selection
from customers.models import Customer
from journal.models import Notification
from staff.models import Position
from staff.verbs import PositionCode
from tests.world import LONG_AGO

pytestmark = pytest.mark.clause("SEC-04")
ASSIGN = reverse("customers:assign")


def chosen(*customers):
    return {customer.pk: customer.version for customer in customers}


def pairs(*customers):
    return [f"{customer.pk}:{customer.version}" for customer in customers]


def owners(*customers):
    return [Customer.objects.get(pk=customer.pk).owner for customer in customers]


def test_a_selection_is_ids_with_versions_and_nothing_else():
    assert read_selection(["17:3", "18:1,19:2"]) == {17: 3, 18: 1, 19: 2}
    assert read_selection(["", "x", "1;DROP", "-:-"]) == {}
    assert len(read_selection([",".join(f"{n}:1" for n in range(1, 2000))])) == 1000


def test_the_plan_says_from_whom_and_why_some_stay(world):
    archived = world.customer("歇业客户", owner=world.owner)
    changed = world.customer("刚改客户", owner=world.owner)
    looked_at = chosen(world.ours, world.unowned, world.theirs, archived, changed)
    archive(archived, version=1, reason="歇业", by=world.manager, at=timezone.now())
    edit(changed, version=1, fields={"address": "新地址"}, by=world.owner, at=timezone.now())
    found = plan(looked_at, owner=world.colleague, by=world.manager)
    assert dict(found.sources()) == {world.owner: 1, None: 1}
    assert found.skipped == {"archived": [archived], "changed": [changed]}  # the other unit's does not exist here


def test_one_statement_moves_them_with_a_reason_and_tells_each_person_once(world):
    more = [world.customer(f"批量{number}号", owner=world.owner) for number in range(5)]
    with CaptureQueriesContext(connection) as queries:
        done = assign_many(
            chosen(world.ours, world.unowned, *more), owner=world.colleague, reason="片区调整", by=world.manager,
            at=timezone.now(),
        )  # fmt: skip
    assert len([q for q in queries if 'UPDATE "customers_customer"' in q["sql"]]) == 1
    assert len(done.moving) == 7
    assert set(owners(world.ours, world.unowned, *more)) == {world.colleague}
    assert set(Customer.objects.filter(owner=world.colleague).values_list("version", "updated_by")) == {
        (2, world.manager.pk)
    }
    context = world.ours.events.order_by("pgh_id").last().pgh_context
    assert (context["reason"], context["person"]) == ("片区调整", world.manager.pk)
    said = Notification.objects.filter(kind__startswith="customers.").values_list("person", "kind", "params__count")
    assert set(said) == {(world.colleague.pk, "customers.assigned", 7), (world.owner.pk, "customers.taken_over", 6)}


def told():
    rows = Notification.objects.filter(kind__startswith="customers.")
    return set(rows.values_list("person", "kind", "params__count", "subject_id"))


def test_one_customer_is_told_to_its_new_and_former_person_in_charge(world):
    said = {"by": world.manager, "at": timezone.now(), "reason": "片区调整"}
    assign_owner(world.ours, owner=world.colleague, version=1, **said)
    new = (world.colleague.pk, "customers.assigned", 1, world.ours.pk)
    assert told() == {new, (world.owner.pk, "customers.taken_over", 1, None)}
    assign_owner(world.ours, owner=world.colleague, version=2, **said)
    assert len(told()) == 2, "nothing changed"
    assign_owner(world.ours, owner=None, version=2, **said)
    assert (world.colleague.pk, "customers.given_up", 1, None) in told()


def test_nobody_is_told_of_what_they_did_themselves(world):
    assign_owner(world.unowned, owner=world.manager, version=1, by=world.manager, at=timezone.now(), reason="自管")
    assert not told()


def test_without_a_reason_nothing_moves(world):
    with pytest.raises(ReasonNeeded):
        assign_many(chosen(world.ours), owner=world.colleague, reason="", by=world.manager, at=timezone.now())
    assert owners(world.ours) == [world.owner]


def test_choose_preview_confirm(world, sign_in):
    client = sign_in(world.manager)
    assert 'name="customer"' in client.get(reverse("customers:list")).text
    page = client.post(ASSIGN, {"customer": pairs(world.ours, world.unowned), "list": "sort=name"})
    assert page.context["number"] == 2
    step = {"customer": page.context["selection"], "list": "sort=name", "owner": world.colleague.pk, "reason": "调整"}
    preview = client.post(ASSIGN, step | {"step": "preview"})
    assert len(preview.context["plan"].moving) == 2
    assert owners(world.ours, world.unowned) == [world.owner, None]
    done = client.post(ASSIGN, step | {"customer": preview.context["moving"], "step": "confirm"})
    assert done.headers["Location"] == f"{reverse('customers:list')}?sort=name"
    assert owners(world.ours, world.unowned) == [world.colleague, world.colleague]
    again = client.post(ASSIGN, step | {"customer": preview.context["moving"], "step": "confirm"})
    assert again.context["nothing_done"]
    assert Customer.objects.get(pk=world.ours.pk).version == 2


def test_all_of_a_filter_are_chosen_by_the_filter_itself(world, sign_in):
    client = sign_in(world.manager)
    page = client.post(ASSIGN, {"all": "on", "list": "owner=none"})
    assert page.context["selection"] == f"{world.unowned.pk}:1"
    page = client.post(ASSIGN, {"all": "on", "list": ""})
    assert set(read_selection([page.context["selection"]])) == {world.ours.pk, world.unowned.pk}
    assert client.post(ASSIGN, {"all": "on", "list": "q=somebody-elses"}).status_code == 302


def test_who_chose_nothing_goes_back_to_the_list(world, sign_in):
    response = sign_in(world.manager).post(ASSIGN, {"list": "stage=lost"})
    assert response.headers["Location"] == f"{reverse('customers:list')}?stage=lost"


def test_what_is_missing_is_asked_for_and_the_choice_kept(world, sign_in):
    step = {"customer": pairs(world.ours), "step": "preview", "owner": world.colleague.pk}
    response = sign_in(world.manager).post(ASSIGN, step)
    assert response.context["form"].errors["reason"]
    assert f"{world.ours.pk}:1" in response.text
    assert f'value="{world.colleague.pk}" selected' in response.text


@pytest.mark.clause("SEC-01")
def test_another_branchs_ids_move_nothing_and_are_not_named(world, sign_in):
    client = sign_in(world.manager)
    step = {"customer": pairs(world.theirs), "owner": world.colleague.pk, "reason": "x"}
    for name in ("preview", "confirm"):
        assert world.theirs.name not in client.post(ASSIGN, step | {"step": name}).text
    assert owners(world.theirs) == [None]
    stranger = step | {"customer": pairs(world.ours), "owner": world.stranger.pk, "step": "confirm"}
    assert client.post(ASSIGN, stranger).context["form"].errors["owner"]
    assert owners(world.ours) == [world.owner]


@pytest.mark.clause("SEC-01")
def test_seeing_a_unit_is_not_deciding_in_it(world, sign_in):
    """Manager in East and accountant in West: West's customer is named, and stays."""
    Position.objects.create(person=world.manager, code=PositionCode.ACCOUNTANT, branch=world.west, starts_on=LONG_AGO)
    step = {"customer": pairs(world.theirs), "owner": world.colleague.pk, "reason": "x", "step": "confirm"}
    response = sign_in(world.manager).post(ASSIGN, step)
    assert response.context["plan"].skipped == {"not_mine": [world.theirs]}
    assert owners(world.theirs) == [None]


@pytest.mark.clause("SEC-01")
def test_the_new_person_works_in_the_customers_unit(world):
    Position.objects.create(
        person=world.manager, code=PositionCode.BRANCH_MANAGER, branch=world.west, starts_on=LONG_AGO
    )
    found = plan(chosen(world.ours, world.theirs), owner=world.colleague, by=world.manager)
    assert ([row.pk for row in found.moving], found.skipped) == ([world.ours.pk], {"other_unit": [world.theirs]})


def test_only_managers_may_and_only_with_the_token_of_the_session(world, sign_in):
    assert "data-tick" not in sign_in(world.accountant).get(reverse("customers:list")).text
    step = {"customer": pairs(world.ours), "owner": world.colleague.pk, "reason": "x", "step": "confirm"}
    assert sign_in(world.accountant).post(ASSIGN, step).status_code == 403
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.manager)
    assert client.post(ASSIGN, step).status_code == 403
    assert owners(world.ours) == [world.owner]
