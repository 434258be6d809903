"""The records of an .xls, and which of its cells hold an error instead of a value. Source: REC-15.

Part of the reading process (child.py), too: standard library and olefile only. calamine makes empty cells of errors.
"""

import re
import struct

BOUND_SHEET, END = 0x85, 0x0A
_BEGIN, _FORMULA, _ERROR = 0x809, 0x06, 0x205
_SHORTEST = 7  # bytes; shorter records are broken
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
# What a record of such a cell looks like; most workbooks have none and need no second reading.
_LOOKS_SO = re.compile(rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.{8}\x02.{5}\xff\xff", re.DOTALL)


def stream_of(file):
    """The name of the stream of an olefile.OleFileIO that holds the workbook, or None."""
    return next((name for name in ("Workbook", "Book") if file.exists(name)), None)


def records(stream):
    """(kind, content) from here to the end of the stream."""
    while len(head := stream.read(4)) == 4:
        kind, length = struct.unpack("<HH", head)
        yield kind, stream.read(length)


def faults(path):
    """{place of a sheet from 0: {row number: [(column from 0, error)]}} of cells without a value."""
    import olefile

    with olefile.OleFileIO(path) as file:
        stream = file.openstream(stream_of(file))
    if not _LOOKS_SO.search(stream.getbuffer()):
        return {}
    found = {}
    for at, offset in enumerate(list(_offsets(stream))):
        stream.seek(offset)
        found[at] = _faults_of_sheet(stream)
    return found


def _offsets(stream):
    for kind, content in records(stream):
        if kind == END:
            return
        if kind == BOUND_SHEET and len(content) > _SHORTEST:
            yield struct.unpack_from("<I", content)[0]


def _faults_of_sheet(stream):
    found, depth = {}, 0  # charts of a sheet begin and end within it
    for kind, content in records(stream):
        if kind in (_FORMULA, _ERROR) and len(content) > _SHORTEST:
            row, column, _format = struct.unpack_from("<HHH", content)
            code = _code(kind, content[6:14])
            if code is not None:
                found.setdefault(row + 1, []).append((column, _ERRORS.get(code, "#UNKNOWN!")))
        depth += (kind == _BEGIN) - (kind == END)
        if not depth:
            return found
    return found


def _code(kind, value):
    """Of an error; None of a value. A formula's value that is no number ends in two full bytes."""
    if kind == _ERROR:
        return value[0] if value[1] else None
    return value[2] if value[:1] == b"\2" and value[6:] == b"\xff\xff" else None
