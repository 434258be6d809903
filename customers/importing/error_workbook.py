"""The rows that were rejected or warned about, as a workbook: as written, bad cells coloured, reasons in a last column.

Corrected and uploaded again only these rows are in it, and each is known by the reference in its hidden column. A
worker writes it at the end of a step and it lies beside the file; a page only gives it out.
Source: REC-15; import.md step 6.
"""

import re
import shutil
from itertools import groupby

import xlsxwriter
from django.db import connection
from django.db.models import Func, IntegerField, Max
from django.utils.translation import gettext as _

from customers.models import ImportRow
from journal.exports.files import LONGEST, looks_like_formula

from . import jobs
from .headings import REASON, REFERENCE, REFERENCE_HEADING, referred
from .judged import REJECTED
from .purchases.judging import REJECTED as REJECTED_PURCHASES

COLOURS = {True: "#f8d7da", False: "#fff3cd"}  # why the row is not taken, warned about
REJECTS = REJECTED.keys() | REJECTED_PURCHASES.keys()
WIDTH, WIDEST = 14, 60  # characters
AT_ONCE = 2_000
WRITTEN = "errors-*.xlsx"  # * is what it says; see _saying
LONGEST_SHEET_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# Equal as long as the same rows of a dry run have the same to correct; null where none has.
SAYING = """
SELECT md5(string_agg(md5(concat(place, outcome = 'rejected', problems)), '' ORDER BY place))
FROM customers_importrow WHERE job_id = %s AND problems <> '[]' AND cells <> '[]'
"""


def of(job):
    """Where the workbook of an import lies; None where no row has anything to correct."""
    return next(jobs.path_of(job).parent.glob(WRITTEN), None)


def drop(job):
    """The rows are about to be staged anew."""
    for path in jobs.path_of(job).parent.glob(WRITTEN):
        path.unlink(missing_ok=True)


def keep(job, alive):
    """Have the workbook say what the rows say now. `alive()` is told on the way, and raises when the job is lost.

    One that says so already stays: most commits find nothing else to correct than their dry run did. It gets its name
    when it is whole, so a worker that is killed here leaves none.
    """
    saying, stands = _saying(job), of(job)
    wanted = jobs.path_of(job).with_name(WRITTEN.replace("*", saying or ""))
    if saying and stands == wanted:
        return
    drop(job)
    if saying:
        draft = wanted.with_name("errors")  # a folder: the library writes more than one file
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        try:
            write(job, draft / wanted.name, alive)
            alive()
            (draft / wanted.name).replace(wanted)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _saying(job):
    with connection.cursor() as cursor:
        cursor.execute(SAYING, [job.pk])
        return cursor.fetchone()[0]


def rows_of(job):
    """Rows with something to correct, in the order of the file. Nothing in their cells helps those whose record is in
    the archive: of them no cells are kept."""
    rows = ImportRow.objects.filter(job=job).exclude(problems=[]).exclude(cells=[])
    return rows.order_by("place").only("job", "place", "table", "outcome", "problems", "cells")


def write(job, path, alive=lambda: None):
    """Write the workbook at this path."""
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
    widest = _widest(job)
    for table, rows in groupby(_told(rows_of(job), alive), key=lambda row: row.table):
        of_file = job.tables[table]
        sheet = _add_sheet(book, of_file["sheet"])
        _write_sheet(sheet, formats, of_file, max(len(of_file["headings"]), widest[table]), rows)
    book.close()


def _add_sheet(book, name):
    """Called as in the file, where a sheet may bear the name of a unit. One that has two tables becomes two."""
    base = _NOT_IN_NAMES.sub(" ", name).strip(" '")[:LONGEST_SHEET_NAME] or "Sheet"
    taken = {sheet.name.lower() for sheet in book.worksheets()}
    number, name = 1, base
    while name.lower() in taken:
        number += 1
        name = f"{base[: LONGEST_SHEET_NAME - 5]} {number}"
    return book.add_worksheet(name)


def _widest(job):
    """{table: cells of its longest row}."""
    length = Func("cells", function="jsonb_array_length", output_field=IntegerField())
    return dict(rows_of(job).order_by().values_list("table").annotate(widest=Max(length)))


def _told(rows, alive):
    for number, row in enumerate(rows.iterator(chunk_size=AT_ONCE)):
        if number % AT_ONCE == 0:
            alive()
        yield row


def _write_sheet(sheet, formats, table, width, rows):
    headings, fields = table["headings"], table["fields"]
    # Where corrected rows come back once more, what the first workbook said of them gives way.
    ours = {at: name for at, name in enumerate(fields) if name in (REFERENCE, REASON)}
    columns = [at for at in range(width) if at not in ours]
    before = next((at for at, name in ours.items() if name == REFERENCE), None)
    width = len(columns)
    sheet.freeze_panes(1, 0)
    for to, at in enumerate(columns):
        sheet.set_column(to, to, WIDTH)
        sheet.write_string(0, to, headings[at] if at < len(headings) else "", formats["head"])
    sheet.set_column(width, width, None, None, {"hidden": True})
    sheet.write_string(0, width, REFERENCE_HEADING, formats["head"])
    sheet.set_column(width + 1, width + 1, WIDEST, formats["reason"])
    sheet.write_string(0, width + 1, _("What to correct"), formats["head"])
    for line, row in enumerate(rows, start=1):
        rejected = row.outcome == ImportRow.Outcome.REJECTED
        problems = sorted(row.problems, key=lambda problem: problem[1] not in REJECTS)  # as the page lists them
        bad = {column: code in REJECTS for column, code, *_said in reversed(problems)}
        for to, at in enumerate(columns):
            cell = row.cells[at] if at < len(row.cells) else None
            _write_cell(sheet, line, to, cell, formats[bad.get(at)])
        # A row that was rejected once more still corrects the one that it was to correct.
        earlier = str(row.cells[before] or "") if rejected and before is not None else ""
        sheet.write_string(line, width, earlier if referred(earlier) else reference(row))
        reasons = "\n".join(dict.fromkeys(sentence for _column, _code, sentence, *_params in problems))
        sheet.write_string(line, width + 1, reasons[:LONGEST], formats["reason"])


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
