"""Saved views of the customer list, and its columns."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from customers import columns
from customers.models import Industry, SavedView
from journal.models import ExportJob

LIST = reverse("customers:list")
SAVE = reverse("customers:view_save")
COLUMNS = reverse("customers:columns")
pytestmark = pytest.mark.clause("REC-08")


@pytest.fixture
def desk(world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    return client


def shown(response):
    return [column.code for column in response.context["looks"].columns]


def tabs(response):
    return [(tab.label, tab.current) for tab in response.context["tabs"]]


def test_without_a_saved_view_there_are_no_tabs(world, desk):
    assert tabs(desk.get(LIST)) == []


def test_a_view_keeps_filters_order_and_columns(world, desk):
    desk.post(COLUMNS, {"columns": ["owner", "industry"]})
    answer = desk.post(SAVE, {"name": " 无人负责 ", "choices": "owner=none&sort=name&nonsense=1&branch=x"})
    view = SavedView.objects.exclude(name="").get()
    assert (view.name, view.filters, view.sort) == ("无人负责", {"owner": "none"}, "name")
    page = desk.get(answer.url)
    assert [row.pk for row in page.context["rows"]] == [world.unowned.pk]
    assert tabs(page) == [("All customers", False), ("无人负责", True)]
    assert shown(page) == ["owner", "industry"]
    assert page.context["sort"] == "name"


def test_saved_again_under_the_name_it_is_another_from_now_on(world, desk):
    desk.post(SAVE, {"name": "我的", "choices": "owner=none"})
    desk.post(SAVE, {"name": "我的", "choices": "source=exhibition"})
    assert SavedView.objects.get().filters == {"source": "exhibition"}


def test_columns_of_a_view_change_without_those_of_the_list(world, desk):
    desk.post(SAVE, {"name": "我的", "choices": ""})
    view = SavedView.objects.get()
    answer = desk.post(COLUMNS, {"view": view.pk, "columns": ["stage"], "choices": "owner=none"})
    assert "owner=none" in answer.url
    assert shown(desk.get(answer.url)) == ["stage"]
    assert shown(desk.get(LIST)) == list(columns.DEFAULT)


def test_columns_are_remembered_for_the_person_alone(world, desk, sign_in):
    desk.post(COLUMNS, {"columns": ["credit_code", "nonsense", "tier"]})
    assert shown(desk.get(LIST)) == ["tier", "credit_code"]
    assert shown(sign_in(world.clerk).get(LIST)) == list(columns.DEFAULT)
    assert tabs(desk.get(LIST)) == [], "columns alone make no tab"


def test_no_column_means_the_usual_ones(world, desk):
    desk.post(COLUMNS, {"columns": ["tier"]})
    desk.post(COLUMNS, {"columns": []})
    assert shown(desk.get(LIST)) == list(columns.DEFAULT)


@pytest.mark.clause("SEC-01")
def test_somebody_elses_view_does_not_exist(world, desk, sign_in):
    desk.post(SAVE, {"name": "我的", "choices": "owner=none"})
    view = SavedView.objects.get()
    desk.get(LIST)
    client = sign_in(world.clerk)
    page = client.get(LIST, {"view": view.pk})
    assert tabs(page) == []
    assert "我的" not in page.text
    assert client.post(reverse("customers:view_delete", args=[view.pk])).status_code == 404
    client.post(COLUMNS, {"view": view.pk, "columns": ["stage"]})
    assert SavedView.objects.visible_to(world.accountant).get().columns == list(columns.DEFAULT)


@pytest.mark.clause("SEC-01")
def test_a_view_opens_nothing(world, desk):
    """Its filters go through the list's own, which know the person's scope of today."""
    desk.post(SAVE, {"name": "西湖", "choices": f"branch={world.west.pk}&owner={world.stranger.pk}"})
    assert SavedView.objects.get().filters == {}
    SavedView.objects.update(filters={"branch": str(world.west.pk)})
    page = desk.get(f"{LIST}?view={SavedView.objects.get().pk}&branch={world.west.pk}")
    assert world.theirs.name not in page.text


@pytest.mark.clause("SEC-06")
def test_a_search_text_is_not_kept_in_a_view_or_an_address(world, desk):
    found = desk.post(reverse("customers:search"), {"text": "天光"}).url
    key = found.partition("q=")[2]
    answer = desk.post(COLUMNS, {"q": key, "columns": ["tier"], "choices": "sort=name"})
    assert f"q={key}" in answer.url
    assert [row.pk for row in desk.get(answer.url).context["rows"]] == [world.unowned.pk]
    saved = desk.post(SAVE, {"name": "我的", "choices": f"q={key}&sort=name"})
    assert "q=" not in saved.url
    assert {view.name: view.filters for view in SavedView.objects.all()} == {"": {}, "我的": {}}


def test_a_nameless_view_is_not_saved(world, desk):
    desk.post(SAVE, {"name": "  ", "choices": ""})
    assert not SavedView.objects.exists()


def test_there_is_an_end_to_tabs(world, desk, monkeypatch):
    monkeypatch.setattr(SavedView, "AT_MOST", 2)
    for n in range(4):
        desk.post(SAVE, {"name": f"视图 {n}", "choices": ""})
    assert SavedView.objects.count() == 2
    desk.post(SAVE, {"name": "视图 0", "choices": "owner=none"})
    assert SavedView.objects.get(name="视图 0").filters == {"owner": "none"}


def test_a_view_is_deleted(world, desk):
    desk.post(SAVE, {"name": "我的", "choices": ""})
    desk.post(reverse("customers:view_delete", args=[SavedView.objects.get().pk]))
    assert not SavedView.objects.exists()


@pytest.mark.clause("GEN-03")
def test_a_file_has_the_columns_of_the_list(world, desk):
    desk.post(COLUMNS, {"columns": ["contact", "stage"]})
    page = desk.get(reverse("journal:export_new", args=["customers"]))
    assert page.context["form"].initial["columns"] == ["name", "contact", "phone", "email", "stage"]
    desk.post(SAVE, {"name": "我的", "choices": "", "view": ""})
    view = SavedView.objects.exclude(name="").get()
    desk.post(COLUMNS, {"view": view.pk, "columns": ["tier"]})
    page = desk.get(reverse("journal:export_new", args=["customers"]), {"view": view.pk})
    assert page.context["form"].initial["columns"] == ["name", "tier"]
    assert not ExportJob.objects.exists()


def test_all_columns_take_no_query_a_row(world, desk):
    desk.post(COLUMNS, {"columns": [column.code for column in columns.COLUMNS]})
    desk.get(LIST)
    numbers = []
    for more in (1, 5):
        for n in range(more):
            world.customer(f"第{more}{n:02}纸业有限公司", owner=world.owner, industry=Industry.objects.all()[n])
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(LIST)
        numbers.append(len(queries))
    with translation.override("en"):
        assert escape(str(Industry.objects.all()[0])) in page.text
    assert numbers[0] == numbers[1] <= 15
