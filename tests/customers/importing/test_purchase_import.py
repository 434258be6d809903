"""Spreadsheets of sales: their columns, what becomes of a row, and whose it is. Source: REC-15, REC-16."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from customers.importing import counts, sentences
from customers.importing.purchases.headings import PURCHASES
from customers.importing.purchases.resource import PurchaseResource
from customers.models import Customer, Import, ImportMapping, Product, Purchase

from . import steps, workbooks
from .purchase_steps import GOOD_CODE, OURS, checked, go_live, imported, outcomes, row, sales

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_month_end"), pytest.mark.clause("REC-16", "REC-15")]


def test_the_order_of_day_and_month_is_that_of_the_column(world, by, tmp_path):
    dates = ["5/3/2026", "31/1/2026"]
    job = checked(sales(tmp_path, *(row(f"XS-{at}", 销售日期=day) for at, day in enumerate(dates))), by)
    assert [one.data["bought_on"] for one in steps.rows(job).values()] == ["2026-03-05", "2026-01-31"]


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("单据号 开单日期 单位 名称 规格 单位 数量 单价 合计 经手人 门店",
         "document_number bought_on name product - - quantity unit_price amount seller branch"),
        ("订单号 销售日期 购货单位 电话 商品名称 销售额 制单人 制单日期",
         "document_number bought_on name phone product amount author created_on"),
        ("发票号 时间 姓名 手机 项目 总计", "document_number bought_on name phone product amount"),
        ("document_no date customer product qty amount seller remarks",
         "document_number bought_on name product quantity amount seller remarks"),
        ("序号 客户 产品 合计金额 销售员 下单时间 所属分店", "number name product amount seller bought_on branch"),
        ("日期 客户 品名规格 数量 金额", "bought_on name product quantity amount"),
        ("开单日期 购方税号 买家 存货名称 销量 实付金额 交易号 部门 接单人",
         "bought_on credit_code name product quantity amount document_number branch seller"),
        ("日期 凭证号 往来单位 摘要 应收金额 实收金额", "bought_on document_number name product amount -"),
    ],
)  # fmt: skip
def test_headings_of_sales_are_known(headings, fields):
    assert PURCHASES.guess(headings.split()) == [None if name == "-" else name for name in fields.split()]


def test_every_field_of_the_resource_has_a_label_and_reads_nothing_as_nothing():
    for name, column in PurchaseResource.fields.items():
        assert PURCHASES.labels[name] == column.label
        assert not column.clean({name: ""})
        assert not column.clean({name: "无"}) or name == "remarks"


def test_title_rows_totals_and_a_header_further_down_are_found(world, by, tmp_path):
    rows = [
        ["2026 年 11 月销售明细"],
        ["日期", "客户名称", "单据号", "品名", "数量", "金额"],
        ["2026-11-02", OURS, "A-1", "名片", "2", "36"],
        ["小计", "", "", "", "2", "36"],
        ["", "", "", "", "", ""],
        ["2026-11-03", OURS, "A-2", "画册", "1", "260"],
        ["合计", "", "", "", "3", "296"],
    ]
    job = imported(workbooks.xlsx(tmp_path / "明细.xlsx", rows), by)
    assert (job.counts["new"], job.counts["ignored"]) == (2, 4)
    assert counts.adds_up(job.counts, 6)
    assert set(Purchase.objects.values_list("branch__name", flat=True)) == {"东城分店"}, "the customer's unit"


def test_a_row_becomes_a_purchase(world, by, tmp_path):
    product = Product.objects.create(code="card", name="名片")
    path = sales(
        tmp_path,
        row(品名="CARD", 数量="5盒", 单价="20", 业务员=world.owner.name, 备注="加急", 制单人=world.clerk.name,
            制单日期="2026-11-21"),
        row("XS-2", 品名="画册", 数量="3", 单价="12.5", 金额="", 业务员="早已离职", 销售日期="2012.5.3"),
    )  # fmt: skip
    job = imported(path, by)
    assert outcomes(job) == [("new", ""), ("new", "")]
    first, second = Purchase.objects.order_by("pk")
    assert (first.customer, first.branch, first.bought_on) == (world.ours, world.east, date(2026, 11, 20))
    assert (first.product, first.product_text, first.quantity, first.amount) == (product, "名片", 5, 100)
    assert (first.seller, first.seller_text, first.remarks, first.created_by) == (world.owner, "", "加急", world.clerk)
    assert timezone.localdate(first.created_at) == date(2026, 11, 21)
    assert (second.product, second.product_text, second.amount) == (None, "画册", Decimal("37.50"))
    assert (second.seller, second.seller_text) == (None, "早已离职")
    assert (second.created_by, second.created_at) == (None, job.committed_at)
    lines = steps.rows(job)
    assert {code for _column, code, *_said in lines[3].problems} == {"seller", "product"}
    assert lines[2].extras == {"单价": "20"}
    assert lines[2].customer == world.ours
    assert lines[2].made["purchase"] == first.pk
    event = first.events.order_by("-pgh_id").first()
    assert (event.pgh_context["person"], event.pgh_context["job"]) == (by.pk, f"import:{job.pk}")


@pytest.mark.parametrize(
    ("reason", "cells"),
    [
        ("no_customer", {"客户名称": "", "销售日期": "没有"}),
        ("customer", {"客户名称": "无此人有限公司", "金额": ""}),
        ("customer", {"客户名称": "测试"}),
        ("date", {"销售日期": "", "金额": ""}),
        ("date", {"销售日期": "五月初"}),
        ("date", {"销售日期": "2026-11-27"}),
        ("amount", {"金额": "", "数量": "3"}),
        ("amount", {"金额": "约一百", "门店": "南城店"}),
        ("branch", {"门店": "南城店"}),
    ],
)
def test_a_row_is_rejected_for_the_first_reason(world, by, tmp_path, reason, cells):
    job = imported(sales(tmp_path, row(**cells), row("XS-2")), by)
    assert outcomes(job) == [("rejected", reason), ("new", "")]
    assert job.counts["rejected"] == {reason: 1}
    found = steps.rows(job)[2]
    assert any(code == reason and sentence for _column, code, sentence, *_params in found.problems)
    assert Purchase.objects.count() == 1


def test_a_word_for_a_unit_is_asked_for(world, by, tmp_path):
    job = checked(sales(tmp_path, row(门店="东店"), row("XS-2", 门店="别处")), by)
    assert job.unknown == {"branch": {"东店": 1, "别处": 1}}
    job = steps.check(job, by, words={"branch": {"东店": world.east.pk}}, defaults={"branch": world.west.pk})
    steps.commit(job, by)
    assert list(Purchase.objects.order_by("pk").values_list("branch", flat=True)) == [world.east.pk, world.west.pk]
    assert steps.rows(job)[3].warned
    assert ImportMapping.objects.get().kind == Import.Kind.PURCHASES


def test_what_cannot_be_read_beside_is_kept_with_a_warning(by, tmp_path):
    path = sales(tmp_path, row(数量="若干", 信用代码="91308191JNFYC4PRU1", 电话="没接"), row(1234567890123456789.0))
    job = imported(path, by)
    assert outcomes(job) == [("new", ""), ("new", "")]
    first, second = job.rows.order_by("place")
    assert (first.warned, set(first.extras)) == (True, {"数量", "信用代码", "电话"})
    assert (second.warned, second.data.get("document_number")) == (True, None)
    assert Purchase.objects.filter(quantity=None, document_number="").count() == 1


def test_the_customer_is_found_by_code_phone_and_name(world, by, tmp_path):
    Customer.objects.filter(pk=world.unowned.pk).update(archived_at=timezone.now(), archived_by=by)
    coded = world.customer("长河商贸有限公司", credit_code=GOOD_CODE, phone="13910245679")
    path = sales(
        tmp_path,
        row("1", name="", 信用代码=GOOD_CODE),
        row("2", name="随便写的名字", 信用代码=GOOD_CODE),
        row("3", name="", 电话="139-1002-0001"),
        row("4", name="东方红印务", 电话="13910020001"),
        row("5", name="天光广告公司"),  # in the archive
        row("6", name="西泠图文", 门店=""),  # only one bears the name, in another unit
        row("7", name="西泠图文"),
        row("8", name="蓝天文化传播中心", 电话="13910020001"),  # the phone of somebody with another name
    )
    job = imported(path, by)
    found = [one.customer_id for one in job.rows.order_by("place")]
    theirs = world.theirs.pk
    assert found == [coded.pk, coded.pk, world.ours.pk, world.ours.pk, world.unowned.pk, theirs, theirs, None]
    units = dict(Purchase.objects.values_list("document_number", "branch"))
    assert (units["6"], units["7"]) == (world.west.pk, world.east.pk)


def test_several_that_match_equally_are_nobody(world, by, tmp_path):
    other = world.customer("东方红印务公司", phone="13910020001", different_because="另一家")
    path = sales(tmp_path, row("1"), row("2", name="东方红印务"), row("3", name="", 电话="13910020001"))
    job = imported(path, by)
    assert outcomes(job) == [("new", ""), ("rejected", "customer"), ("rejected", "customer")]
    assert job.rows.get(place=1).customer == world.ours
    assert not other.purchases.exists()
    assert "Several" in job.rows.get(place=2).problems[0][2]


def test_another_credit_code_is_another_customer(world, by, tmp_path):
    world.customer("长河商贸有限公司", credit_code=GOOD_CODE, phone="13910245679")
    other = "91110108MA01KPGK0L"
    job = imported(sales(tmp_path, row(name="长河商贸有限公司", 信用代码=other)), by)
    assert outcomes(job) == [("rejected", "customer")]


def test_nothing_comes_into_a_locked_month(world, by, tmp_path):
    rows = [row("1", 销售日期="2026-10-20"), row("2", 销售日期="2026-08-20"), row("3")]
    imported(sales(tmp_path, row("1", 销售日期="2026-10-20")), by)
    go_live(world)
    rows[0]["备注"] = "后补"
    rows.append(row("4", 销售日期="2026-10-21"))
    job = imported(sales(tmp_path, *rows), by)
    assert outcomes(job) == [("update", ""), ("new", ""), ("new", ""), ("rejected", "locked")]
    assert Purchase.objects.get(document_number="1").remarks == ""
    assert job.rows.get(place=1).warned
    _column, *said = job.rows.get(place=4).problems[0]
    with translation.override("en"):
        assert sentences.sentence(job, *said) == "2026-10 is locked: no purchase can be added to it."


def test_a_formula_without_a_value_is_told(world, by, tmp_path):
    job = checked(sales(tmp_path, row("1", 品名="#N/A"), row("2", 金额="#REF!"), row("3", 销售日期="#VALUE!")), by)
    assert outcomes(job) == [("new", ""), ("rejected", "amount"), ("rejected", "date")]
    first = job.rows.get(place=1)
    assert (first.data.get("product"), first.warned) == (None, True)
    assert "#N/A" in first.problems[0][2]


def test_a_month_that_locks_after_the_dry_run_is_locked(world, by, tmp_path):
    job = checked(sales(tmp_path, row("1", 销售日期="2026-10-20"), row("1", 销售日期="2026-10-20"), row("2")), by)
    assert job.counts["new"] == 2
    go_live(world)
    job = steps.commit(job, by)
    assert outcomes(job) == [("rejected", "locked"), ("rejected", "locked"), ("new", "")]
    assert counts.adds_up(job.counts, 3)


def test_rows_ask_no_questions_of_their_own(by, tmp_path):
    asked = []
    for number in (2, 80):
        path = sales(tmp_path, *(row(f"{number}-{at}", 电话="13910020001") for at in range(number)))
        with CaptureQueriesContext(connection) as questions:
            imported(path, by)
        asked.append(len(questions))
    assert asked[1] <= asked[0]


def test_from_the_shell(world, tmp_path):
    path, out = sales(tmp_path, row(), row("XS-2", 金额="")), StringIO()
    call_command("import", str(path), kind="purchases", json=True, stdout=out, stderr=StringIO())
    assert '"rejected": {"amount": 1}' in out.getvalue()
    assert Purchase.objects.get().customer == world.ours
