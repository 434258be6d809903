"""Once a quarter everybody confirms that the own devices are kept safe."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from crm_site import device_reminders, tasks
from journal.models import Notification
from staff import device_checks
from staff.models import DeviceCheck, quarter_name, quarter_of

pytestmark = pytest.mark.clause("SEC-09")
PAGE = reverse("staff:device_check")
LIST = reverse("staff:device_checks")
ALL = {"antivirus": "on", "updates": "on", "locked": "on", "no_copies": "on"}
OCTOBER = datetime(2026, 10, 1, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 30, 1, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "quarter", "name"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), "2026 Q1"),
        (date(2026, 6, 30), date(2026, 4, 1), "2026 Q2"),
        (date(2026, 9, 30), date(2026, 7, 1), "2026 Q3"),
        (date(2026, 12, 31), date(2026, 10, 1), "2026 Q4"),
    ],
)
def test_quarters(day, quarter, name):
    assert quarter_of(day) == quarter
    assert quarter_name(quarter) == name


@pytest.fixture
def desk(world, sign_in):
    def _desk(person):
        client = sign_in(person)
        client.cookies["language"] = "en"
        return client

    return _desk


def test_today_asks_until_it_is_confirmed(world, desk):
    client = desk(world.clerk)
    assert f'href="{PAGE}"' in client.get("/").text
    assert client.post(PAGE, ALL).url == PAGE
    assert "devices are kept safe" not in client.get("/").text
    check = DeviceCheck.objects.get()
    assert (check.person, check.quarter) == (world.clerk, quarter_of(timezone.localdate()))
    page = client.get(PAGE).text
    assert "nothing to confirm" in page
    assert quarter_name(check.quarter) in page


@pytest.mark.parametrize("missing", ALL)
def test_each_sentence_is_confirmed_by_itself(world, desk, missing):
    answer = desk(world.clerk).post(PAGE, {name: value for name, value in ALL.items() if name != missing})
    assert "Tick it when it is so" in answer.text
    assert not DeviceCheck.objects.exists()


def test_repeated_it_stays_what_it_was(world, desk):
    client = desk(world.clerk)
    client.post(PAGE, ALL)
    first = DeviceCheck.objects.get()
    client.post(PAGE, ALL)
    assert DeviceCheck.objects.get().at == first.at


def test_it_is_asked_anew_each_quarter(world):
    device_checks.confirm(world.clerk, by=world.clerk, on=date(2026, 9, 30), at=timezone.now())
    assert device_checks.open_for(world.clerk, on=date(2026, 9, 30)) is None
    assert device_checks.open_for(world.clerk, on=date(2026, 10, 1)) == date(2026, 10, 1)


def test_who_holds_no_position_is_not_asked(world, desk):
    assert f'href="{PAGE}"' not in desk(world.nobody).get("/").text
    assert world.nobody not in device_checks.asked(on=timezone.localdate())
    assert world.disabled not in device_checks.asked(on=timezone.localdate())


def test_the_administrator_sees_who_is_open_and_who_is_done(world, desk):
    device_checks.confirm(world.clerk, by=world.clerk, on=timezone.localdate(), at=timezone.now())
    client = desk(world.administrator)
    missing = client.get(LIST).context["rows"]
    done = client.get(LIST, {"state": "done"}).context["rows"]
    assert done == [world.clerk]
    assert world.accountant in missing
    assert not {world.clerk, world.nobody, world.disabled} & set(missing)
    counts = [tab["count"] for tab in client.get(LIST).context["tabs"]]
    assert counts == [len(missing), 1]
    assert desk(world.manager).get(LIST).status_code == 403


def kinds(person):
    return [row.kind for row in Notification.objects.filter(person=person).order_by("pk")]


def test_reminders_come_at_the_beginning_and_in_the_last_month_once_each(world):
    for at in (OCTOBER, OCTOBER, NOVEMBER, DECEMBER, DECEMBER):
        device_reminders.remind(at=at)
    assert kinds(world.clerk) == ["accounts.devices_open", "accounts.devices_still_open"]
    assert kinds(world.nobody) == kinds(world.disabled) == []
    assert "2026 Q4" in Notification.objects.filter(person=world.clerk)[0].text


def test_who_has_confirmed_is_not_reminded(world):
    device_checks.confirm(world.clerk, by=world.clerk, on=OCTOBER.date(), at=OCTOBER)
    device_reminders.remind(at=DECEMBER)
    assert kinds(world.clerk) == []
    assert kinds(world.accountant) == ["accounts.devices_still_open"]


def test_the_task_reads_the_clock(world):
    with time_machine.travel(DECEMBER, tick=False):
        tasks.remind_of_devices()
    assert kinds(world.owner) == ["accounts.devices_still_open"]
