"""Headings and the fields they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.importing import headings

MEANINGS = {
    "name": "客户名称 单位名称 公司 名称 Customer 客户 单位 公司名称 企业名称 客户全称 单位全称 顾客名称 商户名称 "
    "往来单位 购货单位 客戶名稱 Company CompanyName Customer_Name Client Account*Name",
    "contact": "联系人 联系人姓名 联系人及职务 联系人及电话 主要联系人 客户联系人 采购负责人 聯繫人 "
    "Contact Contact_Person contact*name",
    "given_name": "名 First*Name FirstName Given*name Forename",
    "family_name": "姓 姓氏 Last*Name Family_Name Surname",
    "title": "职务 职位 联系人职务 Title Job*Title Position",
    "phone": "电话 手机 联系电话 手机号 手机号码 电话号码 联系方式 座机 固定电话 办公电话 公司电话 联系人电话 "
    "联系人手机 客户电话 移动电话 备用电话 电话2 手机一 联系电话/手机 Phone Mobile Tel. Tel Telephone "
    "Cell*Phone Mobile*No. Phone*Number Office*Phone Tel*/*Mobile",
    "email": "邮箱 电子邮箱 电子邮件 邮箱地址 E-mail Email EMAIL E-Mail*Address",
    "address": "地址 详细地址 联系地址 公司地址 单位地址 通讯地址 收货地址 注册地址 客户地址 Address Company*Address "
    "Street",
    "credit_code": "统一社会信用代码 信用代码 社会信用代码 统一信用代码 统一社会信用代码证号 税号 纳税人识别号 "
    "Credit*Code USCC Tax*ID",
    "branch": "分店 所属分店 门店 所属门店 归属门店 门店名称 分店名称 分支机构 网点 店名 店铺 Branch Store Shop "
    "Branch*Name",
    "source": "来源 客户来源 从何处了解我们 来源渠道 信息来源 获客渠道 渠道 渠道来源 Source Lead*Source Channel",
    "tier": "等级 客户等级 客户级别 级别 客户分级 服务等级 星级 Tier Level Customer*Level Grade",
    "industry": "行业 所属行业 客户行业 行业类别 Industry Sector",
    "size": "规模 公司规模 企业规模 人员规模 员工人数 Size Employees",
    "business_type": "企业性质 单位性质 公司类型 经营类型 业务类型 Business*Type Type*of*business",
    "kind": "客户类型 客户类别 客户性质 Customer*Type",
    "owner": "业务员 业务代表 销售代表 客户经理 销售 跟进人 所属业务员 负责业务员 Owner Sales*Rep Salesperson "
    "Account*Manager",
    "author": "建档人 录入人 登记人 创建人 填表人 制单人 操作员 录入员 Author Created*by Entered*by",
    "created_on": "建档日期 登记日期 日期 录入日期 创建时间 登记时间 开户日期 建档时间 Date Created*at Created "
    "Date*Created Registration*Date",
    "remarks": "备注 备注信息 说明 附注 其他 備註 Remarks Remark Notes Comment",
    "needs": "需求 客户需求 业务需求 主要需求 采购需求 意向产品 Needs Requirements",
    "preferences": "偏好 客户偏好 行为偏好 消费习惯 Preferences",
    "province": "省份 省 所在省 所属省份 Province",
    "city": "城市 市 所在城市 City",
    "district": "区县 区/县 区 District",
    "area": "地区 区域 省市区 所在地区 Region Area",
    "country": "国家 国家/地区 Country",
    "number": "序号 编号 No. NO #序号 ID",
}
UNKNOWN = (
    "传真 邮编 微信 QQ 网址 生日 客户编号 客户编码 最近成交日期 注册日期 颜色 字段名称 开户行 银行账号 法人 累计金额 "
    "合同编号 Fax WeChat Birthday"
)


def written(text):
    return [word.replace("*", " ") for word in text.split()]


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize("field", MEANINGS)
def test_synonyms_in_chinese_and_english(field):
    for heading in written(MEANINGS[field]):
        assert headings.guess([heading]) == [field], heading


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("field", "others"),
    [
        (
            "name",
            "客户名称/姓名 个人/单位名称 客户简称 Cust*Name Legal*Name Member*Name 客商名称 发票抬头 合作单位 "
            "签约客户 工商名称 Enterprise*Name Merchant Name*of*Company",
        ),
        ("contact", "主联系人 Key*Contact 洽谈人 老板 Person*in*contact"),
        ("phone", "移动号码 来电号码 Mob. Ph.*No"),
        ("phone", "第二电话 紧急联系电话 手提电话 手机/微信 Contact*No. Contact*Number Alt.*Phone Secondary*Phone"),
        ("email", "电邮 企业邮箱 Secondary*Email"),
        ("address", "经营场所 营业地址 Work*Address 通讯处 收件地址 Registered*Address Shipping*Address"),
        ("branch", "跟进门店 直营店 Home*Branch 店别 开发门店 责任分店 Branch*Code"),
        ("source", "引流渠道 获知渠道 How*did*you*hear*about*us? Referral*Source"),
        ("tier", "优先级 Customer*Class ABC分类 VIP*Level"),
        ("created_on", "立户日期 提交时间 Signup*Date 成为客户时间 首次到店日期 Customer*Since Date*of*Registration"),
        ("author", "记录人 提交人 Submitted*By"),
        ("owner", "专属客服 Person*in*charge 营业员 客户负责人 Handled*By"),
        ("remarks", "摘要 备忘 注意事项 特殊要求 情况说明 Description"),
        ("credit_code", "统一社会信用代码/税号 Business*License*No. 社会统一信用代码 单位税号 VAT*No."),
    ],
)
def test_rarer_words(field, others):
    for heading in written(others):
        assert headings.guess([heading]) == [field], heading
    assert headings.guess(["客户简称", "客户名称"]) == [None, "name"]


def test_every_field_has_headings_and_a_name():
    assert {*MEANINGS, *headings.FURTHER} == set(headings.FIELDS)


def test_what_means_nothing_here_is_left_for_an_attribute():
    assert headings.guess(written(UNKNOWN)) == [None] * len(written(UNKNOWN))


@pytest.mark.parametrize(
    "heading",
    [
        "客户名称",
        " 客户名称 ",
        "客 户 名 称",
        "*客户名称",
        "客户名称*",
        "客户名称（必填）",
        "客户名称(全称)",
        "★客户名称：",
        "【客户名称】",
        "客户\n名称",
        "客户名称 (Customer)",
        "必填 客户名称",
        "\u3000客户名称\u200b",
        "客戶名稱",
    ],
)
def test_spaces_stars_brackets_and_width_do_not_matter(heading):
    assert headings.guess([heading]) == ["name"]


def test_a_word_means_what_the_other_columns_leave():
    assert headings.guess(["Company", "Name", "Mobile"]) == ["name", "contact", "phone"]
    assert headings.guess(["Name", "Mobile"]) == ["name", "phone"]
    assert headings.guess(["姓名", "电话"]) == ["name", "phone"]
    assert headings.guess(["单位", "姓名"]) == ["name", "contact"]
    assert headings.guess(["单位", "联系人", "经办人"]) == ["name", "contact", "owner"]
    assert headings.guess(["单位", "经办人"]) == ["name", "contact"]
    assert headings.guess(["日期", "建档日期"]) == [None, "created_on"]


def test_several_columns_mean_one_field_only_where_that_makes_sense():
    assert headings.guess(["客户名称", "手机", "电话", "备注", "说明"]) == [
        "name",
        "phone",
        "phone",
        "remarks",
        "remarks",
    ]
    assert headings.guess(["客户名称", "公司名称", "注册地址", "收货地址"]) == ["name", None, "address", None]


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (["Company", "First Name", "Last Name"], ["name", "given_name", "family_name"]),
        (["Surname", "Given name", "Phone"], ["family_name", "given_name", "phone"]),
        (["单位", "姓", "名"], ["name", "family_name", "given_name"]),
        (["姓", "名字", "手机"], ["family_name", "given_name", "phone"]),
        (["Name", "Surname", "Company"], ["given_name", "family_name", "name"]),
        (["公司", "联系人", "姓", "名"], ["name", "contact", None, None]),  # the whole name is there
        (["姓名", "姓", "名", "手机"], ["name", None, None, "phone"]),
        (["Full Name", "Company", "Email"], ["contact", "name", "email"]),
        (["First Name", "Last Name", "Company / Account"], ["given_name", "family_name", "name"]),
    ],
)
def test_columns_of_names_in_parts(row, fields):
    assert headings.guess(row) == fields


def test_a_second_customer_beside_the_first_is_not_mixed_with_it():
    beside = ["客户名称", "电话", "", "客户名称", "电话", "备注"]
    assert headings.guess(beside) == ["name", "phone", None, None, None, "remarks"]
    assert headings.guess(["客户名称(中文)", "电话", "客户名称(英文)", "电话2"]) == ["name", "phone", None, "phone"]


def test_columns_as_other_programs_export_them():
    salesforce = ["Account Name", "Account Owner", "Billing Street", "Billing City", "Billing State/Province", "Rating"]
    assert headings.guess(salesforce) == ["name", "owner", "address", "city", "province", "tier"]
    hubspot = ["Associated Company", "Contact owner", "State/Region", "Country/Region", "Create Date"]
    assert headings.guess(hubspot) == ["name", "owner", "province", "country", "created_on"]
    assert headings.guess(["Associated Company", "Company name"]) == [None, "name"]
    invoices = ["购方名称", "购方税号", "购方地址电话", "购方开户行及账号", "开票日期"]
    assert headings.guess(invoices) == ["name", "credit_code", "address", None, None]
    assert headings.guess(["客户名称", "地址及电话", "负责人", "负责人主属部门"]) == [
        "name",
        "address",
        "contact",
        "branch",
    ]


def test_a_column_of_persons_makes_its_customers_individuals():
    assert headings.names_persons(["姓名", "电话"], ["name", "phone"])
    assert headings.names_persons(["姓", "名"], ["family_name", "given_name"])
    assert not headings.names_persons(["客户名称", "姓名"], ["name", "contact"])


def test_the_fingerprint_is_that_of_the_headings_and_their_order():
    told = headings.fingerprint(["客户名称", "电话"])
    assert told == headings.fingerprint([" *客户名称", "电话："])
    assert told != headings.fingerprint(["电话", "客户名称"])
    assert told != headings.fingerprint(["客户名称", "手机"])


@given(st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=300)), max_size=10))
def test_any_heading_is_survived(cells):
    guessed = headings.guess(cells)
    assert len(guessed) == len(cells)
    once = [field for field in guessed if field and field not in headings.REPEATABLE]
    assert len(once) == len(set(once))


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (["客户名称", "联系人", "电话", "联系人2", "电话2"], ["name", "contact", "phone", "contact2", "phone2"]),
        (["客户名称", "联系人1", "电话1", "联系人二", "电话二"], ["name", "contact", "phone", "contact2", "phone2"]),
        (
            ["Company", "Contact", "Phone", "Second contact", "Second phone", "Contact 3", "Title 3"],
            ["name", "contact", "phone", "contact2", "phone2", "contact3", "title3"],
        ),
        (["客户名称", "电话", "电话2"], ["name", "phone", "phone"]),  # two numbers of one customer
        (["客户名称", "联系人", "电话", "电话2", "三证合一号"], ["name", "contact", "phone", "phone", "credit_code"]),
        (["客户名称", "联系人2", "电话2"], ["name", "contact", "phone"]),  # there is no first one
    ],
)
def test_columns_of_further_contacts(row, fields):
    assert headings.guess(row) == fields


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    "row",
    [
        "客户名称 Customer Name|联系电话 Tel|所属分店 Branch|建档日期 Filing date|传真 Fax",
        "Customer Name 客户名称|Tel: 联系电话|Branch 所属分店|Date Created 建档日期|QQ 号码",
        "客户名称\nCustomer|联系电话\nPhone No.|所属分店\nStore|建档日期\nDate|WeChat号",
        "1. 客户名称|2. 联系电话|3. 所属分店|4. 建档日期|5. 传真",
        "①客户名称|②联系电话|③所属分店|④建档日期|⑤传真",
        "A、客户名称|B、联系电话|C、所属分店|D、建档日期|E、传真",
        "客户信息-客户名称|联系信息-手机|归属信息-分店|建档信息-日期|开票信息-电话",
        "1.客户名称 Customer Name*|2.联系电话 Tel（必填）|3.所属分店 Branch|4.建档日期 Date|5.客户 ID",
    ],
)
def test_headings_in_two_languages_with_numbers_or_groups(row):
    assert headings.guess(row.split("|")) == ["name", "phone", "branch", "created_on", None]


def test_what_is_called_by_its_shop_may_be_the_customer():
    assert headings.guess(["店铺名称", "归属分店"]) == ["name", "branch"]
    assert headings.guess(["客户名称", "店铺名称"]) == ["name", "branch"]
    assert headings.guess(["店铺名称", "客户名称", "所属分店"]) == [None, "name", "branch"]


def test_the_first_of_two_contacts_may_be_numbered_too():
    row = ["客户名称", "联系人1姓名", "联系人1电话", "联系人2姓名", "联系人2电话"]
    assert headings.guess(row) == ["name", "contact", "phone", "contact2", "phone2"]
