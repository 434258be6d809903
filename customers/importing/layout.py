"""Where in a sheet the header stands, and which rows are data. Source: REC-15; import.md "Several sheets".

    for table in tables(read(source)):
        table.sheet, table.header_row, table.headings, table.fields
        for row in table:                      # in order, before the next table
            row.number, row.cells, row.ignored  # "" or one of ignored_rows.IGNORED

A sheet without a recognisable header gives a table without headings and rows: it is skipped and named. A second header
further down with other columns begins another table of the same sheet.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from customers.values.text import clean

from . import headings as words
from .cells import filled_in, has_digits
from .header import FEWEST_KNOWN, ending, find_header, is_form, is_same_header, score_of, whole_header
from .ignored_rows import MOST_IN_TOTAL, begins_total, why_ignored

LOOKED_THROUGH = 100  # rows in which a header is looked for


class Row(NamedTuple):
    """`number` is the row's number in its sheet from 1; cells are at least as many as headings."""

    number: int
    cells: list
    ignored: str = ""


@dataclass
class Table:
    """Rows under one header. Iterate once, in turn. `header_row` is None for a sheet that is skipped."""

    sheet: object  # reading.Sheet
    header_row: int | None = None
    headings: list[str] = field(default_factory=list)
    fields: list = field(default_factory=list)
    rows: object = ()
    known: words.Known = words.CUSTOMERS
    by_memory: bool = False  # none of its headings is known, but they were met before
    lines: list = field(default_factory=list)  # of a header of two, as their cells are compared
    top: list = field(default_factory=list)  # the first rows of a sheet in which no header was found

    def __iter__(self):
        return iter(self.rows)

    @property
    def fingerprint(self):
        return words.fingerprint(self.headings)


def tables(batches, *, header_rows=None, guess=None, remembered=None, known=words.CUSTOMERS):
    """Tables of all sheets in order. `header_rows` corrects: {sheet position: row number, or None to skip the sheet}.
    `known` are the headings of the kind of file; `guess` gives the fields of a list of headings; a caller with a memory
    of mappings passes its own, and `remembered`: which of several lists of headings it has met, or None."""
    corrected = header_rows or {}
    source = _Lines(batches)
    while (sheet := source.next_sheet()) is not None:
        yield from _tables_of_sheet(sheet, source, corrected, guess or known.guess, remembered, known)


def _tables_of_sheet(sheet, source, corrected, guess, remembered, known):
    by_memory = False
    if sheet.position in corrected:
        at = corrected[sheet.position]
        top = source.take(max(LOOKED_THROUGH, at or 0))
        at = at - 1 if at and at <= len(top) else None
    else:
        top = source.take(LOOKED_THROUGH)
        at = find_header(top, known)
        if at is not None and at + 1 < len(top) and is_form(top[at], top[at + 1], known):
            at = None
        if at is None and remembered:
            at = remembered([ending([clean(cell) for cell in cells]) for cells in top])
            by_memory = at is not None
    if at is None:
        yield Table(sheet, top=top)
        return
    first, last, headings = whole_header(top, at, known)
    above = [
        Row(number, cells, "title" if filled_in(cells) else "blank") for number, cells in enumerate(top[:first], 1)
    ]
    lines = [[words.plain(cell) for cell in cells] for cells in top[first : last + 1]] if last > first else []
    source.put_back(top[last + 1 :], last + 2)
    header_row = at + 1
    while header_row:
        fields = guess(headings)
        table = Table(sheet, header_row, headings, fields, known=known, by_memory=by_memory, lines=lines)
        rows = _Rows(table, source, above)
        table.rows = rows
        yield table
        for _row in rows:  # whatever the caller left
            pass
        header_row, above, by_memory, lines = None, [], False, []
        if rows.other_header:
            header_row, headings = rows.other_header
            above = [Row(header_row, [], "header")]


class _Lines:
    """(number, cells) of one sheet after the other; rows that were looked at can be put back."""

    def __init__(self, batches):
        self._batches = iter(batches)
        self._coming = next(self._batches, None)
        self._sheet = None
        self._waiting = []

    def next_sheet(self):
        for _line in self.lines():
            pass
        self._sheet = self._coming.sheet if self._coming else None
        return self._sheet

    def lines(self):
        """The lines of the sheet from here on."""
        while True:
            while self._waiting:
                yield self._waiting.pop()
            if self._coming is None or self._coming.sheet is not self._sheet:
                return
            batch, self._coming = self._coming, None
            self._coming = next(self._batches, None)
            lines = list(enumerate(batch.rows, batch.first))
            self._waiting = lines[::-1]

    def take(self, count):
        """Cells of the first rows, from row 1."""
        taken = []
        for number, cells in self.lines():
            while len(taken) < number - 1:
                taken.append([])
            taken.append(cells)
            if len(taken) >= count:
                break
        return taken

    def put_back(self, rows, number):
        self._waiting += list(enumerate(rows, number))[::-1]


class _Rows:
    """The rows of a table, each judged by its look."""

    def __init__(self, table, source, above):
        self.other_header = None
        self._rows = self._read(table, source, above)

    def __iter__(self):
        return self._rows

    def _read(self, table, source, above):
        yield from above
        titles = {clean(filled_in(row.cells)[0][1]) for row in above if len(filled_in(row.cells)) == 1}
        fields, known = table.fields, table.known
        header = [words.plain(heading) for heading in table.headings]
        headers = [header, *table.lines]
        merged = _Merged(table.sheet.merges)
        width = len(header)
        names = fields.index("name") if "name" in fields else 0
        for number, cells in source.lines():
            if len(cells) < width:
                cells = cells + [None] * (width - len(cells))
            if _is_plainly_data(cells, cells[names], table.headings[names]):
                yield Row(number, merged.filled_down(number, cells))
                continue
            filled = filled_in(cells)
            ignored = why_ignored(filled, fields, titles, known.who)
            if not ignored and len(filled) >= FEWEST_KNOWN:
                if any(is_same_header(filled, line) for line in headers):
                    ignored = "header"
                elif not has_digits(cells) and score_of(cells, known) > FEWEST_KNOWN:
                    self.other_header = number, ending([clean(cell) for cell in cells])
                    return
            yield Row(number, cells if ignored else merged.filled_down(number, cells), ignored)


def _is_plainly_data(cells, name, heading):
    """Quick, for most rows: too full for a title or total, and nothing like the heading where the name should be."""
    return (
        len(cells) - cells.count(None) > MOST_IN_TOTAL
        and type(name) is str
        and heading[:1] not in name
        and has_digits(cells)
        and not begins_total(cells)
    )


class _Merged:
    """Cells merged over several rows hold their value in the first; it is meant for all of them."""

    def __init__(self, merges):
        self._starts = {}
        for (top, left), (bottom, _right) in merges:
            self._starts.setdefault(top + 1, []).append((left, bottom + 1))
        self._open = {}  # column -> (last row, value)

    def filled_down(self, number, cells):
        if not self._starts:
            return cells
        for at, (last, value) in list(self._open.items()):
            if number > last:
                del self._open[at]
            elif at < len(cells) and cells[at] is None:
                cells[at] = value
        for left, last in self._starts.get(number, ()):
            if left < len(cells) and cells[left] is not None:
                self._open[left] = (last, cells[left])
        return cells
