"""The most memory that a process and those that it started have had together."""

import os
from pathlib import Path
from threading import Event, Thread

PAUSE = 0.2  # seconds between two looks


class Peak:
    """`with Peak(pid) as peak: ...; peak.megabytes` counts what processes share only once (PSS)."""

    def __init__(self, pid):
        self._pid = pid

    def __enter__(self):
        self.megabytes, self._ended = 0, Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *failure):
        self._ended.set()
        self._thread.join()

    def _watch(self):
        while True:
            kilobytes = sum(map(_kilobytes, _with_descendants(self._pid)))
            self.megabytes = max(self.megabytes, kilobytes // 1024)
            if self._ended.wait(PAUSE):
                return


def _with_descendants(pid):
    found = [pid]
    for task in _read(f"/proc/{pid}/task", os.listdir, ()):
        for child in _read(f"/proc/{pid}/task/{task}/children", _text, "").split():
            found += _with_descendants(child)
    return found


def _kilobytes(pid):
    lines = _read(f"/proc/{pid}/smaps_rollup", _text, "").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _text(path):
    return Path(path).read_text()


def _read(path, how, otherwise):
    try:
        return how(path)
    except OSError:  # it has ended by now
        return otherwise
