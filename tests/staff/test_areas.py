"""Areas: the districts that a branch gives to a sales representative. Source: SEC-01."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from customers.models import Customer
from staff import actions
from staff.models import Area, District, Person


@pytest.fixture
def area(world):
    return world.east.areas.get()


def district(name, city="市辖区", province="北京市"):
    return District.objects.get(province=province, city=city, name=name)


def edit(area):
    return reverse("staff:area_edit", args=[area.pk])


def ticked(response):
    return response.content.decode().count(" checked")


def test_an_area_is_made_of_districts_of_any_city(world, office):
    chosen = [district("海淀区"), district("鼓楼区", "南京市", "江苏省")]
    response = office.post(
        reverse("staff:area_new", args=[world.east.pk]),
        {"name": "远郊", "province": "江苏省", "city": "南京市", "districts": [row.pk for row in chosen]},
        follow=True,
    )
    assert set(Area.objects.get(name="远郊").districts.all()) == set(chosen)
    assert "The area 远郊 was saved." in response.content.decode()


@pytest.mark.clause("SEC-01")
def test_a_new_district_opens_its_customers_to_the_representative_at_once(world, office, area):
    theirs = world.customer("海淀图文有限公司", phone="13910020009", district=district("海淀区"))
    rep = Person.objects.get(pk=world.owner.pk)
    assert not Customer.objects.visible_to(rep).filter(pk=theirs.pk).exists()
    office.post(edit(area), {"name": "朝阳", "districts": [*area.district_ids, district("海淀区").pk]})
    rep = Person.objects.get(pk=world.owner.pk)
    assert Customer.objects.visible_to(rep).filter(pk=theirs.pk).exists()


def test_a_district_has_one_area_in_a_branch(world, office, area):
    response = office.post(
        reverse("staff:area_new", args=[world.east.pk]), {"name": "又一个", "districts": area.district_ids}
    )
    assert set(response.context["form"].errors) == {"districts"}
    assert "朝阳区: belongs to the area 朝阳. Take it out there first." in response.content.decode()
    assert not Area.objects.filter(name="又一个").exists()


def test_another_branch_may_have_the_same_district(world, office, area):
    office.post(reverse("staff:area_new", args=[world.west.pk]), {"name": "朝阳", "districts": area.district_ids})
    assert world.west.areas.get().district_ids == area.district_ids


def test_a_name_stands_once_in_a_branch(world, office, area):
    response = office.post(reverse("staff:area_new", args=[world.east.pk]), {"name": "朝阳"})
    assert set(response.context["form"].errors) == {"name"}
    assert world.east.areas.count() == 1


def test_sending_an_edit_twice_changes_nothing_more(world, office, area):
    for _time in range(2):
        office.post(edit(area), {"name": "朝阳", "districts": [district("海淀区").pk]})
    assert [row.name for row in area.districts.all()] == ["海淀区"]


def test_an_area_may_be_emptied(world, office, area):
    office.post(edit(area), {"name": "朝阳"})
    assert area.districts.count() == 0
    assert "no districts" in office.get(reverse("staff:branch", args=[world.east.pk])).content.decode()


def test_the_form_opens_in_the_city_of_the_branch(world, office):
    page = office.get(reverse("staff:area_new", args=[world.west.pk])).content.decode()
    assert "浙江省杭州市" in page
    assert "拱墅区" in page


def test_choosing_another_city_keeps_what_was_ticked(world, office, area):
    response = office.get(
        edit(area),
        {"province": "江苏省", "city": "南京市", "districts": [district("海淀区").pk, district("东城区").pk]},
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert "<html" not in page
    assert ticked(response) == 2
    assert "玄武区" in page


def test_districts_of_another_area_are_named_and_cannot_be_ticked(world, office, area):
    page = office.get(reverse("staff:area_new", args=[world.east.pk])).content.decode()
    assert f'value="{area.district_ids[0]}" disabled' in page
    assert "in 朝阳" in page


def test_an_error_keeps_the_ticks(world, office, area):
    response = office.post(edit(area), {"name": "", "districts": [district("海淀区").pk, district("东城区").pk]})
    assert set(response.context["form"].errors) == {"name"}
    assert ticked(response) == 2


@pytest.mark.parametrize("nonsense", ["x", "999999999"])
def test_a_district_that_does_not_exist_is_refused(world, office, area, nonsense):
    response = office.post(edit(area), {"name": "朝阳", "districts": [nonsense]})
    assert set(response.context["form"].errors) == {"districts"}


@pytest.mark.clause("SEC-05")
def test_history_knows_which_districts_came_and_went(world, office, area):
    from staff.models.places import AreaDistrict

    office.post(edit(area), {"name": "朝阳", "districts": [district("海淀区").pk]})
    events = AreaDistrict.pgh_event_model.objects.filter(area=area.pk).order_by("pgh_id")
    assert sorted(event.pgh_label for event in events) == ["delete", "insert", "insert"]
    assert {event.pgh_context and event.pgh_context["person"] for event in list(events)[1:]} == {world.administrator.pk}


def test_the_action_refuses_a_taken_district(world, area):
    with pytest.raises(ValidationError) as refusal:
        actions.create_area(world.east, name="x", districts=list(area.districts.all()), by=world.administrator)
    assert set(refusal.value.message_dict) == {"districts"}
