"""Departments and their heads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff.models import Department
from staff.verbs import PositionCode

LIST, NEW = reverse("staff:departments"), reverse("staff:department_new")


@pytest.fixture
def finance(world):
    return Department.objects.get(code="finance")


def edit(department, **changes):
    address = reverse("staff:department_edit", args=[department.pk])
    return address, {"name": department.name, "code": department.code, "head": ""} | changes


def test_a_head_is_chosen_among_the_people_of_the_department(world, office, finance):
    accountant, outsider = world.people[PositionCode.FINANCE], world.manager
    assert set(office.post(*edit(finance, head=outsider.pk)).context["form"].errors) == {"head"}
    office.post(*edit(finance, head=accountant.pk))
    finance.refresh_from_db()
    assert finance.head == accountant
    assert accountant.name in office.get(LIST).content.decode()


def test_the_present_head_stays_on_offer_after_the_position_ended(world, office, finance):
    finance.head = world.nobody
    finance.save()
    office.post(*edit(finance, head=world.nobody.pk, name="财务中心"))
    finance.refresh_from_db()
    assert (finance.head, finance.name) == (world.nobody, "财务中心")


def test_a_department_can_be_added_once(world, office):
    office.post(NEW, {"name": "法务部", "code": "legal"})
    response = office.post(NEW, {"name": "法务部", "code": "legal"})
    assert set(response.context["form"].errors) == {"code"}
    assert Department.objects.filter(name="法务部").count() == 1


def test_a_taken_code_is_refused_and_the_record_stays(world, office, finance):
    response = office.post(*edit(finance, code="marketing", name="改名"))
    assert set(response.context["form"].errors) == {"code"}
    assert response.context["department"].name == "财务部"
    finance.refresh_from_db()
    assert finance.name == "财务部"


def test_more_departments_cost_no_more_queries(world, office):
    def queries():
        office.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            office.get(LIST)
        return len(captured)

    before = queries()
    for number in range(3):
        Department.objects.create(code=f"d{number}", name=f"部{number}", head=world.manager)
    assert queries() == before
