"""Files of all kinds, good and bad, made on the spot."""

import struct
import zipfile

import xlsxwriter

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xlsx(path, *sheets, merges=(), date1904=False, hidden=()):
    """A workbook of (name, rows) or plain rows. Dates and numbers stay what they are."""
    book = xlsxwriter.Workbook(
        path, {"default_date_format": "yyyy-mm-dd", "date_1904": date1904, "strings_to_numbers": False}
    )
    for position, sheet in enumerate(sheets):
        name, rows = sheet if isinstance(sheet, tuple) else (f"Sheet{position + 1}", sheet)
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None and cell != "":
                    (page.write_string if isinstance(cell, str) else page.write)(at, column, cell)
        for area in merges if not position else ():
            page.merge_range(*area, rows[area[0]][area[1]])
        if name in hidden:
            page.hide()
    book.close()
    return path


def with_parts(source, path, change=None, **parts):
    """A copy of a package with more parts, or others: `change` gets (name, bytes) and returns bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(name, content) if change else content)
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def xls(path, rows, *, records=(), storages=(), sheet_kind=0, errors=()):
    """A small BIFF8 workbook of one sheet. `records` are (kind, bytes) put among the globals; `errors` (row, column,
    code, whether a formula gave it)."""

    def record(kind, content=b""):
        return struct.pack("<HH", kind, len(content)) + content

    def bof(kind):
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))

    def globals_until(offset):
        extra = b"".join(record(kind, content) for kind, content in records)
        name = "名片".encode("utf-16-le")
        bound = record(0x85, struct.pack("<IBBBB", offset, 0, sheet_kind, len(name) // 2, 1) + name)
        return bof(5) + record(0x42, struct.pack("<H", 1200)) + extra + bound + record(0x0A)

    cells = b""
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                text = cell.encode("utf-16-le")
                cells += record(0x204, struct.pack("<HHHHB", at, column, 0, len(text) // 2, 1) + text)
            elif isinstance(cell, (int, float)):
                cells += record(0x203, struct.pack("<HHHd", at, column, 0, cell))
    for at, column, code, of_formula in errors:
        place = struct.pack("<HHH", at, column, 0)
        if of_formula:
            cells += record(
                0x06, place + bytes((2, 0, code, 0, 0, 0, 255, 255)) + struct.pack("<HIH", 0, 0, 2) + b"\x1c\0"
            )
        else:
            cells += record(0x205, place + bytes((code, 1)))
    width = max(map(len, rows), default=0)
    dimensions = record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    stream = globals_until(len(globals_until(0))) + bof(0x10) + dimensions + cells + record(0x0A)
    return compound(path, {"Workbook": stream}, storages)


def compound(path, streams, storages=()):
    """A compound file with these streams and empty storages, no stream in the mini sectors."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    chains, sectors = [], []
    for content in padded.values():
        chains.append(len(sectors))
        sectors += [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
    entries = [_entry("Root Entry", 5, child=1)]
    names = [*padded, *storages]
    for at, name in enumerate(names, 1):
        sibling = at + 1 if at < len(names) else _FREE
        if name in padded:
            entries.append(_entry(name, 2, right=sibling, start=chains[at - 1], size=len(padded[name])))
        else:
            entries.append(_entry(name, 1, right=sibling))
    directory = b"".join(entries)
    directory = [directory[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(directory), SECTOR)]
    table = []
    ends = {
        start + len(content) // SECTOR - (len(content) % SECTOR == 0)
        for start, content in zip(chains, padded.values(), strict=True)
    }
    for at in range(len(sectors)):
        table.append(_END if at in ends else at + 1)
    first = len(sectors)
    table += [first + at + 1 for at in range(len(directory) - 1)] + [_END]
    sectors += directory
    own = -(-(len(table) + 1) // (SECTOR // 4 - 1))
    fat_at = list(range(len(sectors), len(sectors) + own))
    table += [_FAT] * own
    table += [_FREE] * (own * SECTOR // 4 - len(table))
    sectors.append(struct.pack(f"<{len(table)}I", *table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, own, first, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *fat_at, *[_FREE] * (109 - own))
    path.write_bytes(header + b"".join(sectors))
    return path


def _entry(name, kind, *, right=_FREE, child=_FREE, start=0, size=0):
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
