"""The reading process: `python -I child.py PATH KIND ENCODING DELIMITER MEMORY SECONDS PARENT`. See reading.py.

Standard library, calamine and olefile only: it starts in a moment, holds no secret of ours, and whatever a file does to
it ends with it. Writes marshalled tuples to its output, each behind its length: ("sheet", name, hidden, merges),
("rows", first row number, rows), ("refused", code, params), ("end",). Cells are str, float, bool or None; dates and
times are ISO text.
"""

import csv
import datetime
import marshal
import os
import resource
import sys
from itertools import chain, count

if __package__:
    from . import biff, orphans, slices
else:  # isolated, it does not even know its own folder
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # behind the library: we have a resource, too
    import biff
    import orphans
    import slices

LENGTH = 4  # bytes
BATCH = 1000
MOST_COLUMNS = 200
MOST_ROWS = 200_000
MOST_MERGES = 100_000
QUOTED = frozenset("0123456789+-=@")
LONGEST_CELL = 32_767  # characters; what Excel allows, and more than any field takes


class Refuse(Exception):
    pass


def workbook(path, kind="xlsx"):
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise Refuse("encrypted") from None
    except Exception:
        raise Refuse("damaged") from None
    parts, old_faults = (slices.parts(path), {}) if kind == "xlsx" else ({}, biff.faults(path))
    large = slices.large(path, parts)
    for at, about in enumerate(book.sheets_metadata):
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
        try:
            if part := large.get(about.name):
                rows, merges = sliced(path, part), slices.merges(path, part)
            else:
                sheet = book.get_sheet_by_name(about.name)
                rows, merges = plain(sheet), sheet.merged_cell_ranges or ()
                del sheet
                faults = slices.faults(path, parts[about.name][0]) if about.name in parts else old_faults.get(at)
                rows = marked(rows, faults) if faults else rows
            yield ("sheet", about.name, hidden, [area for area in merges if area[1][0] > area[0][0]][:MOST_MERGES])
            yield from batches(rows, 1)
        except (Refuse, MemoryError):
            raise
        except Exception:
            raise Refuse("damaged") from None


def plain(sheet):
    """Rows from the first one on; blank ones are []."""
    if sheet.start is None:
        return
    if sheet.end[1] >= MOST_COLUMNS:
        raise Refuse("columns")
    left = [None] * sheet.start[1]  # the rows of calamine begin at the first row, but at the first column with a value
    for cells in sheet.iter_rows():
        yield left + cells


def sliced(path, part):
    """The same of a large sheet, a few thousand rows at a time."""
    import python_calamine

    done = 0
    for first, size, faults, file in slices.slices(path, part):
        sheet = python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        if sheet.start is None:
            begin, rows = 0, []
        else:
            if sheet.end[1] >= MOST_COLUMNS:
                raise Refuse("columns")
            left = [None] * sheet.start[1]
            begin, rows = sheet.start[0], [left + cells for cells in sheet.to_python(skip_empty_area=True)]
        if first is None:  # rows bear no numbers: calamine has counted them from the beginning of the slice
            begin, end = done + begin, done + size
        else:
            end = begin + len(rows)
        blank_before, blank_behind = begin - done, end - begin - len(rows)
        rows = chain(([] for _ in range(blank_before)), rows, ([] for _ in range(blank_behind)))
        for row in marked(rows, faults, done + 1) if faults else rows:
            done += 1
            yield row


def marked(rows, faults, first=1):
    """The same with the errors of formulas, of which calamine makes empty cells. `first` is the first row's number."""
    rows, last = iter(rows), max(faults)
    for number in count(first):
        row = next(rows, None)
        if row is None:
            if number > last:
                return
            row = []
        for column, error in faults.get(number, ()):
            row += [None] * (column + 1 - len(row))
            row[column] = error
        yield row


def as_plain(row):
    for at, cell in enumerate(row):
        kind = type(cell)
        if kind is str:
            if not cell:
                row[at] = None
            elif cell[0] == "'" and cell[1:2] in QUOTED:  # '13912345670 is how programs keep a number as text
                row[at] = cell[1:]
            elif len(cell) > LONGEST_CELL:
                row[at] = cell[:LONGEST_CELL]
        elif kind is datetime.date:
            row[at] = cell.isoformat()
        elif kind is datetime.datetime:
            row[at] = cell.isoformat(" ", "seconds")
        elif kind is int:
            row[at] = float(cell)
        elif kind is not float and kind is not bool and cell is not None:
            row[at] = str(cell)
    return row


def delimited(path, encoding, delimiter):
    """The file is read twice: nothing is handed on of one that has too much of something."""
    yield ("sheet", "", False, [])
    filled = 0
    for row in lines(path, encoding, delimiter):
        filled += any(row)
        if filled - 1 > MOST_ROWS:
            raise Refuse("rows")
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise Refuse("columns")
    yield from batches(lines(path, encoding, delimiter), 1)


def lines(path, encoding, delimiter):
    """Rows of the table. A mark of our own after the last line shows whether a quotation mark is still open there."""
    mark = "\x1athe end\x1a"
    started = ended = 1

    def with_mark(file):
        first = True
        for line in file:
            yield "" if first and line.lower().startswith("sep=") and len(line.strip()) <= 5 else line
            first = False
        yield mark

    with open(path, encoding=encoding, newline="") as file:
        reader = csv.reader(with_mark(file), delimiter=delimiter)
        try:
            previous = None
            for row in reader:
                if previous is not None:
                    yield list(map(unwrapped, previous))
                    started = ended
                previous, ended = row, reader.line_num + 1
        except csv.Error:
            raise Refuse("open_quote", started) from None
    if previous != [mark]:
        raise Refuse("open_quote", started)


def unwrapped(cell):
    """The text in ="13912345670", as programs write numbers that are to stay text."""
    return cell[2:-1] if cell[:2] == '="' and cell[-1] == '"' and len(cell) > 2 else cell


def batches(rows, number):
    """("rows", ...) without the blank rows at the end."""
    batch, blank = [], []
    for row in map(as_plain, rows):
        if any(cell is not None for cell in row):
            batch += blank
            blank = []
            batch.append(row)
            while len(batch) >= BATCH:
                yield ("rows", number, batch[:BATCH])
                number += BATCH
                del batch[:BATCH]
        else:
            blank.append(row)
    if batch:
        yield ("rows", number, batch)


def refuse_network(event, _args):
    """An audit hook: whatever a file refers to, nothing here opens a socket or looks up a host."""
    if event.startswith("socket."):
        raise PermissionError(event)


def main(path, kind, encoding, delimiter, memory, seconds, parent):
    orphans.end_with(int(parent))
    sys.addaudithook(refuse_network)  # for good: a hook cannot be taken away again
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    csv.field_size_limit(2**20)
    out = sys.stdout.buffer
    try:
        for message in delimited(path, encoding, delimiter) if kind == "csv" else workbook(path, kind):
            tell(out, message)
        tell(out, ("end",))
    except Refuse as refusal:
        code, *line = refusal.args
        tell(out, ("refused", code, {"line": line[0]} if line else {}))
    except MemoryError:
        tell(out, ("refused", "too_much", {}))
    out.flush()


def tell(out, message):
    written = marshal.dumps(message)
    out.write(len(written).to_bytes(LENGTH))
    out.write(written)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BrokenPipeError:  # nobody reads on
        sys.stderr.close()
