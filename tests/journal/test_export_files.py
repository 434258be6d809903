"""The files of lists: text and sheets that open as they were meant, and run nothing."""

import csv
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import timezone, translation

from journal.exports import Column, actions, files
from journal.exports.mark import Mark
from tests.journal.exporting import written

pytestmark = [pytest.mark.clause("GEN-03", "SEC-06"), pytest.mark.usefixtures("own_media")]
MARK = Mark("Customers", "李娜 (E001)", "Export 1 & more", [("Taken by", "=李娜")])


def test_a_text_file_is_utf8_with_its_mark(world):
    path = actions.path_of(written(world.accountant))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


EVIL = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+1+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "\n=1",
]
HARMLESS = ["+86 138 0013 8000", "+852 ****6789", "138****5678", "东方红", "a=b", "", "1-2"]


@pytest.mark.parametrize("text", EVIL)
def test_what_looks_like_a_formula_stays_text(text, tmp_path):
    assert files.looks_like_formula(text)
    assert read_csv(tmp_path, [text]) == [f"'{text}"]
    [cell] = read_xlsx(tmp_path, [text])
    assert cell["type"] == "inlineStr"
    assert cell["quoted"]
    assert cell["formula"] is None


@pytest.mark.parametrize("text", HARMLESS)
def test_phones_and_ordinary_words_are_unharmed(text, tmp_path):
    assert read_csv(tmp_path, [text]) == [text]
    if text:
        [cell] = read_xlsx(tmp_path, [text])
        assert (cell["text"], cell["quoted"]) == (text, False)


def test_numbers_and_dates_are_real_ones(tmp_path):
    noon = timezone.make_aware(datetime(2026, 11, 25, 12, 0, 5))
    cells = read_xlsx(tmp_path, [7, -2, Decimal("3.5"), date(2026, 11, 25), noon, None, True])
    assert [cell["text"] for cell in cells[:4]] == ["7", "-2", "3.5", "46351"]
    assert float(cells[4]["text"]) == pytest.approx(46351.5, abs=0.001)
    assert all(cell["type"] in (None, "n") for cell in cells[:5])
    assert read_csv(tmp_path, [7, -2, Decimal("3.5"), date(2026, 11, 25), noon, None]) == [
        "7", "-2", "3.5", "2026-11-25", "2026-11-25 12:00:05", "",
    ]  # fmt: skip


def test_the_sheet_has_a_header_that_stays_filters_and_the_mark(world):
    with translation.override("en"):
        job = written(world.accountant, format="xlsx")
    with zipfile.ZipFile(actions.path_of(job)) as book:
        sheet, about = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert "<oddFooter>" in sheet
    assert world.accountant.staff_number in sheet.partition("<oddFooter>")[2]
    assert "月度分析" in about
    assert world.accountant.name in about


def test_a_text_longer_than_a_cell_and_control_characters_break_nothing(tmp_path):
    cells = read_xlsx(tmp_path, ["字" * 40_000, "a\x00b\x1fc", "<&>", "𠮷"])
    assert len(cells[0]["text"]) == files.LONGEST
    assert [cell["text"] for cell in cells[2:]] == ["<&>", "𠮷"]


def test_more_rows_than_a_sheet_holds_go_on_another(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "ROWS_A_SHEET", 2)
    file = files.XlsxFile(tmp_path / "x.xlsx", [Column("a", "A", None)], MARK)
    for number in range(5):
        file.write([number])
    file.close()
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        assert [book.read(f"xl/worksheets/sheet{n}.xml").count(b"<row ") for n in (1, 2, 3)] == [3, 3, 2]


def _columns(values):
    return [Column(f"c{n}", "=H", None) for n, _value in enumerate(values)]


def read_csv(folder, values):
    file = files.CsvFile(folder / "x.csv", _columns(values), MARK)
    file.write(values)
    file.close()
    with open(folder / "x.csv", encoding="utf-8-sig", newline="") as written:
        head, line, mark = csv.reader(written)
    assert head == ["'=H"] * len(values)
    assert mark == [MARK.line]
    return line


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_xlsx(folder, values):
    """Cells of the second line as they stand in the file."""
    file = files.XlsxFile(folder / "x.xlsx", _columns(values), MARK)
    file.write(values)
    file.close()
    with zipfile.ZipFile(folder / "x.xlsx") as book:
        rows = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")  # noqa: S314
        styles = list(ElementTree.fromstring(book.read("xl/styles.xml")).find(f"{SHEET}cellXfs"))  # noqa: S314
    found = []
    for cell in list(rows)[1]:
        text = "".join(part.text or "" for part in cell.iter() if part.tag in (f"{SHEET}t", f"{SHEET}v"))
        quoted = styles[int(cell.get("s", 0))].get("quotePrefix") == "1"
        formula = cell.find(f"{SHEET}f")
        found.append({"type": cell.get("t"), "text": text, "quoted": quoted, "formula": formula})
    return found
