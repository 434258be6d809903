"""The options of dependent choices: province, city, district."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff import places
from staff.models import District

ADDRESS = reverse("staff:districts")


def options(response):
    return re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)', response.content.decode())


def test_a_province_offers_its_cities_in_official_order(world, sign_in):
    response = sign_in(world.clerk).get(ADDRESS, {"province": "江苏省"})
    assert [value for value, _chosen, _label in options(response)][:4] == ["", "南京市", "无锡市", "徐州市"]
    assert response["HX-Trigger-After-Swap"] == "cities-loaded"


def test_the_one_city_of_a_municipality_is_chosen_already(world, sign_in):
    response = sign_in(world.clerk).get(ADDRESS, {"province": "北京市"})
    assert options(response)[1:] == [("市辖区", " selected", "市辖区")]


def test_a_city_offers_its_districts(world, sign_in):
    found = options(sign_in(world.clerk).get(ADDRESS, {"province": "江苏省", "city": "南京市"}))
    assert found[0][0] == ""
    assert District.objects.get(pk=found[1][0]).name == found[1][2] == "玄武区"


def test_no_city_empties_the_districts(world, sign_in):
    assert len(options(sign_in(world.clerk).get(ADDRESS, {"province": "江苏省", "city": ""}))) == 1


def test_what_does_not_exist_offers_nothing(world, sign_in):
    client = sign_in(world.clerk)
    for query in ({}, {"province": "x"}, {"province": "江苏省", "city": "x"}, {"city": "南京市"}):
        assert len(options(client.get(ADDRESS, query))) == 1


def test_signed_out_visitors_get_no_fragment(world, client):
    assert client.get(ADDRESS).status_code == 302


def test_districts_are_read_once_and_again_when_rows_were_added(world):
    places.provinces()
    with CaptureQueriesContext(connection) as captured:
        places.provinces()
        places.cities("江苏省")
    assert len(captured) == 2  # each one look at the highest id
    District.objects.create(province="月球", city="静海", name="第一区")
    assert places.cities("月球") == ["静海"]


def test_titles_leave_out_what_says_nothing():
    assert places.city_title("北京市", "市辖区") == "北京市"
    assert places.city_title("江苏省", "南京市") == "江苏省南京市"
