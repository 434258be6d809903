"""A spreadsheet of a branch on its way in: its dry run waits for the administrator to confirm it."""

import csv
import io
from datetime import datetime, time

from django.conf import settings
from django.utils import timezone, translation

from customers.importing import jobs, working
from customers.models import Customer
from staff.models import Position
from staff.verbs import PositionCode

HEADINGS = ["客户名称", "联系人", "联系电话", "地址", "来源", "所属分店", "建档日期", "会员号"]
NEW = [
    ["海川标识有限公司", "何静", "13900139021", "工业路 21 号", "朋友介绍", "2019.5.6", "A-0117"],
    ["启明教育咨询中心", "罗文", "0411-8888 6620", "学苑街 6 号", "上门", "2019年5月9日", "A-0118"],
    ["启明教育咨询中心", "罗文", "0411-88886620", "学苑街 6 号", "上门", "2019-05-09", "A-0118"],
    ["木禾餐饮管理有限公司", "沈悦", "13900139024 / 13900139025", "滨河路 88 号", "老客介绍", "43600", "A-0120"],
    ["远山民宿", "唐可", "", "", "电话订购", "2019/5/14", "A-0121"],
    ["测试客户", "测试", "13800138000", "中山路 1 号", "上门", "2019/5/15", "A-0122"],
    ["和田文具店", "马丽", "13900139027", "市场街 3 号", "上门", "去年五月", "A-0123"],
]


def build(*, on):
    """Up to the dry run, as a worker takes it. The register stays as it is."""
    administrator = Position.objects.filter(code=PositionCode.ADMINISTRATOR).order_by("pk").first().person
    at = timezone.make_aware(datetime.combine(on, time(9)))
    with translation.override(settings.LANGUAGE_CODE):
        job = jobs.begin(io.BytesIO(_file()), name="2019 年老客户.csv", by=administrator, at=at)
    working.take_step(jobs.next_job(at=at), now=lambda: at)
    job.refresh_from_db()
    jobs.check(job, fields=[table["fields"] for table in job.tables], by=administrator, at=at)
    working.take_step(jobs.next_job(at=at), now=lambda: at)


def _file():
    known = list(Customer.objects.select_related("branch").order_by("pk")[:2])
    unit = known[0].branch.name
    rows = [[*row[:5], unit, *row[5:]] for row in NEW]
    rows += [[row.name, "新联系人", "1390013903" + str(n), "新区大道 9 号", "上门", row.branch.name, "2019-06-01", ""]
             for n, row in enumerate(known)]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([["2019 年老客户登记"], HEADINGS, *rows, ["合计", str(len(rows))]])
    return text.getvalue().encode("gb18030")
