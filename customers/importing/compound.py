"""An .xls seen from outside: its directory and the records that come before the first sheet. Source: REC-15."""

import struct
from itertools import islice

import olefile

from . import biff
from .refusals import Refused

_ENCRYPTED_PACKAGES = ("EncryptedPackage", "EncryptionInfo", "DataSpaces")
_MACRO_STORAGES = ("_VBA_PROJECT_CUR", "VBA", "Macros", "_VBA_PROJECT")
_DOCUMENTS = {"WordDocument": "DOC", "PowerPoint Document": "PPT", "__properties_version1.0": "MSG"}
_FILE_PASS, _SUP_BOOK, _DATE_MODE = 0x2F, 0x1AE, 0x22
_MACRO_SHEETS = (1, 6)
_OWN_BOOK, _ADD_IN = b"\x01\x04", b"\x01\x3a"
_MOST_RECORDS = 1_000_000


def check(path):
    """Whether the workbook counts its days from 1904. Raises Refused."""
    try:
        with olefile.OleFileIO(path) as file:
            names = {name for entry in file.listdir(streams=True, storages=True) for name in entry}
            _check_names(names)
            if not (stream := biff.stream_of(file)):
                raise Refused("damaged")
            return _check_globals(file.openstream(stream))
    except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError, RecursionError):
        raise Refused("damaged") from None


def _check_names(names):
    if any(name in names for name in _ENCRYPTED_PACKAGES):
        raise Refused("encrypted")
    for name, other in _DOCUMENTS.items():
        if name in names:
            raise Refused("document", format=other)
    if any(name in names for name in _MACRO_STORAGES):
        raise Refused("macros")


def _check_globals(stream):
    """The records that speak of the whole workbook; they come first and end with an end record."""
    date1904 = False
    for kind, content in islice(biff.records(stream), _MOST_RECORDS):
        if kind == biff.END:
            return date1904
        if kind == _FILE_PASS:
            raise Refused("encrypted")
        if kind == biff.BOUND_SHEET and len(content) > 5 and content[5] in _MACRO_SHEETS:
            raise Refused("macros")
        if kind == _SUP_BOOK and content[2:4] not in (_OWN_BOOK, _ADD_IN):
            raise Refused("links")
        if kind == _DATE_MODE:
            date1904 = content[:1] == b"\x01"
    raise Refused("damaged")
