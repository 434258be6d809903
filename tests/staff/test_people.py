"""Adding and changing people."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from staff import actions
from staff.models import Person
from staff.verbs import PositionCode
from tests.world import hire

NEW = reverse("staff:person_new")


def entry(unit, **changes):
    today = timezone.localdate().isoformat()
    typed = {"staff_number": "K900", "name": "新来的", "email": "", "phone": "", "code": PositionCode.CLERK,
             "place": unit, "area": "", "starts_on": today, "ends_on": ""}  # fmt: skip
    return typed | changes


def errors(response):
    assert response.status_code == 200
    return set(response.context["form"].errors)


@pytest.mark.clause("SEC-01", "SEC-02")
def test_a_new_person_has_a_position_and_no_password_and_gets_a_link(world, office):
    response = office.post(NEW, entry(f"unit-{world.east.pk}"), follow=True)
    person = Person.objects.get(staff_number="K900")
    assert not person.has_usable_password()
    assert [(p.code, p.branch) for p in person.current_positions] == [(PositionCode.CLERK, world.east)]
    assert response.redirect_chain[-1][0] == reverse("staff:person_link", args=[person.pk])
    assert "/welcome/" in response.context["link"]
    assert "新来的" in response.content.decode()


def test_headquarters_positions_are_held_in_departments(world, office):
    department = world.administrator.current_positions[0].department
    office.post(NEW, entry(f"department-{department.pk}", code=PositionCode.INSPECTOR))
    assert Person.objects.get(staff_number="K900").current_positions[0].department == department


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"staff_number": ""}, "staff_number"),
        ({"staff_number": "工号 1"}, "staff_number"),
        ({"staff_number": "E001"}, "staff_number"),
        ({"staff_number": "e001"}, "staff_number"),
        ({"name": ""}, "name"),
        ({"name": "长" * 51}, "name"),
        ({"email": "nobody"}, "email"),
        ({"code": "king"}, "code"),
        ({"place": ""}, "place"),
        ({"code": PositionCode.INSPECTOR}, "place"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(world, office, changes, wrong):
    before = Person.objects.count()
    response = office.post(NEW, entry(f"unit-{world.east.pk}", phone="025-8888", **changes))
    assert errors(response) == {wrong}
    page = response.content.decode()
    assert "025-8888" in page
    assert "data-error-summary" in page
    assert Person.objects.count() == before


def test_a_taken_staff_number_names_its_owner(world, office):
    page = office.post(NEW, entry(f"unit-{world.east.pk}", staff_number="w001")).content.decode()
    assert "西湖会计 has this staff number already." in page


def test_sending_the_form_twice_adds_one_person(world, office):
    form = entry(f"unit-{world.east.pk}")
    office.post(NEW, form)
    assert errors(office.post(NEW, form)) == {"staff_number"}
    assert Person.objects.filter(name="新来的").count() == 1


def test_an_area_is_for_sales_representatives_of_the_same_unit(world, office):
    area = str(world.east.areas.get().pk)
    east, west = f"unit-{world.east.pk}", f"unit-{world.west.pk}"
    assert errors(office.post(NEW, entry(east, area=area))) == {"area"}
    assert errors(office.post(NEW, entry(west, area=area, code=PositionCode.SALES_REP))) == {"area"}
    office.post(NEW, entry(east, area=area, code=PositionCode.SALES_REP))
    assert Person.objects.get(staff_number="K900").current_positions[0].area.branch == world.east


def test_closed_units_take_no_new_people(world, office):
    world.west.closed_on = timezone.localdate()
    world.west.save()
    assert errors(office.post(NEW, entry(f"unit-{world.west.pk}"))) == {"place"}


def test_a_refused_position_leaves_no_person_behind(world):
    position = {"code": PositionCode.CLERK, "branch": None, "starts_on": timezone.localdate()}
    before = Person.objects.count()
    with pytest.raises(Exception, match="position_in_unit_or_department"):
        actions.create_person(staff_number="K901", name="半个", position=position, by=world.administrator)
    assert Person.objects.count() == before


def test_a_person_can_be_edited(world, office):
    address = reverse("staff:person_edit", args=[world.stranger.pk])
    fields = {"staff_number": "W009", "name": "西湖张会计", "email": "z@example.cn", "phone": "13900000000"}
    response = office.post(address, fields, follow=True)
    world.stranger.refresh_from_db()
    assert {name: getattr(world.stranger, name) for name in fields} == fields
    assert "西湖张会计 (W009) was saved." in response.content.decode()


def test_editing_keeps_password_and_positions(world, office):
    before = world.stranger.password
    fields = {"staff_number": "w001", "name": "西湖会计", "email": "", "phone": ""}
    office.post(reverse("staff:person_edit", args=[world.stranger.pk]), fields)
    world.stranger.refresh_from_db()
    assert (world.stranger.password, world.stranger.staff_number) == (before, "w001")
    assert world.stranger.positions.count() == 1


def test_editing_into_a_taken_number_is_refused_and_the_heading_keeps_the_stored_name(world, office):
    address = reverse("staff:person_edit", args=[world.stranger.pk])
    response = office.post(address, {"staff_number": "E001", "name": "改名", "email": "", "phone": ""})
    assert errors(response) == {"staff_number"}
    assert response.context["somebody"].name == "西湖会计"


def test_the_history_says_who_changed_a_person(world, office):
    address = reverse("staff:person_edit", args=[world.stranger.pk])
    office.post(address, {"staff_number": "W001", "name": "改名", "email": "", "phone": ""})
    event = Person.pgh_event_model.objects.filter(pgh_obj=world.stranger.pk).latest("pgh_id")
    assert (event.name, event.pgh_context["person"]) == ("改名", world.administrator.pk)
    assert event.pgh_context["position"] == PositionCode.ADMINISTRATOR


def test_outside_of_requests_history_knows_who_too(world):
    actions.edit_person(world.stranger, staff_number="W001", name="改名", by=world.manager)
    event = Person.pgh_event_model.objects.filter(pgh_obj=world.stranger.pk).latest("pgh_id")
    assert event.pgh_context["person"] == world.manager.pk


def test_the_page_of_a_person_shows_present_future_and_past_positions(world, office):
    today = timezone.localdate()
    hire("B001", "将来", PositionCode.CLERK, branch=world.east, since=today.replace(year=today.year + 1))
    person = Person.objects.get(staff_number="B001")
    person.positions.create(code=PositionCode.CLERK, branch=world.west, starts_on="2020-01-01", ends_on="2020-12-31")
    page = office.get(reverse("staff:person", args=[person.pk]))
    assert [len(page.context[state]) for state in ("current", "future", "past")] == [0, 1, 1]
    assert "sees nothing after signing in" in page.content.decode()


def test_a_person_who_does_not_exist_is_not_found(world, office):
    for name in ("person", "person_edit", "person_link", "position_new"):
        assert office.get(reverse(f"staff:{name}", args=[10**9])).status_code == 404


def test_an_action_refused_says_which_field(world):
    with pytest.raises(ValidationError) as refusal:
        actions.edit_person(world.owner, staff_number="W001", name="x", by=world.administrator)
    assert set(refusal.value.message_dict) == {"staff_number"}
