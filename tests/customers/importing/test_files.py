"""What a file is, and every file that is not read."""

import codecs
import os
import random
import re
import string
import zipfile
from contextlib import suppress

import pytest
from django.utils import translation

from customers.importing import files, packages, refusals
from customers.importing.refusals import SENTENCES, Refused

from . import workbooks

ROWS = [["客户名称", "电话", "分店"], ["远山广告有限公司", "13812345678", "北京朝阳分店"]]
TEXT = "客户名称,电话\n远山广告有限公司,13812345678\n"


def refusal(path, **chosen):
    with translation.override("en"), pytest.raises(Refused) as caught:
        files.examine(path, **chosen)
    with translation.override("en"):
        sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert "%" not in sentence
    return caught.value.code


@pytest.fixture
def good(tmp_path):
    return workbooks.xlsx(tmp_path / "good.xlsx", ROWS)


def written(tmp_path, content, name="file.xlsx"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize("name", ["table.xlsx", "table.xls", "table.csv", "table"])
def test_the_content_tells_the_kind_and_not_the_name(tmp_path, name):
    assert files.examine(workbooks.xlsx(tmp_path / name, ROWS)).kind == "xlsx"
    assert files.examine(workbooks.xls(tmp_path / name, ROWS)).kind == "xls"
    assert files.examine(written(tmp_path, TEXT, name)).kind == "csv"


def test_days_counted_from_1904_are_known(tmp_path, good):
    assert not files.examine(good).date1904
    assert files.examine(workbooks.xlsx(tmp_path / "mac.xlsx", ROWS, date1904=True)).date1904
    assert files.examine(workbooks.xls(tmp_path / "mac.xls", ROWS, records=[(0x22, b"\1\0")])).date1904
    assert not files.examine(workbooks.xls(tmp_path / "pc.xls", ROWS, records=[(0x22, b"\0\0")])).date1904


@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8-sig"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("gb18030", b"", "gb18030"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path, encoding, mark, found, delimiter):
    source = files.examine(written(tmp_path, mark + TEXT.replace(",", delimiter).encode(encoding)))
    assert (source.encoding, source.delimiter) == (found, delimiter)


def test_a_delimiter_inside_quotes_or_addresses_does_not_count(tmp_path):
    text = 'Company;Address\nFar Hill;"1, Main Street, Town, Land"\nNear;"2, Side, Town, Land"\n'
    assert files.examine(written(tmp_path, text)).delimiter == ";"


def test_the_line_that_tells_a_spreadsheet_the_delimiter_counts(tmp_path):
    assert files.examine(written(tmp_path, "sep=;\nCompany;Phone, mobile\nFar;1, 2\n")).delimiter == ";"


def test_an_encoding_chosen_by_hand_must_fit(tmp_path):
    path = written(tmp_path, ("a,b\n" * 7 + TEXT).encode("gb18030"))
    assert files.examine(path, encoding="gb18030").encoding == "gb18030"
    with translation.override("en"), pytest.raises(Refused, match="Line 8 cannot be read as UTF-8"):
        files.examine(path, encoding="utf-8-sig")


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html>\n<table>", "web_page"),
        ("<table>客户</table>".encode("gb18030"), "web_page"),
        ("\ufeff<html>".encode("utf-16-le"), "web_page"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><table/>', "web_page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "web_page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "other_format"),
        (b"%PDF-1.7", "document"),
        (b"{\\rtf1", "document"),
        (b"\x1f\x8b\x08", "packed"),
        (b"\x89PNG\r\n\x1a\n", "no_spreadsheet"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "packed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, "damaged"),
        (b"name,phone\0\n1,2\n", "damaged"),
        (b"name,phone\n" + b"1,2\n" * 2000 + b"\0,1\n", "damaged"),
        (b"name\n" + b"\xff\xff\xff\n", "encoding"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(tmp_path, content, code):
    assert refusal(written(tmp_path, content, "file.xls")) == code


def test_a_file_over_100_mb_is_refused_unopened(tmp_path):
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(refusals.LARGEST_FILE + 1)
    assert refusal(path) == "file_size"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("word/document.xml", "document"),
        ("xl/workbook.bin", "other_format"),
        ("content.xml", "other_format"),
        ("readme.txt", "packed"),
        ("[Content_Types].xml", "damaged"),
    ],
)
def test_another_package_is_named(tmp_path, part, code):
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(part, "x")
    assert refusal(path) == code


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/macrosheets/sheet1.xml": b"<a/>"}, "macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "links"),
        ({"xl/connections.xml": b"<a/>"}, "links"),
        (
            {
                "xl/worksheets/_rels/sheet1.xml.rels": b'<Relationships><Relationship Id="r" TargetMode="External" '
                b'Type="x/image" Target="http://evil.example/x.png"/></Relationships>'
            },
            "links",
        ),
        ({"xl/worksheets/sheet9.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'}, "dtd"),
        ({"xl/sharedStrings2.xml": '<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'.encode("utf-16")}, "dtd"),
        ({"docProps/custom.xml": b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><x/>'}, "dtd"),
        ({"xl/worksheets/sheet9.xml": b"<worksheet"}, "damaged"),
    ],
)
def test_a_package_that_carries_more_than_a_table_is_refused(tmp_path, good, parts, code):
    assert refusal(workbooks.with_parts(good, tmp_path / "bad.xlsx", **parts)) == code


def test_an_address_in_a_cell_is_no_link_to_other_files(tmp_path):
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "mail.xlsx")
    page = book.add_worksheet()
    page.write_url(0, 0, "mailto:li@example.com")
    page.write_url(1, 0, "https://example.com")
    book.close()
    assert files.examine(tmp_path / "mail.xlsx").kind == "xlsx"


@pytest.mark.clause("REC-15")
def test_bombs_are_refused_by_their_directory(tmp_path, good):
    blown = {"xl/media/image1.xml": b"<a>" + b" " * (packages.UNSUSPICIOUS + 1)}
    assert refusal(workbooks.with_parts(good, tmp_path / "bomb.xlsx", **blown)) == "bomb"
    many = {f"xl/media/{at}.bin": b"" for at in range(packages.MOST_PARTS)}
    assert refusal(workbooks.with_parts(good, tmp_path / "many.xlsx", **many)) == "bomb"


def test_more_than_1_gb_unpacked_is_refused(tmp_path, good):
    path = tmp_path / "large.xlsx"
    noise = random.Random(1).randbytes(2**16)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("xl/media/film.bin", "w") as film:
            piece = noise + noise[:1024].ljust(2**21, b"\0")
            for _count in range(2**30 // len(piece) + 1):
                film.write(piece)
    assert refusal(path) == "unpacked_size"


def test_packages_locked_with_a_password_are_refused(tmp_path, good):
    content = bytearray(good.read_bytes())
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(signature), bytes(content)):
            content[found.start() + flags] |= 1
    assert refusal(written(tmp_path, bytes(content))) == "encrypted"


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"records": [(0x2F, b"\1\0\1\0")]}, "encrypted"),
        ({"storages": ["_VBA_PROJECT_CUR"]}, "macros"),
        ({"sheet_kind": 1}, "macros"),
        ({"records": [(0x1AE, b"\1\0\x10\0\0" + b"\1\x05other.xls")]}, "links"),
    ],
)
def test_an_old_workbook_that_carries_more_than_a_table_is_refused(tmp_path, options, code):
    assert files.examine(workbooks.xls(tmp_path / "good.xls", ROWS, records=[(0x1AE, b"\1\0\1\4")])).kind == "xls"
    assert refusal(workbooks.xls(tmp_path / "bad.xls", ROWS, **options)) == code


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        (["EncryptedPackage", "EncryptionInfo"], "encrypted"),
        (["WordDocument"], "document"),
        (["Something"], "damaged"),
    ],
)
def test_a_compound_file_is_known_by_its_streams(tmp_path, streams, code):
    assert refusal(workbooks.compound(tmp_path / "file.xlsx", dict.fromkeys(streams, b"x"))) == code


def sheet_part(good, path, content):
    return workbooks.with_parts(
        good, path, change=lambda name, old: content if name == "xl/worksheets/sheet1.xml" else old
    )


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s<sheetData>%s</sheetData></worksheet>'
ROW = b'<row r="%d"><c r="%s%d"><v>1</v></c></row>'


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize(
    ("claim", "rows", "code"),
    [
        (b'<dimension ref="A1:XFD1048576"/>', ROW % (1, b"A", 1), "claimed_rows"),
        (b"", ROW % (1, b"A", 1) + ROW % (1048576, b"XFD", 1048576), "rows"),
        (b"", ROW % (1, b"GS", 1), "columns"),
        (b"", ROW % (1, b"XFD", 1), "columns"),
        (b"", b"<row>" + b"<c><v>1</v></c>" * 201 + b"</row>", "columns"),
        (b"", b"".join(ROW % (at, b"A", at) for at in range(1, 200_003)), "rows"),
    ],
)
def test_sheets_beyond_the_limits_are_refused(tmp_path, good, claim, rows, code):
    assert refusal(sheet_part(good, tmp_path / "wide.xlsx", SHEET % (claim, rows))) == code


@pytest.mark.parametrize(
    "rows",
    [
        ROW % (1, b"GR", 1),
        b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>',
        ROW % (1, b"A", 1) + b'<row r="1048576"><c r="A1048576" s="1"/></row>',
        b"<row>" + b"<c><v>1</v></c>" * 200 + b'<c s="1"/>' * 50 + b"</row>",
        b"".join(ROW % (at, b"A", at) for at in range(1, 200_002)),
    ],
)
def test_cells_that_are_only_coloured_do_not_count(tmp_path, good, rows):
    path = sheet_part(good, tmp_path / "coloured.xlsx", SHEET % (b"", rows))
    with zipfile.ZipFile(path, "a") as package:  # so that many equal rows are no bomb
        package.writestr("xl/media/image.bin", os.urandom(2**18), zipfile.ZIP_STORED)
    assert files.examine(path).kind == "xlsx"


def test_broken_copies_are_damaged_and_nothing_worse(tmp_path):
    sources = [workbooks.xlsx(tmp_path / "a.xlsx", ROWS * 20), workbooks.xls(tmp_path / "a.xls", ROWS * 20)]
    chance = random.Random(7)
    for source in sources:
        whole = source.read_bytes()
        for _round in range(150):
            content = bytearray(whole[: chance.randrange(8, len(whole))] if chance.random() < 0.3 else whole)
            for _change in range(chance.randrange(1, 30)):
                content[chance.randrange(8, len(content))] = chance.randrange(256)
            with suppress(Refused):  # anything else is an error
                files.examine(written(tmp_path, bytes(content), "broken"))


def test_every_sentence_can_be_said():
    with translation.override("en"):
        for code in SENTENCES:
            said = str(Refused(code, format="PDF", line=3, encoding="UTF-8"))
            assert said[0] in string.ascii_uppercase
            assert len(said) < 130
