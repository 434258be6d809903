"""Sales that come a second time: in the same file, in another one, corrected. Source: REC-15, REC-16."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from customers import purchases
from customers.importing import counts, error_workbook, files, jobs, reading
from customers.importing.layout import tables
from customers.importing.purchases.headings import PURCHASES
from customers.models import ImportRow, Purchase

from . import steps, workbooks
from .purchase_steps import HEADINGS, OURS, checked, everything, imported, outcomes, row, sales

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_month_end"), pytest.mark.clause("REC-16", "REC-15")]


def test_the_same_file_again_changes_nothing(world, by, tmp_path):
    rows = [row(), row("XS-1", 品名="画册"), row(""), row(""), row("", 品名="海报", 金额="-30")]
    path = sales(tmp_path, *rows)
    first = imported(path, by)
    assert (first.counts["new"], Purchase.objects.count()) == (5, 5), "two equal ones are two purchases"
    before = everything()
    again = imported(path.rename(tmp_path / "换名.xlsx"), by)
    assert outcomes(again) == [("update", "")] * 5
    assert not ImportRow.objects.filter(job=again).exclude(conflicts={}).exists()
    assert everything() == before
    more = imported(sales(tmp_path, *rows, row(""), name="三.xlsx"), by)
    assert (more.counts["new"], more.counts["update"]) == (1, 5), "a third equal one is a third purchase"


def test_one_changed_cell_is_one_conflict_or_one_blank_filled(world, by, tmp_path):
    rows = [row(), row("XS-2"), row("XS-3")]
    imported(sales(tmp_path, *rows), by)
    rows[0] |= {"数量": "5", "业务员": world.owner.name, "备注": "加急"}
    rows[1] |= {"金额": "120"}
    rows[2] |= {"客户名称": "天光广告有限公司", "销售日期": "2026-11-19"}
    job = checked(sales(tmp_path, *rows), by)
    assert [found.conflicts for found in job.rows.order_by("place")] == [
        {},
        {"amount": ["100.00", "120.00"]},
        {"customer_id": [world.ours.pk, world.unowned.pk], "bought_on": ["2026-11-20", "2026-11-19"]},
    ]
    jobs.decide(job, rows=None, columns=["customer_id"], take=True)
    steps.commit(job, by)
    first, second, third = Purchase.objects.order_by("pk")
    assert (first.quantity, first.seller, first.remarks) == (5, world.owner, "加急")
    assert second.amount == 100, "what stands is kept"
    assert (third.customer, third.bought_on) == (world.unowned, date(2026, 11, 20))


def test_a_purchase_that_was_entered_is_known(world, by, tmp_path):
    line = purchases.Line("名片", Decimal(80))
    purchases.enter(
        customer=world.ours, branch=world.east, bought_on=date(2026, 11, 20), document_number="XS-1", lines=[line],
        by=world.accountant, at=timezone.now(),
    )  # fmt: skip
    job = imported(sales(tmp_path, row(), row(门店="西湖分店")), by)
    assert outcomes(job) == [("update", ""), ("new", "")]
    assert Purchase.objects.get(branch=world.east).amount == 80


def test_the_same_document_and_product_twice_in_a_file_is_a_duplicate(world, by, tmp_path):
    rows = [row(), row(数量="2"), row(金额="50"), row(品名="画册"), row(金额=""), row("XS-9", 门店="南城店")]
    job = imported(sales(tmp_path, *rows), by)
    assert [outcome for outcome, _reason in outcomes(job)] == [
        "new", "duplicate", "duplicate", "new", "rejected", "rejected",
    ]  # fmt: skip
    assert counts.adds_up(job.counts, 6)
    assert [found.duplicate_of for found in job.rows.order_by("place")][1:3] == [1, 1]
    assert job.rows.get(place=3).warned, "the other amount is said"
    assert Purchase.objects.get(product_text="名片").quantity == 2


def test_corrected_rows_alone_are_taken(world, by, tmp_path):
    rows = [row("1"), row("2", 销售日期="昨天"), row("3", 数量="若干"), row("4", name="无此人有限公司")]
    job = imported(sales(tmp_path, *rows), by)
    assert (job.counts["new"], job.counts["rejected"]) == (2, {"date": 1, "customer": 1})
    table = next(tables(reading.read(files.examine(error_workbook.of(job))), known=PURCHASES))
    lines = [found.cells for found in table]
    at_ = {heading: place for place, heading in enumerate(HEADINGS)}
    lines[0][at_["销售日期"]] = "2026-11-18"
    lines[1][at_["数量"]], lines[1][at_["金额"]] = "4", "88"
    lines[2][at_["客户名称"]] = OURS
    corrected = workbooks.xlsx(tmp_path / "corrected.xlsx", [table.headings, *lines])
    again = checked(corrected, by, corrects=job)
    assert again.tables[0]["fields"][-2:] == ["reference", "reason"]
    again = steps.commit(again, by)
    assert (again.counts["rows"], again.counts["new"], again.counts["update"]) == (3, 2, 1)
    third = Purchase.objects.get(document_number="3")
    assert (third.quantity, third.amount) == (4, 88)
