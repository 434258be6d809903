"""Forms noted at the counter, their clocks, the day's figures, the reminder. Source: REC-05."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from customers import receipts
from customers.actions import FormEntry
from customers.models import FormReceipt
from customers.tasks import remind_of_forms
from journal.models import Notification
from policy.models import Clock
from staff.models import Person, Position
from tests.customers.test_register import entry
from tests.policy.clocktime import at, local

pytestmark = pytest.mark.clause("REC-05")

MONDAY = "2026-11-23"


def noted(world, when=f"{MONDAY} 10:00", serial="0000501", **more):
    values = {"branch": world.east, "by": world.clerk, "at": at(when)} | more
    return receipts.note(serial=serial, received_at=at(when), **values)


def enter(world, when, serial="0000501", received=f"{MONDAY} 10:00", **more):
    from customers.actions import register

    form = FormEntry(received_at=at(received), received_by=world.clerk, serial=serial)
    return register(**entry(world, form=form, at=at(when), **more))


def told():
    return list(Notification.objects.filter(kind="customers.forms_waiting").values_list("person__name", flat=True))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (f"{MONDAY} 17:59", f"{MONDAY} 18:00"),
        (f"{MONDAY} 18:00", f"{MONDAY} 18:00"),
        (f"{MONDAY} 18:01", "2026-11-24 18:00"),
        ("2026-11-20 18:01", "2026-11-23 18:00"),
    ],
)
def test_a_form_is_due_at_closing_of_its_day_or_of_the_next_working_day(received, due, world):
    receipt = noted(world, received)
    assert local(receipt.clock.due_at) == due
    assert receipt.clock.responsible == world.accountant
    assert receipt.clock.clause_id == "REC-05"


@pytest.mark.parametrize(("when", "late"), [(f"{MONDAY} 18:00", False), (f"{MONDAY} 18:01", True)])
def test_entering_by_the_serial_meets_the_clock_and_18_00_is_in_time(when, late, world):
    receipt = noted(world)
    customer = enter(world, when)
    receipt.refresh_from_db()
    assert receipt.form == customer.registration
    assert local(receipt.clock.met_at) == when
    assert (receipt.clock.breached_at is not None) is late
    assert FormReceipt.objects.late(at("2026-11-30 09:00")).contains(receipt) is late


def test_a_form_that_nobody_noted_is_noted_by_entering_it(world):
    customer = enter(world, "2026-11-24 09:00", serial="")
    receipt = FormReceipt.objects.get(form=customer.registration)
    assert local(receipt.clock.due_at) == f"{MONDAY} 18:00"
    assert receipt.clock.state == "late"
    assert not FormReceipt.objects.waiting().exists()


def test_the_same_serial_of_another_unit_is_another_form(world):
    receipt = noted(world, branch=world.west, by=world.stranger)
    enter(world, f"{MONDAY} 11:00")
    receipt.refresh_from_db()
    assert receipt.form is None


def test_a_serial_is_noted_once_and_not_after_it_was_entered(world):
    noted(world)
    with pytest.raises(ValidationError):
        noted(world)
    enter(world, f"{MONDAY} 11:00", serial="0000502")
    with pytest.raises(ValidationError):
        noted(world, serial="0000502")


def test_a_form_noted_by_mistake_is_struck_out_with_a_reason_and_its_serial_is_free(world):
    receipt = noted(world)
    receipts.strike(receipt, reason="看错了编号", by=world.clerk, at=at(f"{MONDAY} 10:05"))
    receipt.refresh_from_db()
    assert (receipt.strike_reason, receipt.clock.state) == ("看错了编号", "over")
    assert not FormReceipt.objects.standing().filter(serial="0000501").exists()
    noted(world, f"{MONDAY} 10:10")
    with pytest.raises(ValidationError):
        receipts.strike(receipt, reason="again", by=world.clerk, at=at(f"{MONDAY} 10:20"))


def test_the_accountant_is_reminded_from_17_00_once_a_day(world):
    noted(world)
    noted(world, serial="0000502")
    receipts.remind(at=at(f"{MONDAY} 16:59"))
    assert told() == []
    for minute in ("17:00", "17:15", "17:30"):
        receipts.remind(at=at(f"{MONDAY} {minute}"))
    assert told() == [world.accountant.name]
    params = Notification.objects.get(kind="customers.forms_waiting").params
    assert params == {"branch": world.east.name, "number": 2, "serials": ["0000501", "0000502"]}
    receipts.remind(at=at("2026-11-24 17:00"))
    assert len(told()) == 2


def test_the_reminder_names_the_first_serials_in_the_readers_language(world):
    for number in range(501, 507):
        noted(world, serial=f"0000{number}")
    receipts.remind(at=at(f"{MONDAY} 17:00"))
    told = Notification.objects.get(kind="customers.forms_waiting")
    first = ["0000501", "0000502", "0000503", "0000504", "0000505", "…"]
    for language, joiner in (("en", ", "), ("zh-hans", "、")):
        with translation.override(language):
            assert f"({joiner.join(first)})" in told.text.replace("（", "(").replace("）", ")")


def test_a_scheduler_that_was_down_at_17_00_reminds_when_it_is_back(world):
    noted(world)
    receipts.remind(at=at(f"{MONDAY} 17:50"))
    assert told() == [world.accountant.name]


def test_nobody_is_reminded_of_what_is_entered_struck_out_or_due_tomorrow(world):
    noted(world)
    enter(world, f"{MONDAY} 16:00")
    noted(world, f"{MONDAY} 18:30", serial="0000502")
    receipts.remind(at=at(f"{MONDAY} 18:45"))
    assert told() == []


def test_a_vacant_post_s_manager_is_reminded_instead(world):
    Position.objects.filter(person=world.accountant).update(ends_on=date(2026, 11, 1))
    noted(world)
    receipts.remind(at=at(f"{MONDAY} 17:00"))
    assert told() == [world.manager.name]


def test_the_task_runs_twice_without_telling_twice(world):
    noted(world)
    with time_machine.travel(at(f"{MONDAY} 17:00"), tick=False):
        remind_of_forms()
        remind_of_forms()
    assert told() == [world.accountant.name]


def test_the_number_of_queries_of_a_reminder_does_not_grow_with_the_forms(world, django_assert_max_num_queries):
    for number in range(30):
        noted(world, serial=f"R{number}")
    with django_assert_max_num_queries(16):
        receipts.remind(at=at(f"{MONDAY} 17:00"))


@pytest.fixture
def monday(world):
    """East: one in time, one late, one waiting; West: one in time."""
    FormReceipt.objects.update(received_at=at("2026-01-01 09:00"), noted_at=at("2026-01-01 09:00"))
    for serial in ("1", "2", "3"):
        noted(world, serial=serial)
    enter(world, f"{MONDAY} 11:00", serial="1")
    enter(world, "2026-11-24 09:00", serial="2", name="另一家纸业有限公司", contacts=[], received=f"{MONDAY} 10:00")
    noted(world, serial="9", branch=world.west, by=world.stranger)
    with time_machine.travel(at(f"{MONDAY} 17:30"), tick=False):
        yield world


def cells(response, name):
    row = next(row for row in response.context["units"] if row["title"] == name)
    return {cell: (number, url) for cell, number, url in row["cells"]} | {"rate": row["rate"]}


def test_each_figure_of_a_unit_leads_to_exactly_its_rows(monday, sign_in):
    client = sign_in(monday.people["service_head"])
    page = client.get(reverse("customers:forms"))
    east = cells(page, monday.east.name)
    assert {name: east[name][0] for name in ("received", "entered", "late", "waiting")} == {
        "received": 3, "entered": 2, "late": 1, "waiting": 1,
    }  # fmt: skip
    assert east["rate"] == 50
    for name in ("received", "entered", "late", "waiting"):
        number, url = east[name]
        assert client.get(url).context["count"] == number, url
    assert cells(page, monday.west.name)["received"][0] == 1


def test_the_days_of_a_unit_and_only_of_one_s_own(monday, sign_in):
    page = sign_in(monday.stranger).get(reverse("customers:forms"))
    assert [row["title"] for row in page.context["days"]] == [date(2026, 11, 23)]
    assert page.context["days"][0]["cells"][0][1] == 1
    assert not page.context["by_unit"]
    assert [row.serial for row in page.context["waiting"]] == ["9"]


@pytest.mark.parametrize("query", [{"day": "x"}, {"day": "9999-99-99"}, {"day": "1000-01-01"}, {"branch": "x"}])
def test_a_day_that_is_none_means_today(query, monday, sign_in):
    page = sign_in(monday.people["service_head"]).get(reverse("customers:forms"), query)
    assert page.context["chosen"].on == date(2026, 11, 23)


@pytest.mark.parametrize("query", [{"since": "x"}, {"until": "1"}, {"state": "x"}, {"branch": "0"}, {"after": "x"}])
def test_a_filter_that_is_none_is_passed_over(query, monday, sign_in):
    page = sign_in(monday.people["service_head"]).get(reverse("customers:received"), query)
    assert page.context["count"] == 7


def test_as_many_queries_for_many_forms_as_for_few(monday, sign_in, django_assert_max_num_queries):
    client = sign_in(monday.people["service_head"])
    for number in range(20):
        noted(monday, serial=f"Q{number}")
    for name in ("forms", "received"):
        with django_assert_max_num_queries(15):
            client.get(reverse(f"customers:{name}"))


def test_the_counter_notes_a_form_with_one_line(world, sign_in):
    client = sign_in(world.clerk)
    with time_machine.travel(at(f"{MONDAY} 10:30"), tick=False):
        data = {"receipt-serial": "0000600", "receipt-received_at": f"{MONDAY}T10:20", "receipt-branch": world.east.pk}
        assert client.post(reverse("customers:receive"), data).status_code == 302
        receipt = FormReceipt.objects.get(serial="0000600")
        assert (receipt.received_by, local(receipt.received_at)) == (world.clerk, f"{MONDAY} 10:20")
        again = client.post(reverse("customers:receive"), data)
        assert "data-error-summary" in again.text
        other = client.post(reverse("customers:receive"), data | {"receipt-branch": world.west.pk})
        assert "data-error-summary" in other.text
        future = data | {"receipt-serial": "0000601", "receipt-received_at": f"{MONDAY}T10:31"}
        assert "data-error-summary" in client.post(reverse("customers:receive"), future).text
    assert Clock.objects.of(receipt).count() == 1


def test_the_form_opens_with_what_the_counter_noted(world, sign_in):
    receipt = noted(world)
    page = sign_in(world.accountant).get(reverse("customers:receipt", args=[receipt.pk]), follow=True)
    assert 'value="0000501"' in page.text
    assert f'value="{MONDAY}T10:00"' in page.text
    assert f'value="{world.clerk.pk}" selected' in page.text
    assert "0000501" not in sign_in(world.stranger).get(f"{reverse('customers:register')}?receipt={receipt.pk}").text


def test_where_a_clock_leads_depends_on_who_follows_it(world, sign_in):
    receipt = noted(world)
    url = reverse("customers:receipt", args=[receipt.pk])
    assert "/forms/received/" in sign_in(world.people["inspector"]).get(url).url
    enter(world, f"{MONDAY} 11:00")
    assert sign_in(world.accountant).get(url).url == reverse("customers:record", args=[receipt_customer(receipt)])


def receipt_customer(receipt):
    receipt.refresh_from_db()
    return receipt.form.customer_id


def test_forms_of_bulk_work_have_receipts_and_met_clocks(world):
    customers = [enter(world, when, serial="") for when in (f"{MONDAY} 18:00",)]
    form = customers[0].registration
    FormReceipt.objects.filter(form=form).delete()
    receipts.entered_before([form])
    receipt = FormReceipt.objects.select_related("clock").get(form=form)
    assert (receipt.clock.state, local(receipt.clock.met_at)) == ("met", f"{MONDAY} 18:00")


def test_a_receiver_who_left_is_no_hindrance(world):
    Person.objects.filter(pk=world.accountant.pk).update(disabled_at=at(MONDAY) - timedelta(days=1))
    assert noted(world).clock.responsible is None
