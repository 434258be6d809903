"""Units, their places and opening hours. Source: REC-03."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from staff import actions
from staff.models import Branch, District, OpeningPeriod
from staff.verbs import PositionCode
from tests.world import hire

NEW = reverse("staff:branch_new")
UNITS = reverse("staff:branches")


def entry(**changes):
    typed = {"name": "南城分店", "code": "south", "channel": "branch", "phone": "", "address": "", "closed_on": ""}
    return typed | {f"hours_{day}": "9-12, 13-18" if day < 5 else "" for day in range(7)} | changes


def of(unit, **changes):
    """The form of a unit as it stands, with some fields typed anew."""
    return entry(name=unit.name, code=unit.code, channel=unit.channel) | changes


def errors(response):
    assert response.status_code == 200
    return set(response.context["form"].errors)


def test_a_new_unit_has_its_hours(world, office):
    response = office.post(NEW, entry(), follow=True)
    unit = Branch.objects.get(code="south")
    assert unit.opening_periods.count() == 10
    assert "The unit 南城分店 was added." in response.content.decode()
    assert "Monday - Friday" in response.content.decode()


def test_a_unit_stands_in_a_district(world, office):
    district = District.objects.get(city="南京市", name="鼓楼区")
    office.post(NEW, entry(province="江苏省", city="南京市", district=district.pk, address="中山路 1 号"))
    assert Branch.objects.get(code="south").district == district


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "东城分店"}, "name"),
        ({"code": "east"}, "code"),
        ({"code": "南 城"}, "code"),
        ({"channel": "moon"}, "channel"),
        ({"channel": "ecommerce"}, "channel"),
        ({"hours_0": "9-12, 11-18"}, "hours_0"),
        ({"hours_6": "18-9"}, "hours_6"),
        ({"province": "江苏省", "city": "南京市"}, "district"),
        ({"closed_on": "soon"}, "closed_on"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(world, office, changes, wrong):
    before = Branch.objects.count()
    response = office.post(NEW, entry(**{"address": "长江路 9 号"} | changes))
    assert errors(response) == {wrong}
    assert "长江路 9 号" in response.content.decode()
    assert Branch.objects.count() == before


def test_a_district_of_another_city_is_refused_and_the_choice_stays(world, office):
    elsewhere = District.objects.get(city="杭州市", name="西湖区")
    response = office.post(NEW, entry(province="江苏省", city="南京市", district=elsewhere.pk))
    assert errors(response) == {"district"}
    assert '<option value="江苏省" selected>' in response.content.decode()


def test_sending_the_form_twice_adds_one_unit(world, office):
    office.post(NEW, entry())
    assert errors(office.post(NEW, entry())) & {"name", "code"}
    assert Branch.objects.filter(name="南城分店").count() == 1


def test_editing_changes_only_the_hours_that_differ(world, office):
    office.post(NEW, entry())
    unit = Branch.objects.get(code="south")
    monday = unit.opening_periods.get(weekday=0, opens=time(9)).pk
    office.post(reverse("staff:branch_edit", args=[unit.pk]), of(unit, hours_5="10-16", hours_4=""))
    assert unit.opening_periods.get(weekday=0, opens=time(9)).pk == monday
    assert unit.opening_periods.get(weekday=5).closes == time(16)
    assert not unit.opening_periods.filter(weekday=4).exists()


def test_a_closing_time_can_change_while_the_opening_time_stays(world, office):
    edit = reverse("staff:branch_edit", args=[world.east.pk])
    office.post(edit, of(world.east, hours_0="9-18"))
    office.post(edit, of(world.east, hours_0="9-19"))
    assert world.east.opening_periods.get(weekday=0).closes == time(19)


@pytest.mark.clause("SEC-05")
def test_saving_without_a_change_leaves_no_trace_in_history(world, office):
    edit = reverse("staff:branch_edit", args=[world.east.pk])
    office.post(edit, of(world.east))
    periods, units = OpeningPeriod.pgh_event_model.objects, Branch.pgh_event_model.objects
    before = periods.count(), units.count()
    office.post(edit, of(world.east))
    assert (periods.count(), units.count()) == before


@pytest.mark.clause("REC-03")
def test_the_channel_of_a_unit_with_customers_stays(world, office):
    response = office.post(
        reverse("staff:branch_edit", args=[world.east.pk]), of(world.east, channel="direct", name="改名")
    )
    assert errors(response) == {"channel"}
    world.east.refresh_from_db()
    assert (world.east.channel, world.east.name) == ("branch", "东城分店")
    assert response.context["unit"].name == "东城分店"


def test_the_channel_of_a_unit_without_customers_can_change(world, office):
    office.post(NEW, entry())
    unit = Branch.objects.get(code="south")
    office.post(reverse("staff:branch_edit", args=[unit.pk]), of(unit, channel="direct"))
    unit.refresh_from_db()
    assert unit.channel == "direct"


def test_a_unit_can_be_closed(world, office):
    today = timezone.localdate().isoformat()
    office.post(reverse("staff:branch_edit", args=[world.west.pk]), of(world.west, closed_on=today))
    assert f"closed on {today}" in office.get(UNITS).content.decode()


def test_the_page_of_a_unit_shows_who_works_there_and_nobody_else(world, office):
    page = office.get(reverse("staff:branch", args=[world.west.pk])).content.decode()
    assert "西湖店长" in page
    assert "同事" not in page


def test_a_new_form_offers_usual_hours(world, office):
    assert office.get(NEW).context["form"]["hours_0"].value() == "09:00-18:00"


def test_more_units_cost_no_more_queries(world, office):
    def queries(address):
        office.get(address)
        with CaptureQueriesContext(connection) as captured:
            office.get(address)
        return len(captured)

    world.west.areas.create(name="区").districts.add(world.west.district)
    place = reverse("staff:branch", args=[world.west.pk])
    before = queries(UNITS), queries(place)
    for number in range(3):
        branch = Branch.objects.create(code=f"n{number}", name=f"新{number}", district=world.east.district)
        hire(f"M{number}", f"新店长{number}", PositionCode.BRANCH_MANAGER, branch=branch)
        hire(f"R{number}", f"新代表{number}", PositionCode.SALES_REP, branch=world.west)
        world.west.areas.create(name=f"区{number}").districts.add(world.west.district)
    assert (queries(UNITS), queries(place)) == before


def test_without_units_the_list_says_what_to_do(db, sign_in):
    client = sign_in(hire("A001", "第一个管理员", PositionCode.ADMINISTRATOR))
    client.cookies["language"] = "en"
    page = client.get(UNITS).content.decode()
    assert "No units yet" in page
    assert NEW in page


def test_the_action_names_the_field_it_refuses(world):
    with pytest.raises(ValidationError) as refusal:
        actions.create_branch(code="east", name="x", channel="branch", hours=[()] * 7, by=world.administrator)
    assert set(refusal.value.message_dict) == {"code"}
