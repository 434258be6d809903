"""Spreadsheets of sales, imported."""

from django.utils import translation

from customers.models import Import, Purchase
from customers.rules import GO_LIVE
from policy.models import RuleValue
from tests.policy.clocktime import at

from . import steps

HEADINGS = ["客户名称", "电话", "信用代码", "门店", "销售日期", "销售单号", "品名", "数量", "单价", "金额", "业务员",
            "备注", "制单人", "制单日期"]  # fmt: skip
OURS = "东方红印务有限公司"
GOOD_CODE = "91308191JNFYC4PRUP"


def row(number="XS-1", name=OURS, **more):
    return {"客户名称": name, "门店": "东城分店", "销售日期": "2026-11-20", "销售单号": number, "品名": "名片",
            "金额": "100.00"} | more  # fmt: skip


def sales(tmp_path, *rows, name="销售.xlsx"):
    return steps.file_of(tmp_path, *rows, headings=HEADINGS, name=name)


def checked(path, by, **options):
    with translation.override("en"):
        return steps.checked(path, by, kind=Import.Kind.PURCHASES, **options)


def imported(path, by, **options):
    return steps.commit(checked(path, by, **options), by)


def outcomes(job):
    return [(found.outcome, found.reason) for found in job.rows.order_by("place")]


def everything():
    return list(Purchase.objects.order_by("pk").values())


def go_live(world, day="2026-09-15"):
    RuleValue.objects.create(
        rule=GO_LIVE.key, value=day, starts_on=day, reason="上线", set_by=world.administrator, set_at=at(f"{day} 09:00")
    )
