"""The administrator's pages: what is stuck, and the robots."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pghistory.models import Events

from journal.models import CustomerMessage, Delivery, GroupRobot, Notification, State

from .conftest import NOON

PAGE = reverse("journal:outbox")
ROBOTS = reverse("journal:robots")
NEW = reverse("journal:robot_new")
pytestmark = pytest.mark.clause("GEN-02")


@pytest.fixture
def office(world, sign_in):
    return sign_in(world.administrator)


def stuck(world, state=State.DEAD, count=1):
    made = []
    for _number in range(count):
        told = Notification.objects.create(
            person=world.owner, kind="test.plain", params={"customer": "甲"}, created_at=NOON, visible_at=NOON,
            push_at=NOON, dedupe_key=str(Notification.objects.count()), pushed=True,
        )  # fmt: skip
        made.append(
            Delivery.objects.create(
                notification=told, channel="email", once=f"email:{told.pk}", created_at=NOON, next_try_at=NOON,
                state=state, problem="550 unknown", started_at=NOON, attempts=16,
            )
        )  # fmt: skip
    return made[0]


def to_customer(world, state=State.POSSIBLY_SENT):
    return CustomerMessage.objects.create(
        purpose="marketing", channel="sms", subject_type="customers.customer", subject_id=world.ours.pk,
        branch=world.east, address="+8613910020001", body="x", gate_decision="yes", dedupe_key="one", created_at=NOON,
        next_try_at=NOON, state=state,
    )  # fmt: skip


def test_what_is_stuck_is_shown_with_its_reason(world, office):
    stuck(world)
    stuck(world, State.POSSIBLY_SENT)
    stuck(world, State.SENT)
    answer = office.get(PAGE)
    assert [row.state for row in answer.context["rows"]] == [State.POSSIBLY_SENT, State.DEAD]
    assert "550 unknown" in answer.content.decode()
    assert sorted(figure["number"] for figure in answer.context["figures"]) == [0, 0, 0, 1, 1]
    assert len(office.get(PAGE, {"state": "dead"}).context["rows"]) == 1
    assert not office.get(PAGE, {"state": "queued"}).context["rows"]
    assert len(office.get(PAGE, {"state": "king"}).context["rows"]) == 2


def test_messages_to_customers_stand_there_without_their_address(world, office):
    to_customer(world)
    shown = office.get(PAGE, {"way": "message"}).content.decode()
    assert world.ours.name in shown
    assert "13910020001" not in shown


@pytest.mark.parametrize("way", ["notification", "message"])
@pytest.mark.parametrize(("act", "state"), [("again", State.QUEUED), ("close", State.CLOSED)])
def test_the_administrator_decides_once(world, office, way, act, state):
    row = stuck(world) if way == "notification" else to_customer(world)
    address = reverse(f"journal:outbox_{act}", args=[way, row.pk])
    assert office.get(address).status_code == 405
    for _twice in range(2):
        assert office.post(address).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (state, world.administrator)


def test_nobody_else_decides(world, sign_in):
    row = stuck(world)
    for who in (world.manager, world.people["service_head"], world.nobody):
        client = sign_in(who)
        assert client.get(PAGE).status_code == 403
        assert client.post(reverse("journal:outbox_again", args=["notification", row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.state == State.DEAD


def test_what_is_not_there_is_not_found(world, office):
    assert office.post(reverse("journal:outbox_again", args=["king", 1])).status_code == 404
    assert office.post(reverse("journal:outbox_close", args=["message", 1])).status_code == 404


def test_one_and_three_cost_the_same(world, office):
    stuck(world)
    office.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        office.get(PAGE)
    stuck(world, count=2)
    with CaptureQueriesContext(connection) as three:
        office.get(PAGE)
    assert len(one) == len(three)


def entry(world, **changes):
    typed = {
        "name": "东城群", "kind": "dingtalk", "webhook": "https://oapi.dingtalk.com/robot/send?access_token=sesame",
        "secret": "SECopen", "branch": world.east.pk, "department": "", "active": "on",
    }  # fmt: skip
    return typed | changes


@pytest.mark.clause("SEC-06")
def test_a_robots_keys_are_written_and_never_shown(world, office):
    assert office.post(NEW, entry(world)).status_code == 302
    robot = GroupRobot.objects.get()
    assert (robot.webhook[-6:], robot.secret) == ("sesame", "SECopen")
    for page in (ROBOTS, reverse("journal:robot_edit", args=[robot.pk])):
        shown = office.get(page).content.decode()
        assert "sesame" not in shown
        assert "SECopen" not in shown
    wrong = office.post(NEW, entry(world, name="")).content.decode()
    assert "sesame" not in wrong
    history = str(list(Events.objects.tracks(robot).values_list("pgh_data", flat=True)))
    assert "东城群" in history
    assert "sesame" not in history
    assert "SECopen" not in history


def test_keys_left_empty_are_kept(world, office):
    office.post(NEW, entry(world))
    robot = GroupRobot.objects.get()
    edit = reverse("journal:robot_edit", args=[robot.pk])
    assert office.post(edit, entry(world, name="新群", webhook="", secret="", active="")).status_code == 302
    robot.refresh_from_db()
    assert (robot.name, robot.active, robot.secret, robot.webhook[-6:]) == ("新群", False, "SECopen", "sesame")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"webhook": ""}, "webhook"),
        ({"webhook": "https://evil.example/robot"}, "webhook"),
        ({"webhook": "http://oapi.dingtalk.com/robot"}, "webhook"),
        ({"name": ""}, "name"),
        ({"kind": "slack"}, "kind"),
        ({"branch": ""}, "__all__"),
    ],
)
def test_what_is_no_robot_is_refused_beside_the_field(world, office, changes, field):
    answer = office.post(NEW, entry(world, **changes))
    assert field in answer.context["form"].errors
    assert not GroupRobot.objects.exists()


def test_a_group_belongs_to_a_unit_or_a_department_not_both(world, office):
    department = world.administrator.current_positions[0].department
    both = office.post(NEW, entry(world, department=department.pk))
    assert both.context["form"].errors
    assert office.post(NEW, entry(world, branch="", department=department.pk)).status_code == 302


def test_the_same_robot_is_not_listed_twice(world, office):
    office.post(NEW, entry(world))
    again = office.post(NEW, entry(world, name="又来"))
    assert "webhook" in again.context["form"].errors


def test_a_test_message_says_how_it_went(world, office, stand_in):
    robot = GroupRobot.objects.create(kind="wecom", name="群", webhook=stand_in.address("wecom"), branch=world.east)
    address = reverse("journal:robot_test", args=[robot.pk])
    assert "message-success" in office.post(address, follow=True).content.decode()
    stand_in.behave("93000")
    refused = office.post(address, follow=True).content.decode()
    assert "message-error" in refused
    assert "93000" in refused
    stand_in.behave("reset")
    assert "message-warning" in office.post(address, follow=True).content.decode()
    assert world.east.name in stand_in.taken[0]["body"]["text"]["content"]
