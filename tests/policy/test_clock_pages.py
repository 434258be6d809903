"""Clocks on pages: my clocks, a unit's, one with its waiver, the ring with its words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from policy import clocks
from policy.clocks.words import face, left
from policy.models import Clock
from staff.models import Absence

from .clocktime import at

LIST = reverse("policy:clocks")
pytestmark = pytest.mark.clause("GEN-01")


@pytest.fixture
def desk(world, sign_in):
    def _desk(person):
        client = sign_in(person)
        client.cookies["language"] = "en"
        return client

    return _desk


@pytest.fixture
def running(world):
    """`running("title", hours_ago=1, hours=24)` starts a clock of East's accountant, counted from now."""

    def _running(title, *, hours_ago=1, hours=24, **values):
        values = {"branch": world.east, "responsible": world.accountant, "url_name": "customers:record"} | values
        start = timezone.now() - timedelta(hours=hours_ago)
        return clocks.start(world.ours, "CMP-03", at=start, term=f"{hours}h", title=title, key=title, **values)

    return _running


def titles(answer):
    return [clock.title for clock, _url in answer.context["rows"]]


# Words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-24 17:52", "8 min left"),
        ("2026-11-24 17:59", "1 min left"),
        ("2026-11-24 18:00", "0 min left"),
        ("2026-11-24 17:01", "59 min left"),
        ("2026-11-24 17:00", "1 h left"),
        ("2026-11-24 12:01", "5 h left"),
        ("2026-11-24 12:00", "by 18:00 today"),
        ("2026-11-23 14:00", "by 18:00 tomorrow"),
        ("2026-11-22 14:00", "by 18:00 on 11-24"),
        ("2026-11-24 18:01", "1 min over"),
        ("2026-11-24 20:30", "2 h over"),
        ("2026-11-26 17:00", "47 h over"),
        ("2026-11-27 18:00", "3 d over"),
    ],
)
def test_the_time_left_in_words(now, words):
    with translation.override("en"):
        assert left(at("2026-11-24 18:00"), at(now)) == words


def test_the_look_changes_at_50_80_and_100_percent(clock_of):
    clock = clock_of("10h")  # 09:00 to 19:00
    looks = {"10:00": "calm", "13:59": "calm", "14:00": "half", "16:59": "half", "17:00": "soon", "19:00": "soon"}
    assert {moment: face(clock, at(f"2026-11-23 {moment}")).look for moment in looks} == looks
    over = face(clock, at("2026-11-23 19:01"))
    assert (over.look, over.share, over.counts) == ("breached", 100, True)


def test_what_has_ended_says_how_and_counts_no_longer(clock_of, world):
    met = face(clocks.meet(world.ours, "CMP-03", at=clock_of("10h").due_at), at("2026-12-01 09:00"))
    assert (met.look, met.counts, met.mark) == ("met", False, "check")
    clock_of("10h")
    late = face(clocks.meet(world.ours, "CMP-03", at=at("2026-11-25 09:00")), at("2026-12-01 09:00"))
    assert late.look == "late"


def test_the_ring_has_what_the_script_needs_and_no_style(clock_of):
    clock = clock_of("10h")
    drawn = Template("{% load clocks %}{% clock row %}").render(Context({"row": clock}))
    assert 'data-clock data-from="2026-11-23T09:00:00+08:00" data-due="2026-11-23T19:00:00+08:00"' in drawn
    assert "style=" not in drawn


# The list


def test_my_clocks_stand_by_due_time(desk, world, running):
    running("later", hours=30)
    running("sooner", hours=2)
    running("not mine", responsible=world.owner)
    answer = desk(world.accountant).get(LIST)
    assert titles(answer) == ["sooner", "later"]
    assert reverse("customers:record", args=[world.ours.pk]) in answer.content.decode()
    assert "whose" not in answer.context["form"].fields


def test_each_state_has_its_rows(desk, world, running):
    running("running")
    running("over", hours_ago=3, hours=2)
    running("met")
    running("late", hours_ago=3, hours=2)
    clocks.meet(world.ours, "CMP-03", key="met", at=timezone.now())
    clocks.meet(world.ours, "CMP-03", key="late", at=timezone.now())
    waived = running("waived")
    clocks.waive(waived, reason="测试", by=world.manager, at=timezone.now())
    clocks.tick(timezone.now())
    client = desk(world.accountant)
    wanted = {
        "": ["over", "running"], "running": ["running"], "breached": ["over"], "met": ["met"], "late": ["late"],
        "waived": ["waived"],
    }  # fmt: skip
    assert {state: titles(client.get(LIST, {"state": state})) for state in wanted} == wanted
    tabs = client.get(LIST).context["tabs"]
    assert [tab["count"] for tab in tabs] == [2, 1, 1, None, None, 1]


def test_a_manager_sees_the_unit_and_nothing_of_another(desk, world, running):
    running("ours")
    running("theirs", branch=world.west, responsible=world.stranger)
    client = desk(world.manager)
    assert titles(client.get(LIST)) == []
    assert titles(client.get(LIST, {"whose": "unit"})) == ["ours"]
    assert set(titles(desk(world.people["service_head"]).get(LIST, {"whose": "unit"}))) == {"ours", "theirs"}
    assert titles(desk(world.stranger).get(LIST, {"whose": "unit"})) == ["theirs"]  # passed over: only one's own


def test_a_deputy_sees_the_clocks_of_who_is_away(desk, world, running):
    clock = running("ours")
    today = timezone.localdate()
    Absence.objects.create(person=world.accountant, deputy=world.colleague, starts_on=today, ends_on=today)
    assert titles(desk(world.colleague).get(LIST)) == ["ours"]
    assert desk(world.colleague).get(reverse("policy:clock", args=[clock.pk])).status_code == 200
    Absence.objects.update(starts_on=today - timedelta(days=2), ends_on=today - timedelta(days=1))
    assert titles(desk(world.colleague).get(LIST)) == []


def test_unknown_choices_are_passed_over(desk, world, running):
    running("one")
    answer = desk(world.accountant).get(LIST, {"state": "<script>", "whose": "x", "after": "9" * 30, "before": "-1"})
    assert titles(answer) == ["one"]


def test_nothing_to_do_says_so(desk, world):
    assert "Nothing is running out" in desk(world.accountant).get(LIST).content.decode()
    assert "No clock in this state" in desk(world.accountant).get(LIST, {"state": "waived"}).content.decode()


def test_the_list_pages_and_costs_the_same(desk, world, running):
    running("first")
    client = desk(world.accountant)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(60):
        running(f"{number:02}")
    with CaptureQueriesContext(connection) as many:
        answer = client.get(LIST)
    asked = [sum("policy_clock" in query["sql"] for query in queries) for queries in (few, many)]
    assert asked[0] == asked[1] <= 7
    assert len(titles(answer)) == 50
    assert len(titles(client.get(answer.context["next_url"] and LIST + answer.context["next_url"]))) == 11


def test_the_top_bar_counts_what_runs(desk, world, running):
    running("one")
    running("over", hours_ago=3, hours=2)
    clocks.tick(timezone.now())
    page = desk(world.accountant).get(LIST).content.decode()
    assert "My clocks: 2 running, 1 over time" in page
    assert 'data-over_minutes="%(n)s min over"' in page


# One clock


def test_one_clock_tells_its_story(desk, world, running):
    clock = running("over", hours_ago=3, hours=2)
    clocks.tick(timezone.now())
    page = desk(world.accountant).get(reverse("policy:clock", args=[clock.pk])).content.decode()
    assert "2 hours from" in page
    assert "Not done in time" in page
    assert "Waive this clock" not in page


def test_a_due_time_in_a_year_not_confirmed_says_so(desk, world):
    def page(term, start="2026-12-30 10:00"):
        row = clocks.start(
            world.ours, "CMP-03", at=at(start), term=term, title="跨年", key=term + start, branch=world.east,
            responsible=world.accountant,
        )  # fmt: skip
        return desk(world.accountant).get(reverse("policy:clock", args=[row.pk])).content.decode()

    assert "May still move: the calendar of 2027 is not confirmed" in page("3workdays")
    assert "May still move" not in page("72h")
    assert "May still move" not in page("3workdays", start="2026-12-01 10:00")


@pytest.mark.clause("SEC-01")
def test_a_clock_of_others_does_not_exist(desk, world, running):
    clock = running("ours")
    page, waive = reverse("policy:clock", args=[clock.pk]), reverse("policy:clock_waive", args=[clock.pk])
    for person in (world.west_manager, world.stranger, world.owner, world.nobody):
        assert desk(person).get(page).status_code == 404
    assert desk(world.west_manager).post(waive, {"reason": "x"}).status_code == 404
    assert desk(world.accountant).post(waive, {"reason": "x"}).status_code == 403
    assert Clock.objects.get(pk=clock.pk).waived_at is None


def test_a_manager_waives_with_a_reason(desk, world, running):
    clock = running("over", hours_ago=3, hours=2)
    clocks.tick(timezone.now())
    client, waive = desk(world.manager), reverse("policy:clock_waive", args=[clock.pk])
    assert "Waive this clock" in client.get(reverse("policy:clock", args=[clock.pk])).content.decode()
    for bad in ("", " ", "x" * 201):
        assert "reason" in client.post(waive, {"reason": bad}).context["form"].errors
    page = client.post(waive, {"reason": "系统停机"}, follow=True).content.decode()
    assert "系统停机" in page
    assert "Waive this clock" not in page
    assert Clock.objects.get(pk=clock.pk).breached_at


def test_nobody_waives_their_own(desk, world, running):
    clock = running("own", responsible=world.manager)
    answer = desk(world.manager).post(reverse("policy:clock_waive", args=[clock.pk]), {"reason": "x"})
    assert answer.status_code == 200
    assert Clock.objects.get(pk=clock.pk).waived_at is None


def test_the_history_of_a_clock_is_shown_to_whom_it_concerns(desk, world, running):
    clock = running("ours")
    url = reverse("journal:timeline", args=["policy.clock", clock.pk])
    assert desk(world.accountant).get(url).status_code == 200
    assert desk(world.stranger).get(url).status_code == 404
