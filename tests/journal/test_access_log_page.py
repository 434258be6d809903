"""Administrators read who did what."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal import actions
from journal.exporters import ACCESS_LOG
from journal.models import AccessLog
from staff import searches

PAGE = reverse("journal:access_log")
DAY = datetime(2026, 11, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.clause("SEC-06", "SEC-05")


@pytest.fixture
def office(world, sign_in):
    return sign_in(world.administrator)


def rows(client, **chosen):
    choices = {"since": "2026-11-01", "until": "2026-11-20"} | chosen
    return client.post(PAGE, choices, follow=True).context["rows"]


@pytest.fixture
def acts(world):
    actions.record("sign_in", at=DAY, by=world.owner)
    actions.record("reveal", at=DAY + timedelta(days=1), by=world.owner, subjects=[world.ours, world.theirs])
    actions.record("export", at=DAY + timedelta(days=2), by=world.clerk, detail={"purpose": "月报"})
    actions.record("sign_in_refused", at=DAY + timedelta(days=3))


def test_everything_newest_first_with_names(world, office, acts):
    found = rows(office)
    assert [row.action for row in found] == ["sign_in_refused", "export", "reveal", "reveal", "sign_in"]
    shown = office.get(PAGE, {"since": "2026-11-01", "until": "2026-11-20"}).content.decode()
    assert world.ours.name in shown
    assert "月报" in shown


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"way": "one-time link"}, "by a one-time link"),
        ({"way": "second step: recovery"}, "with a recovery code"),
        ({"staff_number": "second"}, "typed: second"),
        ({"ended": 2}, "ended: 2"),
        ({"purpose": "月报"}, "for: 月报"),
        ({"else": ["月报"]}, "else: "),
    ],
)
def test_details_stand_there_in_words(world, office, detail, said):
    actions.record("sign_in", at=DAY, by=world.owner, detail=detail)
    office.cookies["language"] = "en"
    assert said in office.get(PAGE, {"since": "2026-11-01", "until": "2026-11-20"}).content.decode()


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ({"q": "E003"}, 3),
        ({"q": "e003"}, 3),
        ({"q": "nobody like that"}, 0),
        ({"action": "reveal"}, 2),
        ({"action": "king"}, 5),
        ({"since": "2026-11-12"}, 2),
        ({"until": "2026-11-10"}, 1),
        ({"since": "2026-11-10", "until": "2026-11-10"}, 1),
        ({"since": "soon"}, 5),
        ({"q": "E003", "action": "reveal", "until": "2026-11-10"}, 0),
    ],
)
def test_the_choices_narrow(world, office, acts, chosen, count):
    assert len(rows(office, **chosen)) == count


def test_a_name_searched_for_stands_in_no_address(world, office, acts):
    answer = office.post(PAGE, {"q": world.owner.name, "action": "reveal"})
    assert re.fullmatch(r"/journal/access-log/\?q=[0-9a-f]{20}&action=reveal", answer.url)
    fragment = office.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert world.theirs.name in fragment
    assert "<html" not in fragment


def test_a_file_of_the_log_holds_what_was_searched_for(world, office, acts):
    key = searches.keep(world.administrator, "E003")
    assert ACCESS_LOG.keep(world.administrator, QueryDict(f"q={key}&action=reveal")) == {
        "q": "E003",
        "action": "reveal",
    }


def test_a_record_that_is_gone_leaves_its_number(world, office):
    AccessLog.objects.create(action="reveal", at=DAY, subject_type="customers.customer", subject_id=999999)
    AccessLog.objects.create(action="reveal", at=DAY, subject_type="gone.model", subject_id=5)
    shown = office.get(PAGE, {"since": "2026-11-01", "until": "2026-11-20"}).content.decode()
    assert "#999999" in shown
    assert "gone.model 5" in shown


def test_pages_follow_each_other_without_gap(world, office):
    AccessLog.objects.bulk_create(AccessLog(action="sign_in", at=DAY, person=world.owner) for _n in range(120))
    seen, address = [], f"{PAGE}?until=2026-11-20"
    while True:
        context = office.get(address).context
        seen += [row.pk for row in context["rows"]]
        if not context["next_url"]:
            break
        address = PAGE + context["next_url"]
    assert len(seen) == len(set(seen)) == 120


def test_nobody_else_reads_it(world, sign_in):
    for who in (world.manager, world.people["service_head"], world.people["executive"], world.nobody):
        assert sign_in(who).get(PAGE).status_code == 403


def test_one_and_three_cost_the_same(world, office):
    actions.record("reveal", at=DAY, by=world.owner, subjects=[world.ours])
    rows(office)
    with CaptureQueriesContext(connection) as one:
        rows(office)
    actions.record("reveal", at=DAY, by=world.clerk, subjects=[world.ours, world.theirs])
    with CaptureQueriesContext(connection) as three:
        rows(office)
    assert len(one) == len(three)
