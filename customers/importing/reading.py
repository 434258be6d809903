"""The rows of all sheets, read in a process of its own and handed over in batches.

    for batch in read(source):          # raises Refused, also between two batches
        batch.sheet.name, batch.first, batch.rows

Neither a crash nor a hostile file reaches the process that asks; the workbook is held once, over there.
"""

import marshal
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .child import LENGTH
from .refusals import Refused

MEMORY = 768 * 2**20  # bytes of address space: with the worker below 1 GB
SECONDS = 180  # of processor time
_CHILD = Path(__file__).with_name("child.py")
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)


@dataclass(frozen=True)
class Sheet:
    """`name` is "" for csv. `merges` are ((top, left), (bottom, right)) counted from 0, only those of several rows."""

    position: int
    name: str
    hidden: bool = False
    merges: list = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that follow each other; `first` is the number of the first one as the spreadsheet program shows it (in a csv
    the count of records). Cells are str, float, bool or None. A sheet without rows comes as one empty batch."""

    sheet: Sheet
    first: int
    rows: list


def read(source, *, memory=MEMORY, seconds=SECONDS):
    """Batches of the file, sheet after sheet. Raises Refused. Closing the generator ends the reading process."""
    command = [sys.executable, "-I", str(_CHILD), str(source.path), source.kind, source.encoding, source.delimiter]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [*command, str(memory), str(seconds), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        yield from _batches(child)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _batches(child):
    sheet, position, had_rows = None, 0, True
    while True:
        try:
            kind, *content = _next(child.stdout)
        except (EOFError, ValueError, TypeError):
            child.wait()
            raise Refused("too_much" if _ran_out(child.returncode) else "damaged") from None
        if kind == "refused":
            code, params = content
            raise Refused(code, **params)
        if not had_rows and kind != "rows":
            yield Batch(sheet, 1, [])
        if kind == "end":
            return
        if kind == "sheet":
            position += 1
            sheet, had_rows = Sheet(position, *content), False
        else:
            had_rows = True
            yield Batch(sheet, *content)


def _next(stream):
    """A message, whose length stands before it: read whole, for marshal reads a stream a few bytes at a time."""
    length = int.from_bytes(stream.read(LENGTH))
    if length > MEMORY:
        raise ValueError("more than the other process has")
    return marshal.loads(stream.read(length))  # noqa: S302 - from our own process, and marshal runs nothing


def _ran_out(returncode):
    """Memory that cannot be had aborts the reader; time that is used up kills it."""
    return returncode in (*_OUT_OF_TIME, -signal.SIGABRT)
