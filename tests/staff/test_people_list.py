"""The list of people."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from staff import searches
from staff.verbs import PositionCode
from tests.world import hire

PEOPLE = reverse("staff:people")


def find(client, **choices):
    """Choices with a text to search for are posted; the answer leads to the list."""
    return client.post(PEOPLE, choices, follow=True)


def names(response):
    return [person.name for person in response.context["rows"]]


def test_active_people_stand_in_the_list_by_staff_number(world, office):
    found = names(office.get(PEOPLE))
    assert found[:2] == [world.clerk.name, world.accountant.name]
    assert "无岗" in found
    assert "离职" not in found


def test_people_are_found_by_part_of_the_name(world, office):
    assert names(find(office, q="湖会")) == ["西湖会计"]


def test_people_are_found_by_staff_number_in_any_case(world, office):
    assert names(find(office, q="w00")) == ["西湖会计", "西湖店长"]


@pytest.mark.clause("SEC-06")
def test_the_text_searched_for_stands_in_no_address(world, office):
    answer = office.post(PEOPLE, {"q": "湖会", "state": "all", "unit": world.west.pk, "somebody": "张三"})
    chosen = parse_qs(urlsplit(answer.url).query)
    [key] = chosen.pop("q")
    assert re.fullmatch("[0-9a-f]{20}", key)
    assert chosen == {"state": ["all"], "unit": [str(world.west.pk)]}
    shown = office.get(answer.url)
    assert names(shown) == ["西湖会计"]
    assert 'value="湖会"' in shown.content.decode()
    assert "q=" + key in shown.content.decode(), "the export button asks for the same rows"


@pytest.mark.clause("SEC-06")
def test_the_id_of_a_search_is_only_its_writers(world, office, sign_in):
    other = hire("B003", "另管", PositionCode.ADMINISTRATOR)
    key = searches.keep(other, "湖会")
    page = office.get(PEOPLE, {"q": key})
    assert len(names(page)) > 1
    assert "This search has expired" in page.content.decode()


def test_people_are_filtered_by_position_and_unit_together(world, office):
    found = names(office.get(PEOPLE, {"position": PositionCode.SALES_REP, "unit": world.east.pk}))
    assert found == [world.owner.name, "同事"]
    assert names(office.get(PEOPLE, {"position": PositionCode.SALES_REP, "unit": world.west.pk})) == []


def test_position_and_unit_must_be_those_of_one_position(world, office):
    """A clerk in the east who is an accountant in the west is no accountant of the east."""
    both = hire("B001", "两岗", PositionCode.CLERK, branch=world.east)
    both.positions.create(code=PositionCode.ACCOUNTANT, branch=world.west, starts_on=timezone.localdate())
    assert "两岗" not in names(office.get(PEOPLE, {"position": PositionCode.ACCOUNTANT, "unit": world.east.pk}))
    assert "两岗" in names(office.get(PEOPLE, {"position": PositionCode.ACCOUNTANT, "unit": world.west.pk}))


def test_people_without_a_position_today_are_found(world, office):
    yesterday = timezone.localdate() - timedelta(days=1)
    hire("B002", "昨天", PositionCode.CLERK, branch=world.east, until=yesterday)
    assert names(office.get(PEOPLE, {"state": "nowhere"})) == ["昨天", "无岗"]


def test_disabled_accounts_are_found_only_when_asked_for(world, office):
    assert names(office.get(PEOPLE, {"state": "disabled"})) == ["离职"]
    assert "离职" in names(office.get(PEOPLE, {"state": "all"}))


def test_the_list_can_be_sorted_by_name(world, office):
    found = names(office.get(PEOPLE, {"sort": "name"}))
    assert found == sorted(found)


def test_pages_follow_one_another_without_gap_or_repeat(world, office):
    for number in range(60):
        hire(f"P{number:03}", f"新人{number}")
    first = find(office, q="新人")
    second = office.get(PEOPLE + first.context["next_url"])
    assert len(names(first)) == 50
    assert sorted(names(first) + names(second)) == sorted(f"新人{number}" for number in range(60))
    assert names(office.get(PEOPLE + second.context["previous_url"])) == names(first)


@pytest.mark.parametrize(
    "query",
    ["unit=x", "unit=999999999999999999999", "position=king", "state=?", "after=x", "after=0", "sort=x", "q=%00"],
)
def test_nonsense_in_the_address_is_passed_over(world, office, query):
    assert office.get(f"{PEOPLE}?{query}").status_code == 200


def test_nobody_fits_says_so_and_offers_everybody(world, office):
    page = find(office, q="不存在").content.decode()
    assert "Nobody fits these choices" in page
    assert "?state=all" in page


def test_more_people_cost_no_more_queries(world, office):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            find(office, q="新人")
        return len(captured)

    hire("P001", "新人1", PositionCode.CLERK, branch=world.east)
    queries()
    one = queries()
    for number in (2, 3):
        hire(f"P00{number}", f"新人{number}", PositionCode.SALES_REP, branch=world.west)
    assert queries() == one
