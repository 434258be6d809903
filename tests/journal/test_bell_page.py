"""The bell, the list, opening, and how one wants to be told."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from journal.actions import notify
from journal.models import ChannelPreference, Notification, PushSettings

LIST = reverse("journal:notifications")
READ = reverse("journal:notifications_read")
PUSH = reverse("journal:push_settings")
pytestmark = pytest.mark.clause("GEN-02")


def tell(world, person, number=1, **more):
    at = more.pop("at", timezone.now() - timedelta(minutes=1))
    params = {"customer": f"客户{number}"}
    notify(kind="test.plain", recipients=[person], at=at, dedupe=f"event {number}", params=params, **more)
    return Notification.objects.get(person=person, dedupe_key=f"event {number}:{person.pk}")


def bulk(person, count):
    at = timezone.now() - timedelta(hours=1)
    Notification.objects.bulk_create(
        Notification(person=person, kind="test.plain", params={"customer": f"客户{n}"}, created_at=at, visible_at=at,
                     push_at=at, dedupe_key=f"bulk {person.pk} {n}")
        for n in range(count)
    )  # fmt: skip


def test_the_bell_counts_ones_own_unread_up_to_99(world, sign_in):
    client = sign_in(world.owner)
    assert "bell-count" not in client.get(reverse("journal:bell")).content.decode()
    bulk(world.owner, 99)
    bulk(world.manager, 7)
    assert ">99<" in client.get(reverse("journal:bell")).content.decode()
    tell(world, world.owner)
    assert ">99+<" in client.get(reverse("journal:bell")).content.decode()
    cache.clear()  # the frame keeps its numbers for a moment
    assert ">99+<" in client.get(reverse("home")).content.decode()


def test_the_bell_shows_nothing_before_its_time(world, sign_in):
    tell(world, world.owner, visible_at=timezone.now() + timedelta(hours=1))
    client = sign_in(world.owner)
    assert "bell-count" not in client.get(reverse("journal:bell")).content.decode()
    assert "客户1" not in client.get(LIST).content.decode()


def test_opening_reads_and_leads_to_the_record(world, sign_in):
    told = tell(world, world.owner, subject=world.ours, url_name="customers:record")
    client = sign_in(world.owner)
    answer = client.post(reverse("journal:notification_open", args=[told.pk]))
    assert answer.url == reverse("customers:record", args=[world.ours.pk])
    told.refresh_from_db()
    first = told.read_at
    assert first
    client.post(reverse("journal:notification_open", args=[told.pk]))
    told.refresh_from_db()
    assert told.read_at == first


@pytest.mark.parametrize("more", [{}, {"url_name": "gone:page"}, {"url_name": "customers:record"}])
def test_what_leads_nowhere_stays_on_the_list(world, sign_in, more):
    told = tell(world, world.owner, **more)
    assert sign_in(world.owner).post(reverse("journal:notification_open", args=[told.pk])).url == LIST


def test_nobody_opens_what_is_told_to_somebody_else(world, sign_in):
    told = tell(world, world.owner)
    assert sign_in(world.manager).post(reverse("journal:notification_open", args=[told.pk])).status_code == 404
    assert sign_in(world.owner).get(reverse("journal:notification_open", args=[told.pk])).status_code == 405
    told.refresh_from_db()
    assert told.read_at is None


def test_all_read_leaves_what_came_after_the_page(world, sign_in):
    first, second = tell(world, world.owner, 1), tell(world, world.owner, 2)
    other = tell(world, world.manager, 3)
    client = sign_in(world.owner)
    client.post(READ, {"newest": first.pk})
    assert set(Notification.objects.unread()) == {second, other}
    client.post(READ, {"newest": "x" * 30})
    assert set(Notification.objects.unread()) == {other}


def test_the_list_is_filtered_and_paged(world, sign_in):
    bulk(world.owner, 60)
    Notification.objects.filter(dedupe_key__endswith=" 0").update(read_at=timezone.now())
    client = sign_in(world.owner)
    first = client.get(LIST)
    assert len(first.context["rows"]) == 50
    second = client.get(LIST + first.context["next_url"])
    assert len(second.context["rows"]) == 10
    assert not set(first.context["rows"]) & set(second.context["rows"])
    assert client.get(LIST + second.context["previous_url"]).context["rows"] == first.context["rows"]
    assert len(client.get(LIST, {"state": "unread"}).context["rows"]) == 50
    assert not client.get(LIST, {"group": "news"}).context["rows"]
    assert len(client.get(LIST, {"group": "king", "after": "x"}).context["rows"]) == 50
    assert b"<html" not in client.get(LIST, headers={"HX-Request": "true"}).content


def test_one_and_three_cost_the_same(world, sign_in):
    client = sign_in(world.owner)
    tell(world, world.owner, 1)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    tell(world, world.owner, 2)
    tell(world, world.owner, 3)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(one) == len(three)


CHOICES = {
    "language": "en", "quiet_from": "22:00", "quiet_until": "07:30", "email_work": "all", "email_news": "nothing",
    "email_system": "important",
}  # fmt: skip


def test_each_person_says_how_to_be_told(world, sign_in):
    client = sign_in(world.owner)
    for _twice in range(2):
        assert client.post(PUSH, CHOICES).status_code == 302
    mine = PushSettings.objects.get()
    assert (mine.person, mine.language, mine.quiet_from.hour, mine.hold_important) == (world.owner, "en", 22, False)
    assert dict(ChannelPreference.objects.values_list("group", "email")) == {
        "work": "all", "news": "nothing", "system": "important",
    }  # fmt: skip
    shown = client.get(PUSH).content.decode()
    assert 'value="22:00"' in shown


@pytest.mark.parametrize(
    "changes",
    [{"quiet_until": ""}, {"quiet_from": "07:30"}, {"quiet_from": "25:00"}, {"email_work": "x"}, {"language": "xx"}],
)
def test_what_makes_no_sense_is_refused_beside_the_field(world, sign_in, changes):
    answer = sign_in(world.owner).post(PUSH, CHOICES | changes)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not PushSettings.objects.exists()
