"""Work on one part of a file while the next one is made by a process of its own: two cores are used."""

import gc
import os
import pickle
import signal
import traceback
from contextlib import contextmanager, suppress
from queue import Queue
from threading import Thread

from django.db import connections

from .orphans import end_with

AHEAD = 2  # items


class Gone(Exception):
    """Somebody killed the other process. Nothing is wrong with the items: whoever asked may begin again."""


@contextmanager
def apart(items):
    """`with apart(items) as made`: the items in order, made from now on by a fork of this process, which is a few ahead
    and ends with the block.

    For a generator that only computes: over there is no database. What it raises is raised where it is used.
    """
    here, there = os.pipe()
    asks = os.getpid()
    pid = os.fork()
    if not pid:
        try:
            end_with(asks)
            os.setpgid(0, 0)  # what it starts ends with it
            os.close(here)  # else it would write to itself when the process that asked is gone
            _make(items, there)
        finally:
            os._exit(0)
    os.close(there)
    try:
        with open(here, "rb") as line:
            yield _taken(line)
    finally:
        with suppress(ProcessLookupError):  # it may not be a group yet
            os.killpg(pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _taken(line):
    while True:
        try:
            kind, content = pickle.load(line)  # noqa: S301 - from our own process
        except (EOFError, pickle.UnpicklingError):
            raise Gone("The process that works ahead is gone.") from None
        if kind == "failure":
            raise content
        if kind == "end":
            return
        yield content


def _make(items, there):
    """The life of the other process. It leaves without a word to whatever else it has inherited."""
    gc.freeze()  # what is shared with the process that asks stays shared
    for one in connections.all(initialized_only=True):
        if one.connection is not None and not one.connection.closed:
            os.close(one.connection.fileno())  # a killed worker's locks end with it
    made = Queue(AHEAD)
    # A pipe holds less than an item: while one waits to be taken, the next are made.
    writing = Thread(target=_write, args=(made, there))
    writing.start()
    for kind, content in _told(items):
        made.put(_pickled(kind, content))
    made.put(None)
    writing.join()


def _write(made, there):
    try:
        with open(there, "wb") as line:
            while (pickled := made.get()) is not None:
                line.write(pickled)
                line.flush()
    finally:
        os._exit(0)  # also when nobody reads on, and what is being made is for nobody


def _told(items):
    try:
        for item in items:
            yield "item", item
        yield "end", None
    except Exception as failure:
        failure.add_note(traceback.format_exc())
        yield "failure", failure


def _pickled(kind, content):
    try:
        return pickle.dumps((kind, content), pickle.HIGHEST_PROTOCOL)
    except Exception:
        return pickle.dumps(("failure", RuntimeError(f"{kind} cannot be handed over: {content!r:.2000}")))
