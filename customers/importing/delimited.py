"""Encoding and delimiter of a text file with a table in it. Source: REC-15; import.md "Formats"."""

import codecs
import csv
import re
from collections import Counter

from .refusals import Refused

ENCODINGS = {"utf-8-sig": "UTF-8", "gb18030": "GB18030 (GBK)", "utf-16": "UTF-16", "cp950": "Big5"}  # to choose from
DELIMITERS = (",", ";", "\t", "|")
_HEAD = 4096  # bytes
_CHUNK = 2**20
_SAMPLE_LINES, _SAMPLE_LINE = 100, 10_000
_MARKS_OF_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
_WITHOUT_MARK = ("utf-16-le", "utf-16-be")
# Letters, ideographs and the signs between them: what a wrong order of bytes gives is mostly none of these.
_READABLE = re.compile(
    "[\t\r\n -~\xa0-\u04ff\u2000-\u22ff\u2500-\u266f\u3000-\u303f\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]"
)
_MOSTLY = 0.95
_TWO_BYTES = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_LOW_SECOND = re.compile(rb"[\x81-\xfe][\x40-\x7e]")
_COMMON_IN_BIG5 = re.compile(rb"[\xa4-\xc6][\x40-\xfe]")
_FEWEST_TO_TELL_BIG5 = 20  # characters
_SEPARATOR_LINE = "sep="  # first line that tells a spreadsheet program the delimiter


def find_encoding(path):
    """utf-8-sig (with or without the mark), utf-16 (with it), utf-16-le or -be (without), cp950 where it is plainly
    Big5, else gb18030. Raises Refused."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if encoding := utf_16(head):
        return check_encoding(path, encoding)
    if head.startswith(codecs.BOM_UTF8):
        return check_encoding(path, "utf-8-sig")
    if _first_bad_line(path, "utf-8-sig") is None:
        return "utf-8-sig"
    if _looks_like_big5(head) and _first_bad_line(path, "cp950") is None:
        return "cp950"
    return check_encoding(path, "gb18030")


def check_encoding(path, encoding):
    """The encoding, if the whole file can be read so. Raises Refused with the first line that cannot. UTF-16 without a
    mark is that of the order in which its bytes stand."""
    if encoding == "utf-16":
        with path.open("rb") as file:
            encoding = utf_16(file.read(_HEAD)) or encoding
    line = _first_bad_line(path, encoding)
    if line is not None:
        raise Refused("encoding", line=line, encoding=ENCODINGS.get(choice(encoding), encoding).partition(" ")[0])
    return encoding


def choice(encoding):
    """Of ENCODINGS the one that stands for this one."""
    return "utf-16" if encoding in _WITHOUT_MARK else encoding


def utf_16(head):
    """The encoding of a file that begins so and is UTF-16, else "". Every delimiter and line end has a zero byte."""
    if head.startswith(_MARKS_OF_UTF_16):
        return "utf-16"
    for encoding in _WITHOUT_MARK if b"\0" in head else ():
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < _HEAD)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and len(_READABLE.findall(text)) >= _MOSTLY * len(text):
            return encoding
    return ""


def _looks_like_big5(head):
    """GB18030 reads nearly any Big5. But simplified text hardly ever has second bytes below 0x80, of which Big5 is
    full; and traditional text in GB18030 has bytes that Big5 has not, or such that are rare there."""
    letters = _TWO_BYTES.findall(head)
    low, common = (sum(map(bool, map(look.match, letters))) for look in (_LOW_SECOND, _COMMON_IN_BIG5))
    return len(letters) >= _FEWEST_TO_TELL_BIG5 and low >= 0.1 * len(letters) and common >= 0.85 * len(letters)


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
