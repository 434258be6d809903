"""What a chosen file really is, by its content; what must not be read is refused before any parser sees it.

    source = examine(path)          # raises Refused
    source.kind                     # xlsx, xls or csv, whatever the name says

Source: REC-15; import.md "Formats".
"""

import re
from dataclasses import dataclass
from pathlib import Path

from . import compound, delimited, packages
from .refusals import LARGEST_FILE, Refused

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096  # bytes
_SIGNATURES = {  # {how it begins: (how it is refused, what it is)}
    b"%PDF": ("document", "PDF"),
    b"{\\rtf": ("document", "RTF"),
    b"PK\x05\x06": ("packed", "ZIP"),
    b"PK\x07\x08": ("packed", "ZIP"),
    b"Rar!": ("packed", "RAR"),
    b"7z\xbc\xaf": ("packed", "7z"),
    b"\x1f\x8b": ("packed", "gzip"),
    b"BZh": ("packed", "bzip2"),
    b"\xfd7zXZ": ("packed", "xz"),
    b"\x89PNG": ("no_spreadsheet", "PNG"),
    b"\xff\xd8\xff": ("no_spreadsheet", "JPEG"),
    b"GIF8": ("no_spreadsheet", "GIF"),
    b"\x7fELF": ("no_spreadsheet", "ELF"),
    b"MZ": ("no_spreadsheet", "EXE"),
    b"SQLite": ("no_spreadsheet", "SQLite"),
}
_WEB_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|!--|html|head|body|meta|table|style|div|script)\b|mime-version:", re.I)
_XML = re.compile(rb"<\s*(?:\?xml|\w+:?workbook)\b", re.I)


@dataclass(frozen=True)
class Source:
    """A file that may be read. `encoding` and `delimiter` are set for csv, `date1904` for workbooks that count days
    from 1904 (date cells are right already; it matters for bare serial numbers)."""

    path: Path
    kind: str
    date1904: bool = False
    encoding: str = ""
    delimiter: str = ""


def examine(path, *, encoding="", delimiter=""):
    """The Source behind the path. Raises Refused. `encoding` and `delimiter` correct what would be found in a csv."""
    path = Path(path)
    size = path.stat().st_size
    if not size:
        raise Refused("empty")
    if size > LARGEST_FILE:
        raise Refused("file_size")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return Source(path, "xlsx", date1904=packages.check(path))
    if head.startswith(_COMPOUND):
        return Source(path, "xls", date1904=compound.check(path))
    _refuse_other_formats(head)
    encoding = delimited.check_encoding(path, encoding) if encoding else delimited.find_encoding(path)
    return Source(path, "csv", encoding=encoding, delimiter=delimiter or delimited.find_delimiter(path, encoding))


def _refuse_other_formats(head):
    for signature, (code, name) in _SIGNATURES.items():
        if head.startswith(signature):
            raise Refused(code, format=name)
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    if _WEB_PAGE.match(plain):
        raise Refused("web_page")
    if _XML.match(plain):
        raise Refused("web_page" if re.search(rb"<(?:html|table)\b", plain, re.I) else "other_format", format="XML")
    if b"\0" in head and not delimited.utf_16(head):
        raise Refused("damaged")
