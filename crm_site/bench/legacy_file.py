"""A made-up legacy spreadsheet: 25 columns, most rows new, some customers of the book, some twice, some wrong."""

from random import Random

import xlsxwriter
from django.db import connection

from crm_site.populating.names import Names, mobile
from customers.models import BusinessType, CompanySize, Industry, kept
from staff.models import Branch, Person

COLUMNS = (
    "序号", "客户名称", "统一社会信用代码", "联系人", "职务", "手机", "固定电话", "电子邮箱", "省份", "城市",
    "区县", "地址", "所属门店", "客户来源", "客户等级", "行业", "企业规模", "企业类型", "业务员", "建档日期",
    "录入人", "需求", "客户偏好", "备注", "会员卡号",
)  # fmt: skip
TOWNS = (("辽宁省", "沈阳市", "和平区"), ("浙江省", "杭州市", "西湖区"), ("四川省", "成都市", "锦江区"))
FORMS = ("有限公司", "商贸有限公司", "广告有限公司", "图文设计工作室", "科技有限公司", "文化传播有限责任公司")
KNOWN, TWICE, WRONG = 0.2, 0.05, 0.03  # shares of the rows
FIRST = 1_400_000  # numbers of phones that no book has given away yet
# Companies of the book with a phone, from all over it.
SAMPLE = """
SELECT DISTINCT ON (c.id) c.name, c.branch_id, k.value
FROM customers_customer c JOIN customers_matchkey k ON k.customer_id = c.id
WHERE c.kind = 'company' AND k.kind = 'phone' AND c.id %% %(step)s = 0 LIMIT %(number)s
"""


def write(path, rows, *, customers):
    """Write the workbook; the same numbers give the same file on the same book."""
    author = _Author(rows, customers)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("客户")
    for at, line in enumerate([COLUMNS, *author.lines()]):
        for column, cell in enumerate(line):
            if cell != "":
                sheet.write(at, column, cell)
    book.close()


class _Author:
    def __init__(self, rows, customers):
        self.random, self.names, self.rows = Random(25), Names(), rows  # noqa: S311  (invented data, not secrets)
        branches = dict(Branch.objects.filter(channel="branch").values_list("pk", "name"))
        self.branches = list(branches.values())
        self.people = list(Person.objects.order_by("pk").values_list("name", flat=True)[:200])
        step = max(int(customers / max(rows * KNOWN * 3, 1)), 1)
        with connection.cursor() as cursor:
            cursor.execute(SAMPLE, {"step": step, "number": int(rows * KNOWN) + 1})
            found = cursor.fetchall()
        self.labels = [[str(entry) for entry in kept(table)] for table in (Industry, CompanySize, BusinessType)]
        self.known = [(name, branches[branch], phone) for name, branch, phone in found if branch in branches]

    def lines(self):
        random, earlier = self.random, []
        for number in range(1, self.rows + 1):
            draw = random.random()
            if draw < KNOWN and self.known:
                name, branch, phone = self.known.pop()
                line = self.line(number, name, branch, phone.removeprefix("+86"))
            elif draw < KNOWN + TWICE and earlier:
                line = [number, *random.choice(earlier)[1:]]
            else:
                name = random.choice(("沈阳", "杭州", "成都", "")) + self.names.short(random) + random.choice(FORMS)
                line = self.line(number, name, random.choice(self.branches), mobile(FIRST + number))
                if random.random() < WRONG:
                    at = random.choice((1, 12, 19))
                    line[at] = "" if at == 1 else "不详之物"
            if number % 100 == 0:
                earlier.append(line)
            yield line

    def line(self, number, name, branch, phone):
        random, names = self.random, self.names
        province, city, district = random.choice(TOWNS)
        year, month, day = random.randrange(2010, 2024), random.randrange(1, 13), random.randrange(1, 29)
        date = random.choice((f"{year}-{month:02d}-{day:02d}", f"{year}.{month}.{day}", f"{year}年{month}月{day}日"))
        shown = random.choice((phone, f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"+86 {phone}"))
        return [
            number, name, "", names.person(random), random.choice(("经理", "采购", "", "老板")), shown,
            f"024-6{random.randrange(10**6, 10**7)}" if random.random() < 0.3 else "",
            f"c{number}@mail.example.com" if random.random() < 0.4 else "", province, city, district,
            names.street(random), branch, random.choice(("上门", "电话", "转介绍", "展会")), random.choice("ABC"),
            *(random.choice(labels) if random.random() < 0.8 else "" for labels in self.labels),
            random.choice(self.people) if random.random() < 0.7 else "", date, random.choice(self.people),
            random.choice(("名片", "宣传单", "横幅 5 米", "")), random.choice(("周一送货", "", "只收现金")),
            random.choice(("", "老客户", "账期 30 天")), f"K{number:07d}",
        ]  # fmt: skip
