import pytest

from crm_site import reference
from customers.models import BusinessType, CompanySize, Industry
from policy.models import Clause
from staff.models import Department, District

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded():
    reference.load()


def test_everything_is_there():
    assert Clause.objects.count() == 112
    assert District.objects.count() == 3056
    assert Department.objects.filter(code="information").exists()
    assert Industry.objects.count() >= 20
    assert (CompanySize.objects.count(), BusinessType.objects.count()) == (4, 8)


def test_a_second_loading_writes_nothing_and_costs_no_more_queries_than_tables(django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        assert not any(reference.load().values())


def test_districts_stand_in_the_order_of_the_file():
    assert str(District.objects.order_by("pk").first()) == "北京市东城区"


@pytest.mark.clause("REC-08")
def test_code_tables_belong_to_the_administrator_once_filled():
    CompanySize.objects.filter(code="micro").delete()
    CompanySize.objects.filter(code="large").update(label_zh="集团客户")
    reference.load()
    assert set(CompanySize.objects.values_list("label_zh", flat=True)) == {"集团客户", "中型", "小型"}


def test_a_renamed_department_keeps_its_name_and_a_missing_one_comes_back():
    Department.objects.filter(code="finance").update(name="财务中心")
    Department.objects.filter(code="marketing").delete()
    reference.load()
    assert Department.objects.get(code="finance").name == "财务中心"
    assert Department.objects.filter(code="marketing").exists()


def test_a_changed_clause_follows_the_file():
    Clause.objects.filter(pk="REC-05").update(text_en="old words")
    assert reference.load()["policy_clause"] == 1
    assert Clause.objects.get(pk="REC-05").text_en != "old words"


def test_clauses_change_places_and_one_that_has_left_the_file_stays():
    first, second, *_rest = Clause.objects.order_by("number")
    Clause.objects.filter(pk=first.pk).update(number=900)
    Clause.objects.filter(pk=second.pk).update(number=1)
    Clause.objects.filter(pk=first.pk).update(number=2)
    Clause.objects.filter(number=3).update(number=901)
    Clause.objects.create(
        id="OLD-01", number=3, chip_zh="旧", chip_en="old", title_zh="旧", title_en="old", text_zh="旧", text_en="old"
    )
    reference.load()
    assert list(Clause.objects.order_by("number").values_list("pk", flat=True))[:2] == [first.pk, second.pk]
    assert Clause.objects.get(pk="OLD-01").number > 112
