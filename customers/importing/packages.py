"""An .xlsx seen from outside: the directory of the package and its parts as a stream of bytes, nothing kept in memory.

The reader resolves no entity and fetches nothing; still, a file that asks for it is refused and says why.
Whatever hides from these looks meets the limits of the reading process. Source: REC-15.
"""

import re
import zipfile
import zlib
from xml.parsers import expat

from .refusals import LARGEST_UNPACKED, MOST_COLUMNS, MOST_ROWS, Refused

MOST_PARTS = 1000
LARGEST_RATIO = 100  # unpacked to packed; sheets of people reach 10 to 30
UNSUSPICIOUS = 10 * 2**20  # bytes unpacked, below which a ratio tells nothing
ROOM_ABOVE = 100  # rows a sheet may have besides its data: titles, header, blank ones
_CHUNK = 2**20
_LONGEST_PROLOG = 2**16
_KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OTHER_PACKAGES = {  # {a part: (how it is refused, what it is)}
    "xl/workbook.bin": ("other_format", "XLSB"),
    "word/document.xml": ("document", "DOCX"),
    "ppt/presentation.xml": ("document", "PPTX"),
    "content.xml": ("other_format", "ODF"),
    "index/document.iwa": ("other_format", "Numbers"),
}
_DATE_1904 = re.compile(rb"\sdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_OUTSIDE = re.compile(rb"\sTargetMode\s*=\s*[\"']External[\"']", re.I)
_HARMLESS = re.compile(rb"\sType\s*=\s*[\"'][^\"']*/hyperlink[\"']")  # an address somebody typed into a cell
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*ref\s*=\s*[\"'][A-Z]+\d+:[A-Z]+(\d+)[\"']")
_ROW_NUMBER = re.compile(rb"[^>]*?\sr\s*=\s*[\"'](\d+)[\"']")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*[^/>])?>")
_LAST_CELL = re.compile(rb'<c r="([A-Z]+)')
_LAST_COLUMN = b"GR"  # the 200th
# GS is the 201st column.
_CELL_TOO_FAR = re.compile(rb"<(?:\w+:)?c\s[^>]*?r=[\"'](?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])\d+[\"'](?:[^>]*[^/>])?>")


def check(path):
    """Whether the workbook counts its days from 1904. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as package:
            return _check(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeError, ValueError):
        raise Refused("damaged") from None


def _check(package):
    parts = package.infolist()
    _check_directory(parts)
    names = {part.filename.lower().lstrip("/").replace("\\", "/") for part in parts}
    if "xl/workbook.xml" not in names:
        for name, (code, other) in _OTHER_PACKAGES.items():
            if name in names:
                raise Refused(code, format=other)
        raise Refused("damaged" if "[content_types].xml" in names else "packed", format="ZIP")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Refused("macros")
    if any(name.startswith("xl/externallinks/") or name == "xl/connections.xml" for name in names):
        raise Refused("links")
    rows, date1904 = 0, False
    for part in parts:
        name = part.filename.lower()
        if name.endswith(".rels"):
            _check_relationships(package, part)
        elif name.endswith(".xml"):
            head, root = _prolog(package, part)
            if root == "worksheet":
                rows += _count_rows(package, part)
            elif root == "workbook":
                date1904 = date1904 or bool(_DATE_1904.search(head))
    if rows - 1 > MOST_ROWS:
        raise Refused("rows")
    return date1904


def _check_directory(parts):
    if len(parts) > MOST_PARTS:
        raise Refused("bomb")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused("encrypted")
    if any(part.compress_type not in _KNOWN_METHODS for part in parts):
        raise Refused("damaged")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    # Parts that share their bytes, and single ones blown up, are the two ways of a bomb.
    for whole, size in [(unpacked, packed), *((part.file_size, part.compress_size) for part in parts)]:
        if whole > UNSUSPICIOUS and whole > LARGEST_RATIO * max(size, 1):
            raise Refused("bomb")
    if unpacked > LARGEST_UNPACKED:
        raise Refused("unpacked_size")


def _prolog(package, part):
    """(beginning of the part, local name of its root). Raises Refused when definitions stand before the root."""
    root = []

    def begin(name, _attributes):
        root.append(name.rpartition(":")[2])

    def refuse(*_of_doctype):
        raise Refused("dtd")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, refuse
    with package.open(part) as stream:
        head = stream.read(_LONGEST_PROLOG)
    try:
        parser.Parse(head, False)
    except expat.ExpatError:
        if not root:
            raise Refused("damaged") from None
    if not root:
        raise Refused("damaged")
    return head, root[0]


def _check_relationships(package, part):
    _prolog(package, part)
    for relationship in _RELATIONSHIP.findall(package.read(part)):
        if _OUTSIDE.search(relationship) and not _HARMLESS.search(relationship):
            raise Refused("links")


def _count_rows(package, part):
    """Rows of a sheet that hold a value. Raises Refused for what is too long or too wide."""
    count, rest = 0, b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if stream.tell() == len(chunk):
                claimed = _DIMENSION.search(chunk)
                if claimed and int(claimed[1]) > MOST_ROWS + ROOM_ABOVE:
                    raise Refused("claimed_rows")
            *rows, rest = (rest + chunk).split(b"<row")
            count += sum(map(_holds_values, rows))
            if count - ROOM_ABOVE > MOST_ROWS:
                raise Refused("rows")
            if len(rest) > _CHUNK * 4:  # one row of megabytes: let the reading process see it
                rest = b""
    return count + _holds_values(rest)


def _holds_values(row):
    """Whether these bytes after `<row` hold a value, once its place is known to be within the limits."""
    if b"<v" not in row and b"<is" not in row and b"<f" not in row:
        return False
    number = _ROW_NUMBER.match(row)
    if number and int(number[1]) > MOST_ROWS + ROOM_ABOVE:
        raise Refused("rows")
    if row.count(b"<c") > MOST_COLUMNS and len(_FILLED_CELL.findall(row)) > MOST_COLUMNS:
        raise Refused("columns")
    last = _LAST_CELL.match(row, row.rfind(b'<c r="'))  # cells stand in order, so the last one tells
    if (not last or len(last[1]) > 2 or (len(last[1]) == 2 and last[1] > _LAST_COLUMN)) and _CELL_TOO_FAR.search(row):
        raise Refused("columns")
    return True
