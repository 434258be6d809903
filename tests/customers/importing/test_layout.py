"""Where the header stands, and which rows are no data."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.importing.header import find_header
from customers.importing.headings import CUSTOMERS
from customers.importing.ignored_rows import IGNORED, why_ignored
from customers.importing.layout import tables
from customers.importing.reading import Batch, Sheet

from . import workbooks

HEADER = ["序号", "客户名称", "联系人", "联系电话", "地址", "所属分店", "建档日期", "备注"]
REAL_NAMES = Path(__file__).resolve().parents[2] / "data" / "company_short_names.txt.gz"
DATA = [1.0, "远山广告有限公司", "李娜", "13812345678", "中山路1号", "北京朝阳分店", "2019-10-17", "月结"]


def looks(rows, *, header_rows=None, merges=(), size=7):
    """[(number, why ignored)] and the tables of rows in one sheet."""
    sheet = Sheet(1, "客户", False, list(merges))
    rows = [[cell if cell != "" else None for cell in row] for row in rows]
    batches = [Batch(sheet, at + 1, rows[at : at + size]) for at in range(0, len(rows), size)] or [Batch(sheet, 1, [])]
    found, headers = [], []
    for table in tables(batches, header_rows=header_rows):
        headers.append(table)
        found += [(row.number, row.ignored) for row in table]
    return found, headers


def why(row, header=HEADER):
    """Why a row below the header and one row of data is ignored."""
    found, _headers = looks([header, DATA, row, DATA])
    return dict(found)[3]


@pytest.mark.clause("REC-15")
def test_titles_blanks_headers_and_totals_are_ignored_and_nothing_else():
    rows = [
        ["各分店客户档案汇总表（2024）"],
        [],
        HEADER,
        DATA,
        [],
        DATA,
        HEADER,
        DATA,
        ["小计", "3家"],
        DATA,
        ["合计", "4家"],
    ]
    found, [table] = looks(rows)
    assert table.header_row == 3
    assert table.headings == HEADER
    assert [(number, ignored) for number, ignored in found if ignored] == [
        (1, "title"),
        (2, "blank"),
        (5, "blank"),
        (7, "header"),
        (9, "total"),
        (11, "total"),
    ]
    assert [number for number, ignored in found if not ignored] == [4, 6, 8, 10]
    assert {ignored for _number, ignored in found if ignored} <= set(IGNORED)


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "3000家"],
        ["合 计", "", "", "", "", "", "", 12.0],
        ["", "合计：3000家"],
        ["总计:", 3000.0],
        ["", "", "", "小计", "", "", "", 5.0],
        ["本页小计", 20.0],
        ["Total", 20.0],
        ["Grand Total", "", "", "", "", 20.0],
        ["", "", "", "", "", "", "", 1234.5],
        ["", "", "", "", "", 3.0, "", "12家"],
        ["合计", "a", "b", "c", "d", "e", "f", "g"],
    ],
)
def test_totals(row):
    assert why(row) == "total"


@pytest.mark.parametrize(
    "row",
    [
        [],
        ["", " ", "\u3000", None, "\xa0", "\u200b"],
        [7.0],
        ["12"],
        ["KH-002"],
    ],
)
def test_blank_rows_also_those_that_only_have_a_number(row):
    assert why(row) == "blank"


@pytest.mark.parametrize(
    "row",
    [
        ["制表人：张三", "", "审核：李四"],
        ["备注：以上客户均已核对"],
        ["第1页 共3页"],
        ["二、沈阳铁西分店"],
        ["说明：带星号的为必填"],
    ],
)
def test_notes_and_titles_between_the_rows(row):
    assert why(row) == "title"


@pytest.mark.parametrize(
    "row",
    [
        ["", "远山广告有限公司"],
        [3.0, "", "", "13812345678"],
        ["", "", "", 13812345678.0],
        ["", "", "", "", "中山路1号"],
        [3.0, "合计广告有限公司", "李娜", "13812345678"],
        [3.0, "", "李娜"],
        [3.0, "1114", "李娜", "13812345678", "中山路1号", "北京朝阳分店", "2019-10-17", "小计"],
        [3.0, "客户服务中心", "联系人甲", "13812345678", "地址不详", "分店", "2019-10-17", "备注"],
    ],
)
def test_incomplete_rows_are_rows_all_the_same(row):
    assert why(row) == ""


def test_headers_are_repeated_with_other_spacing():
    assert why([" 序 号", "客户名称*", "联系人", "联系电话：", "地址", "所属分店", "建档日期", "备 注"]) == "header"
    numbered = ["序号", "客户名称", "联系人1", "联系电话1", "联系电话2", "所属分店", "建档日期", "备注"]
    assert why(numbered, numbered) == "header"


def test_a_title_is_repeated_where_a_new_page_begins():
    header = HEADER[1:]
    found, _tables = looks([["客户档案"], header, DATA[1:], ["客户档案"], header, DATA[1:]])
    assert [ignored for _number, ignored in found] == ["title", "", "title", "header", ""]


def test_a_form_line_above_is_not_the_header():
    found, [table] = looks([["单位：", "朝阳分店", "日期：", "2024-01-01"], HEADER, DATA])
    assert table.header_row == 2
    assert found == [(1, "title"), (3, "")]


def test_two_lines_of_headings():
    upper = ["序号", "客户名称", "联系方式", "", "", "建档日期"]
    lower = ["", "", "联系人", "手机", "座机", ""]
    found, [table] = looks([["标题"], upper, lower, [1.0, "远山", "李娜", "138", "010", "2012.5.3"]])
    assert table.headings == ["序号", "客户名称", "联系人", "手机", "座机", "建档日期"]
    assert table.fields == ["number", "name", "contact", "phone", "phone", "created_on"]
    assert found == [(1, "title"), (4, "")]


@pytest.mark.clause("REC-15")
def test_two_lines_of_headings_come_again_on_the_next_page():
    upper = ["序号", "基本信息", "", "联系方式", "", "其他"]
    lower = ["", "单位名称", "联系人", "手机", "座机", "登记日期"]
    row = [1.0, "远山广告", "李娜", "13912345670", "", "2012.5.3"]
    found, [table] = looks([upper, lower, row, upper, lower, row])
    assert table.fields == ["number", "name", "contact", "phone", "phone", "created_on"]
    assert found == [(3, ""), (4, "header"), (5, "header"), (6, "")]


def test_equal_headings_below_two_others_are_told_apart():
    upper = ["客户名称", "联系人一", "", "联系人二", "", "分店"]
    lower = ["", "姓名", "电话", "姓名", "电话", ""]
    _found, [table] = looks([upper, lower, ["远山", "李娜", "13912345670", "王芳", "13912345671", "北京"]])
    assert table.headings == ["客户名称", "联系人一姓名", "联系人一电话", "联系人二姓名", "联系人二电话", "分店"]
    assert table.fields == ["name", "contact", "phone", "contact2", "phone2", "branch"]


def test_groups_over_the_headings():
    upper = ["序号", "客户", "", "联系信息", "", ""]
    lower = ["", "客户名称", "地址", "联系人", "手机", "备注"]
    _found, [table] = looks([upper, lower, [1.0, "远山", "路1号", "李娜", "138", ""]])
    assert table.headings == ["序号", "客户名称", "地址", "联系人", "手机", "备注"]


def test_another_header_further_down_begins_another_table():
    other = ["客户名称", "地址", "手机", "联系人"]
    found, [first, second] = looks([HEADER, DATA, [], other, ["长河公司", "路2号", "13912345678", "王芳"]])
    assert (first.header_row, second.header_row) == (1, 4)
    assert second.fields == ["name", "address", "phone", "contact"]
    assert found == [(2, ""), (3, "blank"), (4, "header"), (5, "")]


@pytest.mark.clause("REC-15")
def test_sheets_without_a_header_are_skipped_and_named(tmp_path, laid_out):
    notes = [["填表说明"], ["字段名称", "说明"], ["客户名称", "必填，营业执照上的全称"], ["联系电话", "必填"]]
    path = workbooks.xlsx(
        tmp_path / "a.xlsx", ("说明", notes), ("北京", [HEADER, DATA]), ("空", []), ("上海", [HEADER, DATA])
    )
    found = laid_out(path)
    assert [(table.sheet.name, table.header_row, len(rows)) for table, rows in found] == [
        ("说明", None, 0),
        ("北京", 1, 1),
        ("空", None, 0),
        ("上海", 1, 1),
    ]


def test_the_header_is_corrected_by_hand():
    rows = [["甲", "乙"], ["丙", "丁"], ["戊", "己"]]
    assert looks(rows)[0] == []
    found, [table] = looks(rows, header_rows={1: 2})
    assert (table.headings, table.fields) == (["丙", "丁"], [None, None])
    assert found == [(1, "title"), (3, "")]
    assert looks([HEADER, DATA], header_rows={1: None})[1][0].header_row is None
    assert looks([HEADER, DATA], header_rows={1: 99})[1][0].header_row is None


def test_what_is_merged_over_rows_holds_for_all_of_them(tmp_path, laid_out):
    rows = [
        ["所属分店", "客户名称", "电话"],
        ["朝阳", "远山", "1"],
        ["", "长河", "2"],
        ["", "大地", "3"],
        ["丰台", "蓝天", "4"],
    ]
    path = workbooks.xlsx(tmp_path / "a.xlsx", rows, merges=[(1, 0, 3, 0)])
    [(_table, read)] = laid_out(path)
    assert [row.cells[0] for row in read] == ["朝阳", "朝阳", "朝阳", "丰台"]


def test_cells_beyond_the_headings_and_short_rows_are_kept(tmp_path, laid_out):
    path = tmp_path / "a.csv"
    path.write_text("客户名称,电话\n远山,1,更多\n长河\n")
    [(_table, rows)] = laid_out(path)
    assert [row.cells for row in rows] == [["远山", "1", "更多"], ["长河", None]]


def test_tables_that_are_not_read_are_passed_over():
    batches = [Batch(Sheet(at, str(at)), 1, [HEADER, *[DATA] * 300]) for at in (1, 2, 3)]
    assert [table.sheet.name for table in tables(batches)] == ["1", "2", "3"]


ANY_CELL = st.one_of(
    st.none(), st.floats(), st.booleans(), st.text(max_size=30), st.sampled_from([*HEADER, "合计", "小计"])
)


@given(st.lists(st.lists(ANY_CELL, max_size=9), max_size=30), st.integers(1, 9))
def test_each_row_is_told_of_once_whatever_it_holds(rows, size):
    found, headers = looks(rows, size=size)
    numbers = [number for number, _ignored in found]
    assert numbers == sorted(set(numbers))
    if headers[0].header_row:
        lines = len(rows) - len(numbers)
        assert 1 <= lines <= 2  # the header itself
    else:
        assert numbers == []
    find_header(rows)


@pytest.mark.clause("REC-15")
def test_two_known_headings_among_very_many_are_a_header():
    headings = ["客户名称", "电话", *(f"列{at}" for at in range(198))]
    data = ["远山广告有限公司", "13812345678", *map(str, range(198))]
    found, [table] = looks([["说明"], headings, data])
    assert (table.header_row, table.fields[:2], len(table.headings)) == (2, ["name", "phone"], 200)
    assert found == [(1, "title"), (3, "")]
    # A row of data that happens to hold such words is none.
    _found, [table] = looks([["远山广告", "公司", "电话", "13812345678", *"abcdefgh"]] * 3)
    assert table.header_row is None


@pytest.mark.clause("REC-15")
def test_rows_between_two_headers_belong_to_the_first():
    first, second = ["客户名称", "电话1", "门店"], ["联系人", "客户名称", "电话1", "门店", "备注", "地址", "行业"]
    data = ["远山广告有限公司", "13812345678", "北京朝阳分店"]
    other = ["李娜", "长河商贸有限公司", "13812345679", "北京朝阳分店", "月结", "路1号", "印刷"]
    found, headers = looks([["客户一览"], first, data, second, other])
    assert [table.headings for table in headers] == [first, second]
    assert found == [(1, "title"), (3, ""), (4, "header"), (5, "")]


def test_a_card_of_one_customer_is_no_table():
    card = [
        ["客户登记卡"],
        ["客户名称", "远山广告", "联系人", "李娜"],
        ["联系电话", "13812345678", "地址", "路1号"],
        [],
    ]
    assert looks(card * 2)[1][0].header_row is None
    found, [table] = looks([["客户名称", "颜色", "电话", "尺码"], ["远山广告", "红", "13812345678", "5"]])
    assert (table.header_row, found) == (1, [(2, "")])


@pytest.mark.clause("REC-15")
def test_a_sheet_of_names_alone_has_a_header():
    found, [table] = looks([[], ["客户名称"], ["远山广告"], ["长河商贸"]])
    assert (table.header_row, found) == (2, [(1, "blank"), (3, ""), (4, "")])
    for cover in ([["客户名称"]], [["客户名称"], ["", "远山"]], [["说明"], ["客户名称"]], [["单位"], ["远山"]]):
        assert looks(cover)[1][0].header_row is None


NOTES = {
    "total": "共3条记录|共 35 家|总共3家|本表共3家|Grand Totals (3 records)|Total records: 3|3 records|Record count: 3",
    "title": "数据截止至2020年12月|截止到 2020-12-31|截至目前|截止：三月底|统计截至十二月|"
    "以上均由远山有限公司提供|以上数据已核对|统计时间：2020-1-1|导出人：admin|第 1 页，共 2 页|第一页|— 1 —|(续上表)|"
    "接下页|经办人：王芳|附：联系电话以手机为准|※带星号为必填|示例：远山广告|以下为空|日期：2020年1月1日|盖章|"
    "Page 1 of 3|End of report|"
    "Generated By: Li Ming 5/3/2021 2:22 PM|Report generated on 2021-05-03|Copyright (c) 2000-2021 somebody|"
    "Confidential Information - Do Not Distribute",
    "blank": "/|***",
    "": "截止阀厂|截止阀有限公司|以上传媒|以上信息科技有限公司|备注科技|说明书印刷厂|总计商贸|合计算机厂|"
    "汇总传媒|统计书店|共青城传媒|"
    "第一页广告|例外广告|Total Phone Ltd.|Page One Media|Notes & Co.|Copyright Media|Generated Arts",
}


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("ignored", "text"), [(ignored, text) for ignored, texts in NOTES.items() for text in texts.split("|")]
)
def test_notes_that_stand_alone_in_the_column_of_names(ignored, text):
    assert why(["", text]) == ignored


@pytest.mark.clause("REC-15")
def test_no_real_name_that_stands_alone_is_a_note():
    names = gzip.decompress(REAL_NAMES.read_bytes()).decode().split()
    written = [name + form for name in names for form in ("", "厂", "有限公司")]
    assert not [name for name in written if why_ignored([(0, name)], ["name", "phone"], set(), CUSTOMERS.who)]


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("row", "ignored"),
    [
        (["", "必填", "选填", "必填", "选填", "（必填）"], "title"),
        (["", "文本", "文本", "11位数字", "", "请选择", "日期", "不超过200字"], "title"),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], "title"),
        (["(1)", "(2)", "(3)", "(4)", "(5)"], "title"),
        (["", "日期", "", "13812345678"], ""),
        ([1.0, "2", "3", "13812345678"], ""),
    ],
)
def test_what_forms_write_below_their_headings(row, ignored):
    assert why(row) == ignored


@pytest.mark.parametrize(
    ("row", "ignored"),
    [
        (["", "北京朝阳分店 小计：3家"], "total"),
        (["", "北京朝阳分店小计", "", "", "", "", "", 12.0], "total"),
        (["", "北京朝阳分店小计", "3家", "", 3.0], "total"),
        (["总计（家）", "12"], "total"),
        (["", "北京朝阳分店合计", "", "13812345678"], ""),
        (["", "一、北京朝阳分店"], "title"),
        (["", "【重点客户】"], "title"),
        (["", "北京朝阳分店："], "title"),
        (["", "一、北京朝阳分店", "", "13812345678"], ""),
        (["----", "------------", "----"], "blank"),
        (["", "", "", "", "#N/A"], "blank"),
        (["以上传媒", "", "", "13812345678"], ""),
        (["以上均已核对", "", "", "王芳"], "title"),
        (["小計", "6家"], "total"),
        (["", "總計：6家"], "total"),
        (["北京朝陽分店小計", "6家"], "total"),
        (["", "共5张名片"], "total"),
        (["製表人：王小明", "", "", "審核：", "", "第1頁"], "title"),
        (["列印日期：2021年3月4日"], "title"),
        (["合計廣告有限公司", "", "", "13812345678"], ""),
        (["", "会计：李四", "", "出纳：张三"], "title"),
        (["", "复核：", "李四", "日期：2020-05-06"], "title"),
        (["", "导出时间 2020-05-06 12:00", "", "第1页，共3页"], "title"),
        (["", "Source: ERP"], "title"),
        (["", "1/3"], "title"),
        (["", "*** 报表结束 ***"], "title"),
        (["", "（以下空白）"], "title"),
        (["", "客户总数：20"], "total"),
        (["", "Total 12 records"], "total"),
        (["", "远山广告：13812345678"], ""),
        (["", "客户：远山广告", "联系人：李娜", "电话：13812345678"], ""),
        (["", "远山广告", "备注：老客户"], ""),
        (["", "【老客户】", "李娜", "", "中山路1号"], ""),
    ],
)
def test_totals_sections_and_notes_of_other_forms(row, ignored):
    assert why(row) == ignored


MONTHS = ["序号", "客户名称", "联系电话", "分店", "建档日期", "一月", "二月", "三月", "四月", "全年"]


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("row", "ignored"),
    [
        (["", "合计", "", "", "", 1.0, 2.0, 3.0, 4.0, 10.0], "total"),
        (["", "北京朝阳分店小计", "", "", "", 1.0, 2.0, 3.0, 4.0, 10.0, 7.0, 8.0], "total"),
        (["", "", "", "本月合计", "", 1.0, 2.0, 3.0, 4.0, 10.0], "total"),
        (["", "平均", "", "", "", 1.0, 2.0, 3.0, 4.0, "10"], "total"),
        (["", "", "", "", "", 1.0, 2.0, 3.0, 4.0, 10.0], "total"),
        (["", "", "", "", 41032.0, 1.0, 2.0, 3.0, 4.0, 10.0], ""),
        (["", "", "", "北京朝阳分店", "", 1.0, 2.0, 3.0, 4.0, 10.0], ""),
        (["", "360", "", "", "", 1.0, 2.0, 3.0, 4.0, 10.0], ""),
        (["", "小计算机有限公司", "", "", "", 1.0, 2.0, 3.0, 4.0, 10.0], ""),
        (["", "北京合计有限公司", "", "", "", 1.0, 2.0, 3.0, 4.0, 10.0], ""),
    ],
)
def test_totals_of_many_columns(row, ignored):
    assert why(row, header=MONTHS) == ignored
