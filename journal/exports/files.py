"""How rows become an .xlsx or .csv file: streamed, so that a long list needs no more memory than a short one.

What a spreadsheet would take for a formula stays the text it is: as a text cell marked with Excel's own quote sign in a
workbook, behind an apostrophe in a text file. Source: SEC-06, reliability 25.
"""

import csv
import re
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

ROWS_A_SHEET = 1_000_000  # Excel ends at 1,048,576
LONGEST = 32_767  # characters of a cell; the library leaves out what is longer
FORMULA = re.compile(r"[\s\x00-\x1f\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
PHONE = re.compile(r"\+\d[\d ()*-]*")  # +852 ****6789 stays what it is; it calls no function and names no cell


def looks_like_formula(text):
    """Whether a spreadsheet may take the text for something to compute."""
    return bool(FORMULA.match(text)) and not PHONE.fullmatch(text)


def plain(value):
    """What a cell holds: an instant as the company's wall clock, yes and no as words, the rest as it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if timezone.is_aware(value) else value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, (int, float, Decimal, date)) else str("" if value is None else value)


class CsvFile:
    """UTF-8 with a byte-order mark, by which Excel recognises it; the mark of who and when is the last line."""

    def __init__(self, path, columns, mark):
        self._file = open(path, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed by close()
        self._lines = csv.writer(self._file)
        self._mark = mark
        self._lines.writerow([self._cell(str(column.label)) for column in columns])

    def write(self, values):
        self._lines.writerow([self._cell(plain(value)) for value in values])

    @staticmethod
    def _cell(value):
        if isinstance(value, datetime):
            return value.isoformat(" ", "seconds")
        if isinstance(value, str) and looks_like_formula(value):
            return f"'{value}"
        return value

    def close(self):
        self._lines.writerow([self._mark.line])
        self._file.close()

    def abandon(self):
        self._file.close()


class XlsxFile:
    """A workbook with real numbers and dates, a header that stays and filters; a second sheet and the printed footer
    say who took it and when. Rows go to the disk one by one."""

    def __init__(self, path, columns, mark):
        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._columns, self._mark, self._sheets = columns, mark, 0
        self._formats = {
            "head": self._book.add_format({"bold": True, "bottom": 1}),
            "quoted": self._book.add_format({"quote_prefix": True}),
            date: self._book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        self._book.set_properties({"title": mark.title, "author": mark.by, "comments": mark.line})
        self._begin_sheet()

    def _begin_sheet(self):
        self._sheets += 1
        self._sheet = self._book.add_worksheet(_("Rows") if self._sheets == 1 else f"{_('Rows')} {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_landscape()
        self._sheet.repeat_rows(0)
        self._sheet.set_footer(f"&L{self._mark.line.replace('&', '&&')[:220]}&R&P / &N")
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(0, place, str(column.label), self._formats["head"])
        self._line = 0

    def write(self, values):
        if self._line == ROWS_A_SHEET:
            self._end_sheet()
            self._begin_sheet()
        self._line += 1
        for place, value in enumerate(values):
            self._write_cell(self._line, place, plain(value))

    def _write_cell(self, line, place, value):
        if isinstance(value, str):
            if value:
                quoted = self._formats["quoted"] if looks_like_formula(value) else None
                self._sheet.write_string(line, place, value[:LONGEST], quoted)
        elif isinstance(value, date):
            self._sheet.write_datetime(line, place, value, self._formats[type(value)])
        else:
            self._sheet.write_number(line, place, value)

    def _end_sheet(self):
        self._sheet.autofilter(0, 0, max(self._line, 1), len(self._columns) - 1)

    def close(self):
        self._end_sheet()
        about = self._book.add_worksheet(_("About this file"))
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 80)
        for line, (label, text) in enumerate(self._mark.pairs):
            about.write_string(line, 0, label, self._formats["head"])
            about.write_string(line, 1, text, self._formats["quoted"])
        self._book.close()

    def abandon(self):
        self._book.fileclosed = True  # otherwise the library asks for a file that nobody wants when it is thrown away


FILES = {"csv": CsvFile, "xlsx": XlsxFile}
