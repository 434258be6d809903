"""The rows of a file, read in a process of its own."""

import datetime
import os
import re
import signal
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from customers.importing import child, files, reading
from customers.importing.refusals import Refused

from . import workbooks
from .steps import ended


def rows_of(path, **chosen):
    """[(sheet name, number, cells without empty ones at the end)] of the file."""
    found = []
    for batch in reading.read(files.examine(path, **chosen)):
        for number, cells in enumerate(batch.rows, batch.first):
            while cells and cells[-1] is None:
                cells = cells[:-1]
            found.append((batch.sheet.name, number, cells))
    return found


def csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.clause("REC-15")
def test_cells_come_as_text_numbers_and_dates(tmp_path):
    day, moment = datetime.date(2017, 1, 23), datetime.datetime(2017, 1, 23, 14, 30)
    path = workbooks.xlsx(tmp_path / "a.xlsx", [["远山", 13780124454, 1234.5, day, moment, True, "", "x"]])
    [(_sheet, _number, cells)] = rows_of(path)
    assert cells == ["远山", 13780124454.0, 1234.5, "2017-01-23", "2017-01-23 14:30:00", True, None, "x"]


@pytest.mark.clause("REC-15")
def test_formulas_without_a_value_are_not_empty_cells(tmp_path, monkeypatch):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("一")
    sheet.write_row(0, 0, ["a", "b"])
    sheet.write_formula(2, 1, "=NA()", None, "#N/A")
    sheet.write_formula(2, 3, '=A1&"x"', None, "")  # a text that is empty
    sheet.write_formula(3, 2, "=1+1", None, 2)
    sheet.write_formula(4, 0, "=SUM(A1)", None, 7)
    book.close()

    def never_calculated(name, content):
        content = content.replace(b'<c r="D3">', b'<c r="D3" t="str">')
        return content.replace(b"<f>SUM(A1)</f><v>7</v>", b"<f>SUM(A1)</f><v></v>")

    path = workbooks.with_parts(tmp_path / "a.xlsx", tmp_path / "b.xlsx", never_calculated)
    assert [cells for _sheet, _number, cells in rows_of(path)] == [
        ["a", "b"],
        [],
        [None, "#N/A"],
        [None, None, 2.0],
        ["#FORMULA!"],
    ]
    whole = [trimmed(message) for message in child.workbook(str(path))]
    monkeypatch.setattr(child.slices, "LARGE", 0)
    for size in (1, 200, 400):  # bytes: errors stand at the beginning and at the end of a slice
        monkeypatch.setattr(child.slices, "SLICE", size)
        assert [trimmed(message) for message in child.workbook(str(path))] == whole


@pytest.mark.clause("REC-15")
def test_formulas_without_a_value_are_not_empty_cells_of_an_old_workbook_either(tmp_path):
    errors = [(1, 1, 0x2A, True), (1, 2, 0x07, False), (3, 3, 0x17, True), (3, 4, 0x24, False)]
    path = workbooks.xls(tmp_path / "a.xls", [["a", "b", "c"], ["远山", "", "", 2.0]], errors=errors)
    assert [cells for _sheet, _number, cells in rows_of(path)] == [
        ["a", "b", "c"],
        ["远山", "#N/A", "#DIV/0!", 2.0],
        [],
        [None, None, None, "#REF!", "#NUM!"],
    ]


@pytest.mark.clause("REC-15")
def test_an_old_workbook_with_a_package_at_its_end_is_read_as_the_same_workbook(tmp_path):
    path = workbooks.xls(tmp_path / "a.xls", [["a", "b"], ["远山", ""]], errors=[(1, 1, 0x2A, True)])
    alone = rows_of(path)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("x", "y")
    assert rows_of(path) == alone == [("名片", 1, ["a", "b"]), ("名片", 2, ["远山", "#N/A"])]


def test_text_that_programs_protect_is_read_without_its_signs(tmp_path):
    text = "a,b,c\n=\"13912345670\",'13612345671,'Round\n'+8613912345670,'=1,'\n"
    [_head, first, second] = rows_of(csv(tmp_path, text))
    assert first[2] == ["13912345670", "13612345671", "'Round"]
    assert second[2] == ["+8613912345670", "=1", "'"]


def test_rows_keep_the_numbers_that_a_spreadsheet_program_shows(tmp_path):
    path = workbooks.xlsx(
        tmp_path / "a.xlsx", ("一", [[], [], ["", "a"], [], ["b"], [], []]), ("二", [["c"]]), ("三", [])
    )
    assert rows_of(path) == [
        ("一", 1, []),
        ("一", 2, []),
        ("一", 3, [None, "a"]),
        ("一", 4, []),
        ("一", 5, ["b"]),
        ("二", 1, ["c"]),
    ]
    sheets = list(
        dict.fromkeys((batch.sheet.position, batch.sheet.name) for batch in reading.read(files.examine(path)))
    )
    assert sheets == [(1, "一"), (2, "二"), (3, "三")]


def test_hidden_sheets_are_read_and_said_to_be_hidden(tmp_path):
    path = workbooks.xlsx(tmp_path / "a.xlsx", ("一", [["a"]]), ("二", [["b"]]), hidden=["二"])
    assert [batch.sheet.hidden for batch in reading.read(files.examine(path))] == [False, True]


def test_many_rows_come_in_batches(tmp_path):
    path = workbooks.xlsx(tmp_path / "a.xlsx", [[at] for at in range(2500)])
    batches = list(reading.read(files.examine(path)))
    assert [(batch.first, len(batch.rows)) for batch in batches] == [(1, 1000), (1001, 1000), (2001, 500)]


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_with_quotes_and_line_ends_in_cells(tmp_path, encoding):
    text = '单位;备注\r\n"远山;广告";"一\r\n二"\r\n\r\n"他说""好""";\r\n\r\n'
    assert rows_of(csv(tmp_path, text, encoding)) == [
        ("", 1, ["单位", "备注"]),
        ("", 2, ["远山;广告", "一\r\n二"]),
        ("", 3, []),
        ("", 4, ['他说"好"']),
    ]


def test_a_quotation_mark_that_stays_open_swallows_nothing(tmp_path):
    text = '单位,备注\n远山,好\n长河,"没有结束\n大地,好\n' + "山,好\n" * 50
    with pytest.raises(Refused) as caught:
        rows_of(csv(tmp_path, text))
    assert (caught.value.code, caught.value.params) == ("open_quote", {"line": 3})


def test_text_files_have_the_same_limits(tmp_path):
    assert len(rows_of(csv(tmp_path, "a,b\n" * 200_001))) == 200_001
    for text, code in (("a,b\n" * 200_002, "rows"), ("a" + "," * 199 + "\n" + "a" + "," * 200 + "b\n", "columns")):
        with pytest.raises(Refused) as caught:
            next(reading.read(files.examine(csv(tmp_path, text))))
        assert caught.value.code == code
    assert rows_of(csv(tmp_path, "a,b" + "," * 300 + "\n")) == [("", 1, ["a", "b"])]


def test_running_out_of_memory_is_one_sentence(tmp_path):
    path = workbooks.xlsx(tmp_path / "a.xlsx", [[f"客户{at}{column}" for column in range(12)] for at in range(20_000)])
    source = files.examine(path)
    with pytest.raises(Refused) as caught:
        list(reading.read(source, memory=36 * 2**20))
    assert caught.value.code == "too_much"


@pytest.mark.parametrize(("ending", "code"), [("SIGXCPU", "too_much"), ("SIGKILL", "too_much"), ("SIGSEGV", "damaged")])
def test_a_reader_that_is_killed_is_one_sentence(tmp_path, monkeypatch, ending, code):
    child = tmp_path / "child.py"
    child.write_text(f"import os, signal\nos.kill(os.getpid(), signal.{ending})\n")
    monkeypatch.setattr(reading, "_CHILD", child)
    with pytest.raises(Refused) as caught:
        list(reading.read(files.examine(csv(tmp_path, "a,b\n"))))
    assert caught.value.code == code


def test_who_stops_reading_leaves_no_process(tmp_path, monkeypatch):
    started = []
    start = reading.subprocess.Popen
    monkeypatch.setattr(reading.subprocess, "Popen", lambda *a, **k: started.append(start(*a, **k)) or started[-1])
    batches = reading.read(files.examine(csv(tmp_path, "a,b\n" * 50_000)))
    next(batches)
    batches.close()
    assert started[0].returncode is not None
    assert started[0].stdout.closed


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with the one that started it")
def test_the_reader_ends_with_a_killed_worker(tmp_path):
    """Also one that is busy and writes nothing: here the file does not come."""
    waits = tmp_path / "waits.csv"
    os.mkfifo(waits)
    asks = os.fork()
    if not asks:
        list(reading.read(files.Source(waits, "csv", encoding="utf-8", delimiter=",")))
    with waits.open("wb"):  # open, so it has been asked for
        reader = int(Path(f"/proc/{asks}/task/{asks}/children").read_text())
        os.kill(asks, signal.SIGKILL)
        os.waitpid(asks, 0)
        assert ended(reader)


def test_no_length_is_believed_that_the_reader_cannot_have(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text("import marshal, sys\nsys.stdout.buffer.write(bytes([255] * 4) + marshal.dumps(('end',)))\n")
    monkeypatch.setattr(reading, "_CHILD", child)
    with pytest.raises(Refused) as caught:
        list(reading.read(files.examine(csv(tmp_path, "a,b\n"))))
    assert caught.value.code == "damaged"


def test_the_reader_gets_no_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    child = tmp_path / "child.py"
    child.write_text(
        "import marshal, os, sys\n"
        "said = marshal.dumps(('refused', 'rows', dict(os.environ)))\n"
        f"sys.stdout.buffer.write(len(said).to_bytes({reading.LENGTH}) + said)\n"
    )
    monkeypatch.setattr(reading, "_CHILD", child)
    with pytest.raises(Refused) as caught:
        list(reading.read(files.examine(csv(tmp_path, "a,b\n"))))
    assert caught.value.params, "it was heard"
    assert os.environ["DATABASE_URL"] not in caught.value.params.values()


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=1, max_size=12))
def test_what_is_written_is_read(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("given") / "a.xlsx"
    workbooks.xlsx(path, [["客户名称", "电话"], *rows])
    expected = [[cell or None for cell in row] for row in [["客户名称", "电话"], *rows]]
    while not any(expected[-1]):
        expected.pop()
    found = [cells for batch in reading.read(files.examine(path)) for cells in batch.rows]
    width = max(map(len, found))
    assert found == [(row + [None] * width)[:width] for row in expected]


@pytest.mark.parametrize("numbered", [True, False])
@given(
    rows=st.lists(st.lists(st.one_of(CELL, st.floats(0, 1e6)), max_size=5), min_size=1, max_size=60),
    size=st.integers(200, 3000),
)
def test_a_large_sheet_is_read_in_slices_with_the_same_result(tmp_path_factory, numbered, rows, size):
    path = tmp_path_factory.mktemp("given") / "a.xlsx"
    whole = workbooks.xlsx(path, ("一", [["客户名称", "电话"], *rows]), ("二", [["另一张"]]))
    if not numbered:
        whole = workbooks.with_parts(
            whole, path.with_name("b.xlsx"), change=lambda name, part: re.sub(rb'(<row|<c) r="[A-Z]*\d+"', rb"\1", part)
        )
    expected = list(child.workbook(str(whole)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child.slices, "LARGE", 0)
        patch.setattr(child.slices, "SLICE", size)
        patch.setattr(child.slices, "_CHUNK", 2000)
        found = list(child.workbook(str(whole)))
    assert [trimmed(message) for message in found] == [trimmed(message) for message in expected]


def trimmed(message):
    """A message whose rows end with their last filled cell."""
    if message[0] != "rows":
        return message
    rows = [list(row) for row in message[2]]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    return *message[:2], rows


def test_merged_cells_of_a_large_sheet_are_found_behind_its_rows(tmp_path, monkeypatch):
    rows = [["所属分店", "客户名称"], ["朝阳", "远山"], ["", "长河"], ["丰台", "蓝天"]]
    path = workbooks.xlsx(tmp_path / "a.xlsx", rows, merges=[(1, 0, 2, 0)])
    whole = next(child.workbook(str(path)))
    monkeypatch.setattr(child.slices, "LARGE", 0)
    assert next(child.workbook(str(path))) == whole == ("sheet", "Sheet1", False, [((1, 0), (2, 0))])


def test_a_sheet_of_a_million_cells_is_read_in_little_memory(tmp_path):
    rows = ([f"客户{at}", *([at % 7] * 60)] for at in range(25_000))
    source = files.examine(workbooks.xlsx(tmp_path / "a.xlsx", rows))
    assert sum(len(batch.rows) for batch in reading.read(source, memory=320 * 2**20)) == 25_000
