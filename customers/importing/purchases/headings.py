"""Headings of spreadsheets of sales and the columns of a purchase that they mean. Source: REC-15, REC-16."""

import re
import tomllib
from pathlib import Path

from customers.importing.headings import VOCABULARY, Known, patterns

from .resource import PurchaseResource

SHARED = ("name", "phone", "credit_code", "branch", "author", "created_on", "remarks", "number")  # with customers

_UNDECIDED = [
    (re.compile("姓名|名字|name|单位|对方|往来单位|抬头"), ("name",)),
    (re.compile("名称|全称"), ("name", "product")),
    (re.compile("负责人|责任人|店长|经理|顾问|业务"), ("seller",)),
    (re.compile("部门|department|dept"), ("branch",)),
    (re.compile("sales"), ("amount", "seller")),
    (re.compile("日期|时间|年月日|付款(?:日期|时间)|date|time|datetime|day"), ("bought_on", "created_on")),
    # 编号 and No. rather count the rows
    (re.compile("单号|号码|票号|so|ref(?:erence)?(?:no|number)?"), ("document_number",)),
    (re.compile("实收|应收|已收|实付|收款|付款|总计|合计|共计|小计|价税合计|总价|总额|金额合计|total"), ("amount",)),
    (
        re.compile(
            "(?:购货?方|购买方|购货单位|买方|客户|顾客|单位|公司|企业|开票)?(?:税号|纳税人?识别号)|taxid|taxno|taxnumber"
        ),
        ("credit_code",),
    ),
]


def _patterns():
    """Those of sales come first: a heading may mean something else among customers."""
    own = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))["fields"]
    shared = VOCABULARY["headings"]["fields"]
    return patterns({name: own.get(name, []) + (shared[name] if name in SHARED else []) for name in [*own, *SHARED]})


PURCHASES = Known(
    PurchaseResource.fields, _patterns(), _UNDECIDED,
    anchors=frozenset({"name", "phone", "credit_code"}),
    who=frozenset({"name", "phone", "credit_code", "document_number"}),
)  # fmt: skip
