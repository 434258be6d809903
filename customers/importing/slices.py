"""A large sheet cut into small workbooks, so that reading 200,000 x 200 cells takes the memory of a few thousand rows.

Part of the reading process (child.py): standard library only. calamine holds a sheet whole, at some 60 bytes a cell.
"""

import io
import re
import zipfile
from xml.etree import ElementTree

LARGE = 48 * 2**20
SLICE = 12 * 2**20
_CHUNK = 2**20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ROW_NUMBER = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')
_MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)"
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*\st="e"[^>]*>(?:' + _FORMULA + rb")?<v>([^<]{1,20})</v>")
_NOT_CALCULATED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d+)"(?:\ss="\d+")?>' + _FORMULA + rb"(?:<v></v>|<v ?/>)?</c>"
)  # a text that is empty has its type
NO_VALUE = "#FORMULA!"
_BOOK_PART, _LINKS_PART = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_DATA, _DATA_END = b"<sheetData>", b"</sheetData>"
_CARRIED = ("xl/styles.xml", "xl/sharedStrings.xml")  # what cells refer to


def parts(path):
    """{sheet name: (its part, bytes of it)}."""
    with zipfile.ZipFile(path) as package:
        sizes = {part.filename: part.file_size for part in package.infolist()}
        if not {_BOOK_PART, _LINKS_PART} <= sizes.keys():
            return {}
        links = ElementTree.fromstring(package.read(_LINKS_PART))  # noqa: S314
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        book = ElementTree.fromstring(package.read(_BOOK_PART))  # noqa: S314
        found = {}
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets.get(sheet.get(f"{_RELATION}id"), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in sizes:
                found[sheet.get("name")] = part, sizes[part]
        return found


def large(path, its_parts):
    """{sheet name: its part} of the sheets that are large and written the usual way."""
    found = {}
    for name, (part, size) in its_parts.items():
        if size >= LARGE:
            with zipfile.ZipFile(path) as package, package.open(part) as stream:
                if _DATA in stream.read(_CHUNK):
                    found[name] = part
    return found


def faults(path, part):
    """{row number: [(column from 0, error)]} of cells whose formula has no value."""
    found, tail = {}, b""
    with zipfile.ZipFile(path) as package, package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            cut = text.rfind(b"<c ") if len(tail) < _CHUNK else len(text)
            tail = text[cut:]  # a cell may end in the next chunk
            _add_faults(found, text[:cut])
    _add_faults(found, tail)
    return found


def _add_faults(found, text):
    if b't="e"' in text:
        for letters, row, error in _ERROR.findall(text):
            found.setdefault(int(row), []).append((_column(letters), error.decode("ascii", "replace")))
    if b"</f></c>" in text or b"</f><v></v>" in text or b"</f><v/>" in text or b"</f><v />" in text:
        for letters, row in _NOT_CALCULATED.findall(text):
            found.setdefault(int(row), []).append((_column(letters), NO_VALUE))


def merges(path, part):
    """((top, left), (bottom, right)) of merged cells, counted from 0; they stand behind the rows."""
    tail = b""
    with zipfile.ZipFile(path) as package, package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            at = (tail + chunk).find(_DATA_END)
            if at >= 0:
                tail = (tail + chunk)[at:] + stream.read()
                break
            tail = chunk[-len(_DATA_END) :]
    return [
        ((int(top) - 1, _column(left)), (int(bottom) - 1, _column(right)))
        for left, top, right, bottom in _MERGED.findall(tail)
    ]


def slices(path, part):
    """(first row's number or None when rows bear none, count of rows, faults, workbook as a file), in order."""
    with zipfile.ZipFile(path) as package:
        book = package.read("xl/workbook.xml")
        names = package.namelist()
        carried = {name: package.read(name) for name in _CARRIED if name in names}
        date1904 = re.search(rb"\sdate1904\s*=\s*[\"'](?:1|true|on)[\"']", book) is not None
        # Each slice reads the shared strings anew: the more there are of them, the fewer slices.
        size = max(SLICE, len(carried.get("xl/sharedStrings.xml", b"")))
        for rows in _rows(package, part, size):
            number = _ROW_NUMBER.match(rows)
            found = {}
            _add_faults(found, rows)
            yield int(number[1]) if number else None, rows.count(b"<row"), found, _workbook(rows, carried, date1904)


def _rows(package, part, size):
    """Runs of whole rows, each about so many bytes."""
    with package.open(part) as stream:
        waiting = stream.read(_CHUNK)
        waiting = waiting[waiting.index(_DATA) + len(_DATA) :]
        while True:
            end = waiting.find(_DATA_END)
            if end >= 0:
                yield waiting[:end]
                return
            if len(waiting) >= size:
                cut = waiting.rindex(b"<row")
                if cut:
                    yield waiting[:cut]
                    waiting = waiting[cut:]
            chunk = stream.read(size // 2)
            if not chunk:
                raise ValueError("the sheet does not end")
            waiting += chunk


def _workbook(rows, carried, date1904):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", _CONTENT_TYPES)
        package.writestr("_rels/.rels", _ROOT_LINKS)
        package.writestr("xl/workbook.xml", _BOOK % int(date1904))
        package.writestr("xl/_rels/workbook.xml.rels", _BOOK_LINKS)
        for name, content in carried.items():
            package.writestr(name, content)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for piece in (_SHEET, rows, b"</sheetData></worksheet>"):
                sheet.write(piece)
    file.seek(0)
    return file


def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OOXML = "http://schemas.openxmlformats.org/"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_OOXML}package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
)
_LINKS = f'{_HEAD}<Relationships xmlns="{_OOXML}package/2006/relationships">%s</Relationships>'
_LINK = f'<Relationship Id="r%d" Type="{_OOXML}officeDocument/2006/relationships/%s" Target="%s"/>'
_ROOT_LINKS = _LINKS % (_LINK % (1, "officeDocument", "xl/workbook.xml"))
_BOOK_LINKS = _LINKS % (
    _LINK % (1, "worksheet", "worksheets/sheet1.xml")
    + _LINK % (2, "styles", "styles.xml")
    + _LINK % (3, "sharedStrings", "sharedStrings.xml")
)
_BOOK = (
    f'{_HEAD}<workbook xmlns="{_MAIN[1:-1]}" xmlns:r="{_RELATION[1:-1]}"><workbookPr date1904="%d"/>'
    '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_SHEET = f'{_HEAD}<worksheet xmlns="{_MAIN[1:-1]}" xmlns:r="{_RELATION[1:-1]}"><sheetData>'.encode()
