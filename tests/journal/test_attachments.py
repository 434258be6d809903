"""What a file is, its bytes say. Reliability §6, rows 18 and 35."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from journal import attachments

pytestmark = pytest.mark.clause("GEN-04")
TYPES = "[Content_Types].xml"


def office(*names, compression=zipfile.ZIP_STORED, content=b"<x/>"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


def check(content, name="价格表.pdf"):
    return attachments.check(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpg"),
        (office(TYPES, "word/document.xml"), "docx"),
        (office(TYPES, "xl/workbook.xml"), "xlsx"),
        (office(TYPES, "ppt/presentation.xml"), "pptx"),
    ],
)
def test_what_a_file_is_does_not_depend_on_its_name(content, kind):
    assert check(content, "x.exe") == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a<script>",
        b"MZ\x90\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # old Office, which may hold macros
        b"  %PDF-1.7",
        b"PK\x03\x04 broken",
        office("a.txt"),
        office("word/document.xml"),
        office(TYPES, "word/document.xml", "word/vbaProject.bin"),
        office(TYPES, "xl/workbook.xml", compression=zipfile.ZIP_DEFLATED, content=b"0" * 3_000_000),
        office(TYPES, "xl/workbook.xml", *(f"xl/{n}.xml" for n in range(1000))),
    ],
)
@pytest.mark.parametrize("name", ["照片.jpg", "价格表.xlsx"])
def test_anything_else_is_refused_whatever_it_is_called(content, name):
    with pytest.raises(ValidationError, match=name):
        check(content, name)


def test_too_large_is_refused():
    with pytest.raises(ValidationError, match="10"):
        check(b"%PDF-" + b"0" * attachments.LARGEST)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("价格表 2026.pdf", "价格表_2026.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\temp\\a.svg", "a.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie_x.jpg"),
        ("x" * 300 + ".jpg", "x" * 100 + ".jpg"),
        (".jpg", "jpg.jpg"),
        ("...", "file.jpg"),
    ],
)
def test_the_shown_name_is_harmless_and_ends_in_what_the_file_is(name, shown):
    made = attachments.shown_name(name, "jpg")
    assert made.endswith(".jpg")
    assert not set(made) & set("/\\\r\n\"'<>")
    assert len(made) <= 104
    assert made == shown or name.startswith("a\r")
