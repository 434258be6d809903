"""The rows that were rejected or warned about, as a workbook: as written, bad cells coloured, reasons in a last column.

Corrected and uploaded again only these rows are in it, and each is known by the reference in its hidden column.
Source: REC-15; import.md step 6.
"""

import re
from itertools import groupby

import xlsxwriter
from django.utils.translation import gettext as _

from customers.models import ImportRow
from journal.exports.files import LONGEST, looks_like_formula

from .headings import REFERENCE_HEADING

COLOURS = {True: "#f8d7da", False: "#fff3cd"}  # rejected, warned about
WIDTH, WIDEST = 14, 60  # characters
AT_ONCE = 2_000
_REFERENCE = re.compile("([0-9]{1,9})-([0-9]{1,9})")


def rows_of(job):
    """Rows with something to correct, in the order of the file."""
    return ImportRow.objects.filter(job=job).exclude(problems=[]).order_by("place")


def write(job, path):
    """Write the workbook. Returns the number of its rows."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(str(path), options)
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "reason": book.add_format({"text_wrap": True}),
        None: {"plain": None, "quoted": book.add_format({"quote_prefix": True})},
    }
    for rejected, colour in COLOURS.items():
        formats[rejected] = {
            "plain": book.add_format({"bg_color": colour}),
            "quoted": book.add_format({"bg_color": colour, "quote_prefix": True}),
        }
    number = 0
    for table, rows in groupby(rows_of(job).iterator(chunk_size=AT_ONCE), key=lambda row: row.table):
        number += _write_sheet(book, formats, job, table, rows)
    if not number:
        book.add_worksheet()
    book.close()
    return number


def _write_sheet(book, formats, job, table, rows):
    told = job.tables[table]
    headings, rows = told["headings"], list(rows)
    width = max([len(headings), *(len(row.cells) for row in rows)])
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for at in range(width):
        sheet.set_column(at, at, WIDTH)
        sheet.write_string(0, at, headings[at] if at < len(headings) else "", formats["head"])
    sheet.set_column(width, width, None, None, {"hidden": True})
    sheet.write_string(0, width, REFERENCE_HEADING, formats["head"])
    sheet.set_column(width + 1, width + 1, WIDEST, formats["reason"])
    sheet.write_string(0, width + 1, _("What to correct"), formats["head"])
    for line, row in enumerate(rows, start=1):
        bad = {column for column, _code, _sentence in row.problems if column is not None}
        for at, cell in enumerate(row.cells + [None] * (width - len(row.cells))):
            look = formats[row.outcome == ImportRow.Outcome.REJECTED if at in bad else None]
            _write_cell(sheet, line, at, cell, look)
        sheet.write_string(line, width, reference(row))
        reasons = "\n".join(dict.fromkeys(sentence for _column, _code, sentence in row.problems))
        sheet.write_string(line, width + 1, reasons[:LONGEST], formats["reason"])
    return len(rows)


def _write_cell(sheet, line, at, cell, look):
    if cell is None or cell == "":
        if look["plain"]:
            sheet.write_blank(line, at, None, look["plain"])
    elif isinstance(cell, bool):
        sheet.write_boolean(line, at, cell, look["plain"])
    elif isinstance(cell, (int, float)):
        sheet.write_number(line, at, cell, look["plain"])
    else:
        text = str(cell)[:LONGEST]
        sheet.write_string(line, at, text, look["quoted"] if looks_like_formula(text) else look["plain"])


def reference(row):
    """By which a row is known again: the import and the place in it."""
    return f"{row.job_id}-{row.place}"


def referred(text):
    """[import, place] of a reference; None where the text is none."""
    found = _REFERENCE.fullmatch(text)
    return [int(number) for number in found.groups()] if found else None
