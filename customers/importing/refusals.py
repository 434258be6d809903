"""Why a file is not read at all, each in one sentence that says what to do instead. Source: REC-15."""

from django.utils.translation import gettext_lazy as _

LARGEST_FILE = 100 * 2**20  # bytes
LARGEST_UNPACKED = 2**30
MOST_ROWS, MOST_COLUMNS = 200_000, 200

SENTENCES = {
    "empty": _("The file is empty: choose another one."),
    "file_size": _("The file is larger than 100 MB: split it and choose the parts one after the other."),
    "unpacked_size": _("Unpacked, the file is larger than 1 GB: split it and choose the parts one after the other."),
    "bomb": _("The file unpacks to far more than its size allows: copy the rows into a new workbook and choose that."),
    "rows": _("The file has more than 200,000 rows: split it and choose the parts one after the other."),
    "columns": _("A sheet has more than 200 columns: leave out those that are not needed and choose the file again."),
    "claimed_rows": _(
        "A sheet claims to have more than 200,000 rows: delete the empty rows at its end, save and choose it again."
    ),
    "encrypted": _("The file is locked with a password: open it, save it without one and choose it again."),
    "macros": _("The file carries macros: save it as a workbook without macros (.xlsx) and choose that."),
    "links": _(
        "The file takes data from other files or from the network: break these links, save it and choose it again."
    ),
    "dtd": _(
        "The file has definitions in it that no workbook needs: copy the rows into a new workbook and choose that."
    ),
    "web_page": _("The file is a web page with another name: open it with a spreadsheet program and save it as .xlsx."),
    "other_format": _("The file is no .xlsx, .xls or .csv but %(format)s: save it as .xlsx and choose that."),
    "no_spreadsheet": _("The file is no spreadsheet but %(format)s: choose one that is .xlsx, .xls or .csv."),
    "document": _("The file is no spreadsheet but %(format)s: copy its table into a new workbook and choose that."),
    "packed": _("The file is a packed one (%(format)s): unpack it and choose the spreadsheet in it."),
    "damaged": _("The file is damaged: open it with a spreadsheet program, save it anew as .xlsx and choose that."),
    "encoding": _("Line %(line)d cannot be read as %(encoding)s: choose another encoding or save the file as UTF-8."),
    "open_quote": _(
        "A quotation mark that is opened in line %(line)d is never closed: correct it and choose the file again."
    ),
    "too_much": _("Reading the file takes too much memory or time: split it and choose the parts one after the other."),
}


class Refused(Exception):
    """The file is not read. `code` is a key of SENTENCES; the exception's text is the sentence."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params

    @property
    def sentence(self):
        return str(SENTENCES[self.code]) % self.params

    def __str__(self):
        return self.sentence
