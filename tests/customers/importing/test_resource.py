"""The resources define which columns there are and how their cells are read."""

import pytest
from django.core.exceptions import ValidationError
from import_export import resources, widgets

from customers.forms.imports import field_choices
from customers.importing import headings, kinds, own_columns
from customers.importing.judged import Judged
from customers.importing.judging import Judge
from customers.importing.purchases.resource import PurchaseResource
from customers.importing.resource import CustomerResource
from customers.importing.widgets import Column
from customers.importing.wording import Wording
from customers.models import Contact, Customer, Import, OwnField, Purchase

from . import steps

RESOURCES = {
    Import.Kind.CUSTOMERS: CustomerResource,
    Import.Kind.LEADS: CustomerResource,
    Import.Kind.PURCHASES: PurchaseResource,
}
MODELS = {CustomerResource: Customer, PurchaseResource: Purchase}


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize("kind", Import.Kind.values)
def test_a_resource_defines_the_fields_of_each_kind_of_file(kind):
    resource = RESOURCES[kind]
    assert issubclass(resource, resources.Resource)
    assert kinds.KNOWN[kind].columns is resource.fields
    assert all(isinstance(column, Column) for column in resource.fields.values())
    assert all(isinstance(column.widget, widgets.Widget) for column in resource.fields.values())


def test_every_field_of_the_vocabulary_has_a_column():
    assert set(headings.VOCABULARY["headings"]["fields"]) == set(CustomerResource.fields) - set(headings.FURTHER)
    for further in headings.FURTHER.values():
        assert further[1] in CustomerResource.fields


@pytest.mark.parametrize("kind", Import.Kind.values)
def test_the_choices_of_the_page_are_the_columns_of_the_resource(db, kind):
    _keep, (_group, offered), *_own = field_choices(kinds.KNOWN[kind])
    assert [name for name, _label in offered] == list(RESOURCES[kind].fields)
    assert all(label for _name, label in offered)


@pytest.mark.parametrize("resource", MODELS)
def test_attributes_are_those_of_the_record_and_texts_fit_there(resource):
    for name, column in resource.fields.items():
        if column.attribute:
            field = MODELS[resource]._meta.get_field(column.attribute)
            if column.longest and field.max_length:
                assert column.longest == field.max_length, name
    for name in ("contact", "contact2", "contact3"):
        assert CustomerResource.fields[name].longest == Contact._meta.get_field("name").max_length


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("name", "\u3000远山 ", "远山"),
        ("name", "无", "无"),  # a sign of an invented one
        ("title", "无", ""),
        ("given_name", "Na", "Na"),
        ("given_name", "NA", ""),
        ("contact", "王芳采购经理", ("王芳采购经理", "王芳", "采购经理", (), ())),
        ("credit_code", "91308191jnfyc4prup", "91308191JNFYC4PRUP"),
        ("email", "LI@Example.com", (("LI@Example.com",), ())),
        ("address", "中山路1号", ("中山路1号", ())),
        ("remarks", "月结\n现金", "月结\n现金"),
        ("number", 7.0, "7"),
    ],
)
def test_a_widget_turns_one_cell_into_a_clean_value(name, cell, value):
    assert CustomerResource.fields[name].widget.clean(cell) == value


def test_no_cell_is_no_value():
    for resource in MODELS:
        for column in resource.fields.values():
            value = column.widget.clean(None, find={}.get)
            assert not (any(value) if type(value) is tuple else value), column.label


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("credit_code", "91308191JNFYC4PRUA", "credit_code"),
        ("created_on", "2014-02-30", "day"),
        ("created_on", "不详", "no_date"),
        ("tier", "钻石", "unknown_word"),
    ],
)
def test_a_widget_says_what_is_wrong_with_a_cell(name, cell, code):
    read = CustomerResource.fields[name].reader(find={}.get, date1904=False, order=None)
    for _again in range(2):
        with pytest.raises(ValidationError) as problem:
            read(cell)
        assert problem.value.code == code
        assert problem.value.messages[0]


OWN = [
    {"kind": OwnField.Kind.TEXT, "code": "motto"},
    {"kind": OwnField.Kind.NUMBER, "code": "machines"},
    {"kind": OwnField.Kind.DATE, "code": "founded"},
    {"kind": OwnField.Kind.CHOICE, "code": "fleet", "options": ["自有", "租用"]},
    {"kind": OwnField.Kind.YES_NO, "code": "listed"},
]


@pytest.fixture
def own(db):
    for one in OWN:
        OwnField.objects.create(label_zh=one["code"], label_en=one["code"], **one)


def own_judged(cells, **options):
    names = [one["code"] for one in OWN]
    fields = ["name", "address", *(f"{own_columns.OWN}{name}" for name in names)]
    wording = Wording(defaults={"branch": 1})
    judge = Judge(["客户名称", "地址", *names], fields, wording, own=own_columns.columns(), **options)
    return judge(["远山广告", "路1号", *(cells.get(name) for name in names)])


@pytest.mark.clause("REC-08", "REC-15")
def test_own_fields_are_columns_with_widgets_by_their_definitions(own):
    assert all(isinstance(column, Column) for column in own_columns.columns().values())
    cells = {"motto": " 诚信 ", "machines": "1,200", "founded": "2012年5月3日", "fleet": "租 用", "listed": "否"}
    found = own_judged(cells)
    stored = {"motto": "诚信", "machines": "1200", "founded": "2012-05-03", "fleet": "租用", "listed": False}
    assert found.own == {f"{own_columns.OWN}{name}": value for name, value in stored.items()}
    assert isinstance(found, Judged)
    cells = {"motto": "长" * 201, "machines": "很多", "founded": "去年", "fleet": "自行车", "listed": "大概"}
    found = own_judged(cells)
    assert (found.own, found.rejected, found.extras) == ({}, "", cells)
    assert [problem.code for problem in found.problems] == ["own_field"] * len(OWN)


@pytest.mark.clause("REC-08", "REC-15")
@pytest.mark.parametrize(
    ("order", "stored"), [(None, None), ("year", None), ("day", "2012-03-05"), ("month", "2012-05-03")]
)
def test_own_dates_follow_their_column(own, order, stored):
    orders = [None] * 4 + [order]
    assert own_judged({"founded": "5/3/2012"}, date_orders=orders).own.get("own:founded") == stored


def test_own_dates_count_from_1904_where_the_workbook_does(own):
    assert own_judged({"founded": 41032.0}).own["own:founded"] == "2012-05-03"
    assert own_judged({"founded": 39570.0}, date1904=True).own["own:founded"] == "2012-05-03"


@pytest.mark.clause("REC-08", "REC-15")
def test_a_file_tells_the_order_of_own_dates(by, own, tmp_path):
    days = ["不详", "无", "-", "5/3/2012", "31/12/2012"]  # the samples tell of no dates
    rows = [
        steps.row(f"远山{number}号广告有限公司", f"1391024683{number}", founded=day) for number, day in enumerate(days)
    ]
    job = steps.checked(steps.file_of(tmp_path, *rows, headings=[*steps.HEADINGS, "founded"]), by)
    assert [row.data.get("custom") for row in steps.rows(job).values()][-2:] == [
        {"founded": "2012-03-05"},
        {"founded": "2012-12-31"},
    ]
