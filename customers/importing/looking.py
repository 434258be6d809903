"""What is in a file: its sheets, headers, columns and samples, so that a person can correct them. Source: REC-15."""

from customers.models import ImportMapping
from customers.values import dates
from customers.values.text import clean_lines

from . import files, headings, kinds, own_columns, reading
from .cells import date_of
from .layout import tables

SAMPLES, LONGEST_SAMPLE = 3, 80
TOP_ROWS, TOP_COLUMNS = 12, 8  # of a sheet without a header, as far as they are shown
FEWEST = 2  # cells of a row that may be remembered as a header
ROWS_A_SIGN = 5_000  # rows between two signs of life


def look(job, path, alive):
    """What is found, as columns of Import. `alive(rows)` is told how many rows have been seen.

    A remembered mapping of the same headings decides what columns mean; so do the words that came with it. Rows that
    come back corrected mean what the rows of their first file meant.
    """
    memory = _Memory(job)
    found, seen, header_rows = [], 0, dict(job.header_rows)
    for table in tables_of(job, path, memory=memory):
        if table.by_memory:  # the dry run looks for it without a memory
            header_rows[str(table.sheet.position)] = table.header_row
        samples = [[] for _heading in table.headings]
        orders = {at: set() for at, name in enumerate(table.fields) if name in memory.dates}
        rows = 0
        for row in table:
            seen += 1
            if seen % ROWS_A_SIGN == 0:
                alive(seen)
            if not row.ignored:
                rows += 1
                for at, text in _sample(samples, row.cells):
                    if dates.order(text) or date_of(text, False)[0]:  # a person may say that these are the dates
                        orders.setdefault(at, set())
                for at, said in orders.items():
                    if type(cell := row.cells[at]) is str:
                        said.add(dates.order(cell))
        found.append(
            {
                "position": table.sheet.position,
                "sheet": table.sheet.name,
                "hidden": table.sheet.hidden,
                "header_row": table.header_row,
                "headings": table.headings,
                "fields": table.fields,
                "samples": samples,
                "date_orders": memory.date_orders(table.headings, orders),
                "rows": rows,
                "remembered": table.fingerprint in memory.used if table.headings else False,
                "top": _top(table),
            }
        )
    return {"tables": found, "words": memory.words, "defaults": memory.defaults, "header_rows": header_rows}


def tables_of(job, path, *, memory=None):
    """The tables of a job's file as people corrected their headers. Without a memory columns mean what was said of
    each table."""
    source = files.examine(path, encoding=job.encoding, delimiter=job.delimiter)
    header_rows = {int(position): row for position, row in job.header_rows.items()}
    told = {"guess": memory.guess, "remembered": memory.header} if memory else {}
    found = tables(reading.read(source), header_rows=header_rows, known=kinds.known(job), **told)
    for at, table in enumerate(found):
        table.date1904 = source.date1904
        if memory is None:
            table.fields = job.tables[at]["fields"]  # before its rows are read
        yield table


class _Memory:
    """Guesses fields: as people had them the last time, else by the words of the headings."""

    def __init__(self, job):
        self._kind, self._known = job.kind, kinds.known(job)
        has_own = self._known is headings.CUSTOMERS
        self._own = own_columns.headings() if has_own else {}
        columns = self._known.columns | (own_columns.columns() if has_own else {})
        self.dates = {name for name, column in columns.items() if "order" in column.widget.told}
        self.words, self.defaults = dict(job.words), dict(job.defaults)
        self.used = set()
        self._firsts = {}
        if first := job.corrects:
            self.words, self.defaults = first.words | self.words, first.defaults | self.defaults
            self._firsts = {_without_reference(table["headings"]): table for table in first.tables}

    def guess(self, row):
        fingerprint = headings.fingerprint(row)
        if first := self._first(row):
            self.used.add(fingerprint)
            own = first["fields"][: len(_without_reference(row))]
            return _with_reference(row, own + [None] * (len(row) - len(own)))
        kept = ImportMapping.objects.filter(kind=self._kind, fingerprint=fingerprint).first()
        if kept and len(kept.fields) == len(row):
            self.used.add(fingerprint)
            self.words = kept.words | self.words
            self.defaults = kept.defaults | self.defaults
            return list(kept.fields)
        fields = _with_reference(row, self._known.guess(row))
        taken = set(fields)
        for at, heading in enumerate(row):
            own = self._own.get(headings.plain(heading))
            if own and fields[at] is None and own not in taken:
                fields[at] = own
                taken.add(own)
        return fields

    def header(self, rows):
        """The index of the first row that was a header before, though none of its words is known here."""
        prints = [headings.fingerprint(row) if len(row) - row.count("") >= FEWEST else "" for row in rows]
        kept = ImportMapping.objects.filter(kind=self._kind, fingerprint__in={*prints} - {""})
        kept = {*kept.values_list("fingerprint", flat=True)}
        return next((at for at, row in enumerate(rows) if prints[at] in kept or self._first(row)), None)

    def date_orders(self, row, said):
        """Of each column what its dates say of their order; few rows come back, so the first file may have to tell."""
        orders = [dates.common_order(said.get(at, set())) for at in range(len(row))]
        first = self._first(row) or {}
        for at, order in enumerate(first.get("date_orders", ())[: len(_without_reference(row))]):
            if orders[at] not in (dates.DAY_FIRST, dates.MONTH_FIRST):
                orders[at] = order
        return orders

    def _first(self, row):
        """The table of the first file from which the rows under these headings come back; None where none is."""
        return self._firsts.get(_without_reference(row)) if headings.REFERENCE_HEADING in row else None


def _with_reference(row, fields):
    """The fields of an error workbook's headings: the reason stands beside the reference."""
    if headings.REFERENCE_HEADING in row:
        at = row.index(headings.REFERENCE_HEADING)
        fields[at : at + 2] = [headings.REFERENCE, headings.REASON][: len(row) - at]
    return fields


def _without_reference(row):
    """The headings that an error workbook has of the file whose rows stand in it."""
    own = row[: row.index(headings.REFERENCE_HEADING)] if headings.REFERENCE_HEADING in row else list(row)
    while own and not own[-1]:
        own.pop()
    return tuple(own)


def _top(table):
    """[[row number, texts of its first cells]] by which a person finds the header that was not found."""
    lines = [
        [number, [clean_lines(_text(cell))[:LONGEST_SAMPLE] for cell in cells[:TOP_COLUMNS]]]
        for number, cells in enumerate(table.top, 1)
        if any(cell is not None for cell in cells[:TOP_COLUMNS])
    ]
    return lines[:TOP_ROWS]


def _text(cell):
    """As the spreadsheet shows it."""
    if cell is None:
        return ""
    return f"{cell:.0f}" if type(cell) is float and cell.is_integer() else str(cell)


def _sample(samples, cells):
    """Keeps the first few values of each column; yields (column, value) of those that are new."""
    for at, (shown, cell) in enumerate(zip(samples, cells, strict=False)):
        if len(shown) < SAMPLES and cell is not None:
            text = clean_lines(_text(cell))[:LONGEST_SAMPLE]
            if text and text not in shown:
                shown.append(text)
                yield at, text
