"""From an event to what leaves the house: once, at the right time, by the right way."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import translation

from journal import delivery, kinds, outbox, reading
from journal.actions import notify
from journal.couriers import EmailCourier
from journal.models import ChannelPreference, Delivery, GroupRobot, Notification, PushSettings
from staff.models import Absence, Person

from .conftest import NOON

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.clause("GEN-02")


def tell(world, *people, kind="test.important", at=NOON, dedupe="event", **more):
    params = more.pop("params", {"customer": world.ours.name, "due_at": "2026-11-25T10:00:00+00:00"})
    notify(kind=kind, recipients=people, at=at, dedupe=dedupe, params=params, **more)


def with_email(*people):
    for person in people:
        Person.objects.filter(pk=person.pk).update(email=f"{person.staff_number.lower()}@keke.example")


def test_the_same_event_is_told_once_to_each(world):
    for _again in range(3):
        tell(world, world.owner, world.manager)
    tell(world, world.owner, dedupe="another")
    assert Notification.objects.filter(person=world.owner).count() == 2
    assert Notification.objects.filter(person=world.manager).count() == 1


def test_a_notification_goes_with_its_transaction(world):
    with transaction.atomic():
        tell(world, world.owner)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_the_text_is_made_in_the_readers_language(world):
    notify(kind="journal.notice", recipients=[world.owner], at=NOON, dedupe="x", params={"title": "涨价"})
    told = Notification.objects.get()
    with translation.override("en"):
        assert told.text == "Notice: 涨价"
    with translation.override("zh-hans"):
        assert told.text == str(kinds.get("journal.notice").title) % {"title": "涨价"}


def test_instants_are_shown_in_local_time_and_missing_parameters_do_no_harm(world):
    assert kinds.text("test.important", {"customer": "甲", "due_at": "2026-11-25T10:00:00+00:00"}) == (
        "甲 is due at 2026-11-25 18:00"
    )
    assert kinds.text("test.important", {}) == "… is due at …"
    assert kinds.text("gone.kind", {}) == "gone.kind"


def test_a_code_belongs_to_one_kind():
    with pytest.raises(ValueError, match="twice"):
        kinds.register(kinds.Kind("test.plain", "something else"))


@pytest.mark.parametrize("number", ["13910020001", "139 1002 0001", "139-1002-0001", "0571-88889999", "li@example.com"])
def test_numbers_and_addresses_never_leave(number):
    assert number not in kinds.outside_text("test.plain", {"customer": f"李娜 {number}"})
    assert "2026-11-25 18:00" in kinds.outside_text("test.plain", {"customer": "2026-11-25 18:00"})


def test_important_kinds_are_mailed_and_others_are_not(world, mail_on):
    with_email(world.owner)
    tell(world, world.owner, world.nobody)
    tell(world, world.owner, kind="test.plain", dedupe="plain")
    assert outbox.plan(at=NOON) == 3
    assert [d.notification.kind for d in Delivery.objects.all()] == ["test.important"]
    assert outbox.plan(at=NOON) == 0


@pytest.mark.parametrize(
    ("choice", "mailed"),
    [("all", {"test.plain", "test.important"}), ("important", {"test.important"}), ("nothing", set())],
)
def test_each_person_chooses_what_is_mailed(world, mail_on, choice, mailed):
    with_email(world.owner)
    ChannelPreference.objects.create(person=world.owner, group="work", email=choice)
    ChannelPreference.objects.create(person=world.owner, group="news", email="all")
    tell(world, world.owner)
    tell(world, world.owner, kind="test.plain", dedupe="plain")
    outbox.plan(at=NOON)
    assert set(Delivery.objects.values_list("notification__kind", flat=True)) == mailed


def test_without_a_mail_server_nothing_is_queued(world):
    with_email(world.owner)
    tell(world, world.owner)
    outbox.plan(at=NOON)
    assert not Delivery.objects.exists()
    assert Notification.objects.get().pushed


def test_the_disabled_get_no_mail(world, mail_on):
    with_email(world.disabled)
    tell(world, world.disabled)
    outbox.plan(at=NOON)
    assert not Delivery.objects.exists()


def test_nothing_is_pushed_before_its_time_but_the_bell_shows_it(world, mail_on):
    with_email(world.owner)
    tell(world, world.owner, push_at=NOON + timedelta(hours=1))
    assert outbox.plan(at=NOON) == 0
    assert reading.unread_count(world.owner, at=NOON) == 1
    assert outbox.plan(at=NOON + timedelta(days=3)) == 1


def local(hour, minute=0, day=25):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("begin", "end", "at", "pushed_at"),
    [
        (time(22), time(7, 30), local(23), local(7, 30, day=26)),  # before midnight
        (time(22), time(7, 30), local(2), local(7, 30)),  # after it
        (time(22), time(7, 30), local(22), local(7, 30, day=26)),
        (time(22), time(7, 30), local(7, 30), None),
        (time(22), time(7, 30), local(12), None),
        (time(12), time(13), local(12, 30), local(13)),  # within a day
        (time(12), time(13), local(13), None),
        (time(22), time(7), local(23, day=30), datetime(2026, 12, 1, 7, tzinfo=SHANGHAI)),  # the month ends
    ],
)
def test_quiet_hours_move_the_push_to_their_end(world, mail_on, begin, end, at, pushed_at):
    with_email(world.owner)
    ChannelPreference.objects.create(person=world.owner, group="work", email="all")
    PushSettings.objects.create(person=world.owner, quiet_from=begin, quiet_until=end)
    tell(world, world.owner, kind="test.plain", at=at)
    assert outbox.plan(at=at) == (0 if pushed_at else 1)
    assert Notification.objects.get().push_at == (pushed_at or at)
    if pushed_at:
        assert outbox.plan(at=pushed_at - timedelta(seconds=1)) == 0
        assert outbox.plan(at=pushed_at) == 1


@pytest.mark.parametrize(("hold", "decided"), [(False, 1), (True, 0)])
def test_important_news_comes_through_quiet_hours_unless_held_back(world, mail_on, hold, decided):
    with_email(world.owner)
    PushSettings.objects.create(
        person=world.owner, quiet_from=time(22), quiet_until=time(7), hold_important=hold
    )  # fmt: skip
    tell(world, world.owner, at=local(23))
    assert outbox.plan(at=local(23)) == decided


def robot(unit=None, department=None, **fields):
    number = GroupRobot.objects.count()
    fields = {"kind": "wecom", "name": "群", "webhook": f"https://qyapi.weixin.qq.com/{number}"} | fields
    return GroupRobot.objects.create(branch=unit, department=department, **fields)


def test_a_group_gets_one_post_however_many_people_were_told(world):
    east, west = robot(world.east), robot(world.west)
    tell(world, world.owner, world.manager, world.clerk, kind="test.group", branch=world.east)
    outbox.plan(at=NOON)
    assert [(d.channel, d.robot) for d in Delivery.objects.all()] == [("robot", east)]
    tell(world, world.owner, kind="test.group", branch=world.east, at=NOON + timedelta(hours=1), dedupe="next")
    outbox.plan(at=NOON + timedelta(hours=1))
    assert Delivery.objects.filter(robot=east).count() == 2
    assert not Delivery.objects.filter(robot=west).exists()


def test_a_departments_group_hears_what_its_people_are_told(world):
    head = world.people["service_head"]
    group = robot(department=head.current_positions[0].department)
    tell(world, head, world.owner, kind="test.group", branch=world.west)
    outbox.plan(at=NOON)
    assert Delivery.objects.get().robot == group


def test_kinds_that_are_not_for_groups_and_idle_robots_post_nothing(world):
    robot(world.east, active=False)
    tell(world, world.owner, kind="test.group", branch=world.east)
    robot(world.east)
    tell(world, world.owner, kind="test.important", branch=world.east, dedupe="other")
    outbox.plan(at=NOON)
    assert Delivery.objects.filter(channel="robot").count() == 1  # the robot in use, the kind for groups


def test_the_mail_is_in_the_readers_language_and_leads_to_the_record(world, mail_on, settings):
    settings.SITE_URL = "https://crm.example"
    with_email(world.owner)
    PushSettings.objects.create(person=world.owner, language="en")
    tell(world, world.owner, subject=world.ours, url_name="customers:record")
    outbox.plan(at=NOON)
    assert delivery.deliver(EmailCourier(), now=lambda: NOON) == 1
    [message] = mail.outbox
    assert message.subject == f"{world.ours.name} is due at 2026-11-25 18:00"
    assert f"https://crm.example/customers/{world.ours.pk}/" in message.body
    assert "13910020001" not in message.body
    assert message.to == ["e003@keke.example"]
    assert Delivery.objects.get().state == "sent"


def test_one_hint_per_transaction(world, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(outbox.current_app, "send_task", lambda *args, **kwargs: sent.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            tell(world, world.owner, dedupe=f"event {number}")
    assert len(sent) == 1


def test_a_dead_broker_does_not_disturb_the_event(world, monkeypatch, django_capture_on_commit_callbacks):
    def down(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(outbox.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        tell(world, world.owner)
    assert Notification.objects.exists()


def test_planning_costs_the_same_for_one_and_for_three(world, mail_on, django_assert_num_queries):
    with_email(world.owner, world.manager, world.clerk)
    counts = []
    for people in ([world.owner], [world.owner, world.manager, world.clerk]):
        tell(world, *people, dedupe=len(people))
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        outbox.plan(at=NOON)
        connection.force_debug_cursor = False
        counts.append(len(connection.queries_log) - before)
    assert counts[0] == counts[1]


def away(person, deputy, first, last):
    day = NOON.astimezone(SHANGHAI).date()
    Absence.objects.create(
        person=person, deputy=deputy, starts_on=day + timedelta(first), ends_on=day + timedelta(last)
    )


@pytest.mark.parametrize(("first", "last", "told"), [(0, 0, True), (-3, 3, True), (1, 3, False), (-3, -1, False)])
def test_the_deputy_is_told_too_while_somebody_is_away(world, first, last, told):
    away(world.owner, world.colleague, first, last)
    tell(world, world.owner)
    tell(world, world.owner)
    assert Notification.objects.filter(person=world.colleague).count() == told
    assert Notification.objects.filter(person=world.owner).count() == 1


def test_a_deputy_who_is_told_anyway_is_not_told_twice_and_deputies_do_not_chain(world):
    away(world.owner, world.colleague, 0, 1)
    away(world.colleague, world.manager, 0, 1)
    tell(world, world.owner)
    assert not Notification.objects.filter(person=world.manager).exists()
    tell(world, world.owner, world.colleague, dedupe="both", at=NOON + timedelta(minutes=1))
    assert Notification.objects.filter(person=world.colleague).count() == 2


def test_the_sweep_tells_deputies_of_set_based_rows_too(world):
    away(world.owner, world.colleague, 0, 1)
    Notification.objects.create(
        person=world.owner, kind="test.plain", created_at=NOON, visible_at=NOON, push_at=NOON, dedupe_key="by hand"
    )
    outbox.plan(at=NOON)
    outbox.plan(at=NOON)
    assert Notification.objects.filter(person=world.colleague, pushed=True).count() == 1
