"""Encoding and delimiter of a text file with a table in it. Source: REC-15; import.md "Formats"."""

import codecs
import csv
from collections import Counter

from .refusals import Refused

ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")  # what people may choose
DELIMITERS = (",", ";", "\t")
_CHUNK = 2**20
_SAMPLE_LINES, _SAMPLE_LINE = 100, 10_000
_SEPARATOR_LINE = "sep="  # first line that tells a spreadsheet program the delimiter


def find_encoding(path):
    """utf-8-sig (with or without the mark), gb18030 or utf-16 (only with its mark). Raises Refused."""
    with path.open("rb") as file:
        mark = file.read(4)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return check_encoding(path, "utf-16")
    if mark.startswith(codecs.BOM_UTF8):
        return check_encoding(path, "utf-8-sig")
    if _first_bad_line(path, "utf-8-sig") is None:
        return "utf-8-sig"
    return check_encoding(path, "gb18030")


def check_encoding(path, encoding):
    """The encoding, if the whole file can be read so. Raises Refused with the first line that cannot."""
    line = _first_bad_line(path, encoding)
    if line is not None:
        raise Refused("encoding", line=line, encoding={"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper()))
    return encoding


def _first_bad_line(path, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as problem:
                return line + problem.object[: problem.start].count(b"\n")
            if "\0" in text:
                raise Refused("damaged")
            line += text.count("\n")
            if not chunk:
                return None


def find_delimiter(path, encoding):
    """The delimiter by which most lines of the beginning have equally many columns; a comma where none divides."""
    with path.open(encoding=encoding, newline="") as file:
        lines = [line[:_SAMPLE_LINE] for line, _n in zip(file, range(_SAMPLE_LINES), strict=False)]
    if lines and lines[0].lower().startswith(_SEPARATOR_LINE):
        chosen = lines[0][len(_SEPARATOR_LINE) :].strip("\r\n")
        if chosen in DELIMITERS:
            return chosen
    return max(DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))


def _fit(lines, delimiter):
    """(lines with the most frequent number of columns above one, that number)."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, count = widths.most_common(1)[0]
    return count, width
