"""Tips: from anybody, to whoever is responsible, answered. Source: REC-20."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers import tips
from customers.models import Customer, Tip
from journal.models import AccessLog, Notification
from staff.models import Absence, Department, Position
from tests.world import hire

pytestmark = pytest.mark.clause("REC-20")


def send(world, by=None, **what):
    return tips.send_tip(**{"text": "要搬到开发区", "by": by or world.stranger, "at": timezone.now()} | what)


def told(tip):
    rows = Notification.objects.filter(subject_type="customers.tip", subject_id=tip.pk, kind="customers.tip")
    return {row.person for row in rows}


def waits_for(person):
    return list(Tip.objects.open().addressed_to(person))


@pytest.fixture
def technical(world):
    department = Department.objects.get(code="technical")
    department.head = world.people["technical"]
    department.save()
    return department


def test_it_goes_to_the_person_in_charge(world):
    tip = send(world, customer=world.ours)
    assert told(tip) == {world.owner}
    assert waits_for(world.owner) == [tip]
    assert waits_for(world.manager) == waits_for(world.colleague) == []


def test_without_one_to_the_units_manager(world):
    tip = send(world, customer=world.unowned)
    assert told(tip) == {world.manager}
    assert waits_for(world.manager) == [tip]


def test_an_owner_who_left_and_a_unit_without_manager_leave_nothing_lying(world):
    Customer.objects.filter(pk=world.ours.pk).update(owner=world.disabled)
    world.ours.refresh_from_db()
    tip = send(world, customer=world.ours)
    assert (told(tip), waits_for(world.manager), waits_for(world.disabled)) == ({world.manager}, [tip], [])
    Position.objects.filter(person=world.manager).update(ends_on=timezone.localdate() - timedelta(days=1))
    del world.manager.__dict__["current_positions"]
    head = world.people["service_head"]
    second = send(world, customer=world.ours)
    assert (told(second), set(waits_for(head)), waits_for(world.manager)) == ({head}, {tip, second}, [])


def test_a_department_is_chosen_with_or_without_a_customer(world, technical):
    with_customer, without = send(world, customer=world.ours, department=technical), send(world, department=technical)
    head = world.people["technical"]
    assert told(with_customer) == told(without) == {head}
    assert set(waits_for(head)) == {with_customer, without}
    assert waits_for(world.owner) == []


def test_the_deputy_of_somebody_away_finds_it_too(world):
    today = timezone.localdate()
    Absence.objects.create(person=world.owner, deputy=world.colleague, starts_on=today, ends_on=today)
    tip = send(world, customer=world.ours)
    assert waits_for(world.colleague) == [tip]
    assert world.colleague in told(tip)


def test_a_customer_who_changes_hands_takes_the_tip_along(world):
    tip = send(world, customer=world.ours)
    Customer.objects.filter(pk=world.ours.pk).update(owner=world.colleague)
    assert (waits_for(world.owner), waits_for(world.colleague)) == ([], [tip])


@pytest.mark.clause("SEC-01")
def test_only_sender_recipient_and_unit_manager_see_it(world, technical):
    about, aside = send(world, customer=world.ours), send(world, customer=world.ours, department=technical)
    everybody = {*world.people.values(), world.stranger, world.colleague, world.west_manager, world.nobody}
    seers = {person for person in everybody if about in Tip.objects.visible_to(person)}
    assert seers == {world.stranger, world.owner, world.manager}
    seers = {person for person in everybody if aside in Tip.objects.visible_to(person)}
    assert seers == {world.stranger, world.people["technical"], world.manager}
    assert aside not in Tip.objects.answerable_by(world.manager)


def test_the_customers_history_does_not_tell_the_tip(world, sign_in):
    send(world, customer=world.ours, text="只给负责人看")
    page = sign_in(world.clerk).get(reverse("journal:timeline", args=["customers.customer", world.ours.pk]))
    assert "只给负责人看" not in page.content.decode()


def test_it_is_answered_once_and_the_sender_is_told(world, sign_in):
    tip = send(world, customer=world.ours)
    page = reverse("customers:tip", args=[tip.pk])
    sign_in(world.owner).post(page, {"answer": ""})
    sign_in(world.owner).post(page, {"answer": "已改地址"})
    sign_in(world.manager).post(page, {"answer": "晚了"})
    tip.refresh_from_db()
    assert (tip.answer, tip.answered_by) == ("已改地址", world.owner)
    assert Notification.objects.get(kind="customers.tip_answered").person == world.stranger
    assert "已改地址" in sign_in(world.stranger).get(page).content.decode()


def test_the_sender_cannot_answer_the_own_tip(world, sign_in):
    tip = send(world, customer=world.ours)
    sign_in(world.stranger).post(reverse("customers:tip", args=[tip.pk]), {"answer": "自己答"})
    tip.refresh_from_db()
    assert tip.answered_at is None


def test_notifications_hold_nothing_of_the_tip(world):
    tip = send(world, customer=world.ours, text="李总电话 13812345678")
    row = Notification.objects.get(subject_id=tip.pk, kind="customers.tip")
    assert row.params == {"name": world.stranger.name}


# The form


def post(client, **data):
    return client.post(reverse("customers:tip_new"), {"text": "要搬到开发区", **data})


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize("about", ["西泠图文有限公司", "139 1002 0003", "+8613910020003"])
def test_anybody_names_another_units_customer_in_full(world, sign_in, about):
    client = sign_in(world.nobody)
    answer = client.post(reverse("customers:tip_find"), {"about": about}).content.decode()
    assert world.theirs.name in answer
    assert world.west.name in answer
    assert "13910020003" not in answer.replace(" ", "")
    assert "李娜" not in answer
    assert reverse("customers:record", args=[world.theirs.pk]) not in answer
    logged = AccessLog.objects.get(action=AccessLog.Action.MASKED_MATCH)
    assert (logged.person, logged.subject_id) == (world.nobody, world.theirs.pk)
    post(client, about=about)
    assert Tip.objects.get().customer == world.theirs


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize("about", ["西泠", "图文有限公司", "0003", "1391002", "xiling", "%", "有限公司"])
def test_a_piece_of_a_name_or_phone_finds_nobody(world, sign_in, about):
    client = sign_in(world.nobody)
    assert world.theirs.name not in client.post(reverse("customers:tip_find"), {"about": about}).content.decode()
    post(client, about=about)
    assert not Tip.objects.exists()


@pytest.mark.clause("SEC-06")
def test_a_number_guessed_in_the_form_names_nobody(world, sign_in, technical):
    client = sign_in(world.nobody)
    for about in ("没有这家公司", ""):
        answer = post(client, about=about, customer=world.theirs.pk, department=technical.pk if about else "")
        assert world.theirs.name not in answer.content.decode()
    assert not Tip.objects.exists()


def test_from_a_record_the_customer_is_chosen_already(world, sign_in):
    client = sign_in(world.accountant)
    record = client.get(reverse("customers:record", args=[world.ours.pk])).content.decode()
    new = f"{reverse('customers:tip_new')}?customer={world.ours.pk}"
    assert new in record
    assert world.ours.name in client.get(new).content.decode()
    post(client, about=world.ours.name, customer=world.ours.pk)
    assert Tip.objects.get().customer == world.ours


def test_of_two_customers_of_one_name_one_is_chosen(world, sign_in):
    twin = world.customer("西泠图文有限公司", branch=world.east, different_because="同名")
    client = sign_in(world.nobody)
    post(client, about=twin.name)
    assert not Tip.objects.exists()
    post(client, about=twin.name, customer=twin.pk)
    assert Tip.objects.get().customer == twin


def test_free_text_needs_a_department_whose_head_is_there(world, sign_in, technical):
    client = sign_in(world.nobody)
    other = Department.objects.get(code="finance")
    post(client)
    post(client, department=other.pk)
    assert not Tip.objects.exists()
    post(client, department=technical.pk)
    assert Tip.objects.get().department == technical


def test_everybody_has_the_button_and_finds_the_own_tips(world, sign_in):
    somebody = hire("N002", "新来的")
    tip = send(world, by=somebody, customer=world.ours)
    client = sign_in(somebody)
    assert reverse("customers:tip_new") in client.get(reverse("home")).content.decode()
    page = client.get(reverse("customers:tips"), {"state": "sent"}).content.decode()
    assert reverse("customers:tip", args=[tip.pk]) in page


def test_three_tips_cost_as_many_queries_as_one(world, sign_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, page = sign_in(world.owner), reverse("customers:tips")
    send(world, customer=world.ours)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    send(world, customer=world.ours), send(world, customer=world.ours)
    with django_assert_num_queries(len(one)):
        assert len(client.get(page).context["rows"]) == 3


def test_what_waits_is_counted_on_today(world, sign_in):
    send(world, customer=world.ours)
    assert reverse("customers:tips") in [figure.url for figure in sign_in(world.owner).get("/").context["figures"]]
    assert reverse("customers:tips") not in [f.url for f in sign_in(world.colleague).get("/").context["figures"]]
