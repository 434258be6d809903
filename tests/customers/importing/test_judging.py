"""One row: what comes out clean, and why it is not taken."""

import datetime
import time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from customers.importing.judged import REJECTED, WARNINGS
from customers.importing.judging import Judge
from customers.importing.wording import Wording
from customers.values.keys import Profile

FIELDS = {
    "单位": "name",
    "联系人": "contact",
    "电话": "phone",
    "手机": "phone",
    "邮箱": "email",
    "地址": "address",
    "信用代码": "credit_code",
    "分店": "branch",
    "来源": "source",
    "等级": "tier",
    "行业": "industry",
    "日期": "created_on",
    "建档人": "author",
    "备注": "remarks",
    "序号": "number",
    "颜色": None,
}
GOOD_CODE = "91308191JNFYC4PRUP"


def words(**more):
    return Wording(branches={"北京朝阳分店": 7}, industries={"广告": "adv", "Advertising": "adv"}, **more)


def judged(wording=None, *, date1904=False, **cells):
    """The row with these cells; what is not said is good."""
    row = {"单位": "远山广告有限公司", "电话": "13912345670", "分店": "北京朝阳分店"} | cells
    with translation.override("en"):
        judge = Judge(list(FIELDS), list(FIELDS.values()), wording or words(), date1904=date1904)
        return judge([row.get(heading) for heading in FIELDS])


def told(found):
    return [(list(FIELDS)[problem.column], problem.code) for problem in found.problems]


@pytest.mark.clause("REC-15")
def test_a_good_row_comes_out_clean():
    found = judged(
        单位="\u3000远山广告（北京）有限公司\xa0\u200b",
        联系人="李 娜 经理",
        邮箱="LI@Example.com",
        信用代码=GOOD_CODE.lower(),
        来源="转介绍",
        等级="重点客户",
        行业="广告",
        日期="2012年5月3日",
        建档人="王芳",
        备注="月结",
        颜色="红",
        序号=7.0,
    )
    assert not found.rejected
    assert not found.problems
    assert not found.virtual
    assert (found.name, found.contact, found.title) == ("远山广告（北京）有限公司", "李娜", "经理")
    assert [phone.e164 for phone in found.phones] == ["+8613912345670"]
    assert found.emails == ("li@example.com",)
    assert (found.credit_code, found.branch, found.source, found.tier) == (GOOD_CODE, 7, "customer_referral", "key")
    assert (found.industry, found.created_on, found.author) == ("adv", datetime.date(2012, 5, 3), "王芳")
    assert (found.remarks, found.extras) == ("月结", {"序号": "7", "颜色": "红"})


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ({"单位": None}, "no_name", "单位"),
        ({"单位": " \u3000\xa0"}, "no_name", "单位"),
        ({"电话": None}, "no_contact", "电话"),
        ({"电话": "无", "地址": "-", "邮箱": "/"}, "no_contact", "电话"),
        ({"电话": "1234567"}, "no_contact", "电话"),
        ({"信用代码": GOOD_CODE[:-1] + "A"}, "credit_code", "信用代码"),
        ({"信用代码": "123"}, "credit_code", "信用代码"),
        ({"信用代码": 913081911234567890.0}, "credit_code", "信用代码"),
        ({"日期": "2014-02-30"}, "date", "日期"),
        ({"日期": "去年五月"}, "date", "日期"),
        ({"日期": "不详"}, "date", "日期"),
        ({"日期": 12.0}, "date", "日期"),
        ({"分店": "火星分店"}, "branch", "分店"),
        ({"分店": None}, "branch", "分店"),
    ],
)
def test_reasons_to_reject_and_the_cell_to_colour(cells, reason, column):
    found = judged(**cells)
    assert found.rejected == reason
    assert (column, reason) in told(found)
    assert all(problem.sentence.endswith((".", "。")) for problem in found.problems)


@pytest.mark.clause("REC-15")
def test_the_first_reason_counts_and_all_bad_cells_are_told():
    bad = {"单位": None, "电话": None, "信用代码": "X", "日期": "?", "分店": "?"}
    assert list(REJECTED) == ["no_name", "no_contact", "credit_code", "date", "branch"]
    for count, reason in enumerate(REJECTED):
        found = judged(**dict(list(bad.items())[count:]))
        assert found.rejected == reason
        assert {code for _column, code in told(found)} == set(list(REJECTED)[count:])


@pytest.mark.parametrize(
    "way", [{"电话": "13912345670"}, {"手机": 13912345670.0}, {"邮箱": "a@b.cn"}, {"地址": "中山路1号"}]
)
def test_one_way_of_contact_is_enough(way):
    assert not judged(**({"电话": None} | way)).rejected


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        (13780124454.0, ["+8613780124454"]),
        ("13780124454.0", ["+8613780124454"]),
        ("１３７８０１２４４５４", ["+8613780124454"]),
        ("\u3000 137-8012-4454\xa0", ["+8613780124454"]),
        ("137 8012 4454", ["+8613780124454"]),
        ("+86 13780124454", ["+8613780124454"]),
        ("008613780124454", ["+8613780124454"]),
        ("13780124454/13912345670", ["+8613780124454", "+8613912345670"]),
        ("13780124454、13912345670", ["+8613780124454", "+8613912345670"]),
        ("13780124454；13912345670", ["+8613780124454", "+8613912345670"]),
        ("13780124454,13912345670", ["+8613780124454", "+8613912345670"]),
        ("13780124454\n13912345670", ["+8613780124454", "+8613912345670"]),
        ("13780124454 13912345670", ["+8613780124454", "+8613912345670"]),
        ("1378012445413912345670", ["+8613780124454", "+8613912345670"]),
        ("010-6552 1234转802", ["+861065521234x802"]),
        ("010-65521234-802", ["+861065521234x802"]),
    ],
)
def test_phones_as_branches_write_them(written, numbers):
    found = judged(电话=written)
    assert [phone.e164 + "x" * bool(phone.extension) + phone.extension for phone in found.phones] == numbers
    assert not found.problems


def test_phones_of_all_columns_are_taken_once():
    found = judged(电话="010-65521234/13912345670", 手机=13912345670.0)
    assert [phone.e164 for phone in found.phones] == ["+861065521234", "+8613912345670"]


@pytest.mark.clause("REC-15")
def test_a_second_phone_that_cannot_be_read_is_kept_in_the_remarks():
    found = judged(电话="13912345670/1391234567", 备注="月结")
    assert not found.rejected
    assert found.warned
    assert [phone.e164 for phone in found.phones] == ["+8613912345670"]
    assert found.remarks == "月结\n电话: 1391234567"
    assert told(found) == [("电话", "phone")]
    assert judged(电话="12912345670", 地址="中山路1号").remarks == "电话: 12912345670"


@pytest.mark.clause("REC-15")
def test_words_beside_a_number_are_kept_and_no_fault():
    found = judged(电话="王总：13912345670（微信同号）", 联系人="王芳")
    assert ([phone.e164 for phone in found.phones], told(found)) == (["+8613912345670"], [])
    assert found.remarks == "电话: 微信同号\n电话: 王总"
    judge = Judge(["客户名称", "联系方式"], ["name", "phone"], words(defaults={"branch": 1}))
    found = judge(["远山广告", "王经理：13912345670"])
    assert (found.contact, found.remarks, len(found.phones)) == ("王经理", "", 1)


@pytest.mark.clause("REC-15")
def test_a_number_that_the_spreadsheet_has_shortened_is_read_only_where_no_digit_lacks():
    found = judged(电话="1.3912345670E+10")
    assert ([phone.e164 for phone in found.phones], told(found)) == (["+8613912345670"], [])
    found = judged(电话="1.39E+10", 手机="13912345671")
    assert ([phone.e164 for phone in found.phones], found.remarks) == (["+8613912345671"], "电话: 1.39E+10")
    assert told(found) == [("电话", "cut_by_spreadsheet")]


def test_what_is_no_address_of_mail_is_kept_in_the_remarks():
    found = judged(邮箱="li@example.com; 没有邮箱了")
    assert (found.emails, found.remarks, told(found)) == (("li@example.com",), "邮箱: 没有邮箱了", [("邮箱", "email")])


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    "written",
    [
        "LI@Example.com",
        "mailto:li@example.com",
        "<li@example.com>",
        "li＠example.com。",
        "li@example.com;",
        "li @ example.com",
        "邮箱：li@example.com",
        "“li@example.com”",
        "＜li@example．com＞",
        "李娜 <li@example.com>",
        '"李娜" <li@example.com>',
    ],
)
def test_e_mail_addresses_as_branches_write_them(written):
    found = judged(邮箱=written, 联系人="李娜")
    assert (found.emails, found.contact, found.remarks, told(found)) == (("li@example.com",), "李娜", "", [])


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    "cells",
    [
        {"电话": "li2013@example.com", "邮箱": "13912345670"},
        {"电话": "13912345670 li2013@example.com"},
        {"电话": None, "邮箱": "li2013@example.com / 13912345670"},
    ],
)
def test_phones_and_addresses_are_taken_where_they_stand(cells):
    found = judged(**cells)
    assert (found.emails, [phone.e164 for phone in found.phones]) == (("li2013@example.com",), ["+8613912345670"])
    assert (found.remarks, told(found)) == ("", [])


@pytest.mark.parametrize(
    ("written", "address", "numbers"),
    [
        ("文三路3号 0571-87650004", "文三路3号", ["+8657187650004"]),
        ("文三路3号，电话：13957110005、13957110006", "文三路3号", ["+8613957110005", "+8613957110006"]),
        ("文三路3号 1234567", "文三路3号 1234567", []),
        ("文三路 13 号", "文三路 13 号", []),
    ],
)
def test_a_column_of_address_and_phone(written, address, numbers):
    judge = Judge(["单位名称", "地址、电话"], ["name", "address"], words(defaults={"branch": 1}))
    found = judge(["远山", written])
    assert (found.address, [phone.e164 for phone in found.phones]) == (address, numbers)


@pytest.mark.parametrize("written", ["(", ";", "1、", "\t,", ":"])
def test_no_cell_is_so_long_that_the_reader_stands_still(written):
    judge = Judge(["单位", "联系人", "地址、电话"], ["name", "contact", "address"], words(defaults={"branch": 1}))
    long = (written * 32_767)[:32_767] + "x"
    before = time.process_time()
    judge(["远山", long, long])
    assert time.process_time() - before < 5  # seconds; looked for from each of its characters, a minute


def test_a_word_of_respect_is_no_part_of_a_name():
    headings = ["单位", "联系人", "职务", "地址"]
    judge = Judge(headings, ["name", "contact", "title", "address"], words(defaults={"branch": 1}))
    for written, said in {
        ("王芳女士", "采购"): ("王芳", "采购"),
        ("王芳女士", None): ("王芳", ""),
        ("王芳采购经理", "采购经理"): ("王芳", "采购经理"),
        ("王芳采购经理", "经理"): ("王芳采购经理", "经理"),
    }.items():
        found = judge(["远山", *written, "路1号"])
        assert (found.contact, found.title) == said


def test_the_name_beside_an_e_mail_address_is_kept():
    found = judged(邮箱="Li Na <li@example.com>, 王芳 <wang@example.com>")
    assert (found.emails, found.contact) == (("li@example.com", "wang@example.com"), "Li Na")
    assert (found.remarks, told(found)) == ("邮箱: 王芳", [])


@pytest.mark.parametrize(
    "written", ["li@example", "li.example.com", "li@example.com@b.cn", "@example.com", "a" * 70 + "@b.cn"]
)
def test_no_address_is_guessed_from_a_broken_one(written):
    found = judged(邮箱=written)
    assert (found.emails, told(found)) == ((), [("邮箱", "email")])


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("family", "given", "contact"),
    [
        ("王", "芳", "王芳"),
        ("Wang", "Fang", "Fang Wang"),
        ("欧阳", "", "欧阳"),
        ("", "Fang", "Fang"),
        ("Li", "Na", "Na Li"),
        ("Li", "N/A", "Li"),
        ("-", "无", ""),
    ],
)
def test_a_name_in_two_columns_is_the_contact(family, given, contact):
    judge = Judge(
        ["公司", "姓", "名", "电话"], ["name", "family_name", "given_name", "phone"], words(defaults={"branch": 1})
    )
    found = judge(["远山广告", family, given, "13912345670"])
    assert (found.name, found.contact, found.kind, found.rejected) == ("远山广告", contact, "company", "")


def test_a_name_in_two_columns_is_the_customer_where_no_other_is_named():
    judge = Judge(["姓", "名", "电话"], ["family_name", "given_name", "phone"], words(defaults={"branch": 1}))
    found = judge(["王", "芳", "13912345670"])
    assert (found.name, found.contact, found.kind, found.rejected) == ("王芳", "", "individual", "")
    assert judge([None, None, "13912345670"]).rejected == "no_name"


def test_a_contact_with_the_phone_beside_the_name():
    found = judged(电话=None, 联系人="张三 13912345670")
    assert (found.contact, [phone.e164 for phone in found.phones], found.rejected) == ("张三", ["+8613912345670"], "")


def test_a_name_beside_the_phone_is_the_contact_where_no_column_has_one():
    judge = Judge(["客户名称", "联系人/电话"], ["name", "phone"], words(defaults={"branch": 1}))
    found = judge(["远山广告", "张三 13912345670"])
    assert (found.contact, [phone.e164 for phone in found.phones], found.warned) == ("张三", ["+8613912345670"], False)
    assert judged(电话="张三 13912345670", 联系人="李四").remarks == "电话: 张三"


@pytest.mark.clause("REC-15", "AUD-08")
def test_invented_names_and_phones_are_marked():
    found = judged(单位="测试客户")
    assert (found.rejected, found.virtual, told(found)) == ("", ("test",), [("单位", "virtual_name")])
    found = judged(电话="13800138000")
    assert (found.rejected, found.virtual, told(found)) == ("", ("well_known",), [("电话", "virtual_phone")])
    assert not found.warned


@pytest.mark.clause("REC-15")
def test_unknown_words_take_the_default_and_are_kept():
    found = judged(words(defaults={"tier": "normal", "source": "walk_in"}), 等级="钻石", 来源="托梦", 行业="炼金")
    assert not found.rejected
    assert (found.tier, found.source, found.industry) == ("normal", "walk_in", None)
    assert found.extras == {"等级": "钻石", "来源": "托梦", "行业": "炼金"}
    assert told(found) == [("来源", "unknown_word"), ("等级", "unknown_word"), ("行业", "left_empty")]
    defaults = {"tier": "normal", "source": "walk_in", "industry": "adv"}
    assert told(judged(words(defaults=defaults), 行业="炼金")) == [("行业", "unknown_word")]
    assert judged(words(corrections={"tier": {"钻石": "strategic"}}), 等级="钻 石").tier == "strategic"
    assert judged(等级="B（重点客户）").tier == "key"
    assert judged(分店="北京朝阳分店（东区）").rejected == "branch"  # it may be another unit


@pytest.mark.clause("REC-07", "REC-15")
def test_what_is_no_credit_code_at_all_is_kept_and_no_reason_to_reject():
    found = judged(信用代码="110108012345678")
    assert (found.rejected, found.credit_code, told(found)) == ("", "", [("信用代码", "old_number")])
    assert found.extras == {"信用代码": "110108012345678"}
    for written in ("待补", "办理中", "暂无"):
        found = judged(信用代码=written)
        assert (found.rejected, found.credit_code, found.warned) == ("", "", False)
    assert judged(信用代码=f"统一社会信用代码：{GOOD_CODE}").credit_code == GOOD_CODE
    assert judged(信用代码=GOOD_CODE[:15]).rejected == "credit_code"


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("area", "written", "extension", "number", "kept"),
    [
        ("010", "65521234", None, "+861065521234", {}),
        ("0512", "6552 1234", "802", "+8651265521234x802", {}),
        (512.0, 65521234.0, 802.0, "+8651265521234x802", {}),
        ("010", "010-65521234", None, "+861065521234", {}),
        ("0512", "010-65521234", None, "+861065521234", {"区号": "0512"}),
        ("0512", "13912345670", "802", "+8613912345670", {"区号": "0512", "分机": "802"}),
        (None, "010-65521234-801", "802", "+861065521234x801", {"分机": "802"}),
    ],
)
def test_area_code_and_extension_may_have_columns_of_their_own(area, written, extension, number, kept):
    headings, fields = ["客户名称", "区号", "电话", "分机"], ["name", None, "phone", None]
    found = Judge(headings, fields, words(defaults={"branch": 1}))(["远山广告", area, written, extension])
    assert [phone.e164 + "x" * bool(phone.extension) + phone.extension for phone in found.phones] == [number]
    assert (found.extras, told(found)) == (kept, [])


def test_an_area_code_alone_is_no_way_of_contact():
    judge = Judge(["客户名称", "区号", "电话"], ["name", None, "phone"], words(defaults={"branch": 1}))
    found = judge(["远山广告", "0512", None])
    assert (found.rejected, found.extras) == ("no_contact", {"区号": "0512"})


def test_words_that_mean_nothing_are_told_for_mapping():
    wording = words()
    judged(wording, 等级="钻石", 来源="上门", 分店="火星分店")
    assert wording.unknown() == {"branch": {"火星分店": 1}, "tier": {"钻石": 1}}


@pytest.mark.clause("REC-15")
def test_rows_without_a_unit_go_to_the_chosen_one():
    wording = words(defaults={"branch": 9})
    assert judged(wording, 分店=None).branch == 9
    found = judged(wording, 分店="火星分店")
    assert (found.branch, found.rejected, found.extras, told(found)) == (
        9,
        "",
        {"分店": "火星分店"},
        [("分店", "default_branch")],
    )
    assert judged(wording, 分店=" 北京 朝阳分店").branch == 7


@pytest.mark.clause("REC-15")
def test_a_sheet_with_the_name_of_a_unit_is_its_own():
    wording = words(defaults={"branch": 9})
    row = ["远山广告", "13912345670", None]
    for sheet, unit in {"北京朝阳分店": 7, "Sheet1": 9, "": 9}.items():
        judge = Judge(["客户名称", "电话", "备注"], ["name", "phone", "remarks"], wording, sheet=sheet)
        assert (judge(row).branch, judge(row).rejected) == (unit, "")
    judge = Judge(["客户名称", "电话", "分店"], ["name", "phone", "branch"], words(), sheet="北京朝阳分店")
    assert judge(row).rejected == "branch"  # the column counts


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    "written",
    [
        "2012.5.3",
        "2012/5/3",
        "2012-05-03",
        "2012年5月3日",
        "20120503",
        "12-5-3",
        41032.0,
        "41032",
        "2012-05-03 00:00:00",
    ],
)
def test_dates_as_branches_write_them(written):
    assert judged(日期=written).created_on == datetime.date(2012, 5, 3)


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("order", "day"),
    [(None, None), ("year", None), ("day", datetime.date(2012, 3, 5)), ("month", datetime.date(2012, 5, 3))],
)
def test_day_and_month_are_told_apart_by_their_column_or_not_at_all(order, day):
    judge = Judge(["客户名称", "地址", "日期"], ["name", "address", "created_on"], words(defaults={"branch": 1}),
                  date_orders=[None, None, order])  # fmt: skip
    assert judge(["远山广告", "路1号", "12/31/2012"]).created_on == datetime.date(2012, 12, 31)
    found = judge(["远山广告", "路1号", "5/3/2012"])
    assert (found.created_on, found.rejected) == (day, "" if day else "date")


def test_serial_numbers_count_from_1904_where_the_workbook_does():
    assert judged(日期=39570.0, date1904=True).created_on == datetime.date(2012, 5, 3)


@pytest.mark.clause("REC-15")
def test_a_formula_without_a_value_is_told_and_never_a_value():
    found = judged(备注="#REF!", 等级="#N/A", 颜色="#FORMULA!")
    assert (found.rejected, found.warned, found.remarks, found.extras) == ("", True, "", {})
    assert sorted(told(found)) == [("备注", "formula"), ("等级", "formula"), ("颜色", "formula")]
    for heading, reason in {"单位": "no_name", "电话": "no_contact", "分店": "branch", "日期": "date"}.items():
        found = judged(**{heading: "#VALUE!"})
        assert found.rejected == reason
        assert heading in {column for column, _code in told(found)}


def test_a_number_that_the_spreadsheet_has_cut_is_never_guessed():
    found = judged(颜色=110101199003071234.0)
    assert told(found) == [("颜色", "cut_by_spreadsheet")]
    found = judged(信用代码=911101051234567890.0)
    assert found.rejected == "credit_code"
    assert "cut off digits" in found.problems[0].sentence


def test_long_texts_are_cut_and_kept_whole():
    found = judged(单位="远" + "山" * 200, 备注="注" * 3000)
    assert (len(found.name), len(found.remarks)) == (120, 2000)
    assert (len(found.extras["单位"]), len(found.extras["备注"])) == (201, 3000)
    assert found.warned


def test_columns_without_heading_and_equal_headings_are_kept_apart():
    judge = Judge(
        ["客户名称", "地址", "", "颜色", "颜色"], ["name", "address", None, None, None], words(defaults={"branch": 1})
    )
    with translation.override("en"):
        judge = Judge(
            ["客户名称", "地址", "", "颜色", "颜色"],
            ["name", "address", None, None, None],
            words(defaults={"branch": 1}),
        )
        found = judge(["远山", "路1号", "甲", "红", "蓝", "远"])
    assert found.extras == {"Column 3": "甲", "颜色": "红", "颜色 2": "蓝", "Column 6": "远"}


def test_customers_of_a_column_of_persons_are_individuals():
    judge = Judge(["姓名", "电话"], ["name", "phone"], words(defaults={"branch": 1}))
    found = judge(["张 三", "13912345670"])
    assert (found.kind, found.name, found.profile().is_company) == ("individual", "张三", False)
    assert judged().kind == "company"


ANY_CELL = st.one_of(st.none(), st.booleans(), st.floats(), st.text(st.characters(exclude_categories=()), max_size=60))


@given(st.lists(ANY_CELL, min_size=len(FIELDS), max_size=len(FIELDS) + 2))
def test_any_row_is_survived_and_rejected_rows_say_why(cells):
    found = Judge(list(FIELDS), list(FIELDS.values()), words())(cells)
    assert found.rejected in ("", *REJECTED)
    assert bool(found.rejected) == any(problem.code in REJECTED for problem in found.problems)
    assert all(problem.code in REJECTED or problem.code in WARNINGS for problem in found.problems)
    assert len(found.name) <= 120


@given(
    st.sampled_from(["远山广告有限公司", "测试客户", "公司", "甲", "张 三", "Far Hill Co., Ltd."]),
    st.sampled_from([None, "个人", "企业"]),
    st.lists(
        st.sampled_from(["13912345670", "13800138000", "010-65521234", "95588", "4008123123", "+85223456789"]),
        max_size=3,
    ),
    st.sampled_from([None, GOOD_CODE]),
    st.sampled_from([None, "a@b.cn; C@D.com"]),
)
def test_what_is_known_for_comparing_is_what_would_be_found(name, kind, numbers, code, mail):
    fields = ["name", "kind", "phone", "credit_code", "email"]
    found = Judge(fields, fields, words(defaults={"branch": 1}))([name, kind, "/".join(numbers) or None, code, mail])
    known = found.profile()
    other = Profile(known.name, known.credit_code, known.phones, known.branch, known.is_company, known.emails)
    for what in ("core", "code", "phone_keys", "email_keys"):
        assert getattr(known, what) == getattr(other, what), what
