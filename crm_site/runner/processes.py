"""Child processes that never outlive us: started with a wish for the case of our death, stopped in good order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from .data import ROOT
from .identity import SELF, Identity

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
KILL_PAUSE = 0.5  # seconds between the last polite signal and SIGKILL


@dataclass(frozen=True)
class Service:
    """A long-running child: what to start and how to stop it."""

    name: str
    command: list
    environment: dict | None = None
    identity: Identity = SELF
    stop: signal.Signals = signal.SIGTERM  # asks for a clean end
    hurry: signal.Signals = signal.SIGKILL  # asks again when `grace` is over
    grace: float = 3.0  # seconds
    orphaned: signal.Signals = signal.SIGTERM  # sent by the kernel when we die without a word
    hush: str = ""  # pattern of lines not worth passing on


@dataclass
class Child:
    """A started service. Its output goes to `log` (a file) or waits in `pipe` for the supervisor."""

    service: Service
    process: subprocess.Popen
    log: Path | None = None
    tail: deque = field(default_factory=lambda: deque(maxlen=60))
    since: float = field(default_factory=time.monotonic)

    def alive(self):
        return self.process.poll() is None

    def last_words(self):
        if self.log:
            return self.log.read_text(errors="replace").splitlines()[-60:]
        return list(self.tail)

    def signal(self, number):
        """To the child itself; it knows how to end its own children."""
        if self.alive():
            self.process.send_signal(number)

    def sweep(self):
        """Kill what is left of its process group, so that a dead parent leaves no workers behind."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def launch(service, log=None):
    """Start a service; its output goes into the file `log`, or into a pipe when there is none.

    Must be called from the main thread, which lives as long as we do: the kernel counts the death of the thread that
    started a child as the death of its parent.
    """
    output = open(log, "wb") if log else subprocess.PIPE  # noqa: SIM115
    parent = os.getpid()
    try:
        process = subprocess.Popen(  # noqa: S603
            [*service.identity.prefix, *map(str, service.command)],
            env=service.environment,
            cwd=ROOT,  # whatever folder we were started from, they find the project
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,  # Ctrl-C reaches only us; we stop the children in order
            preexec_fn=lambda: die_with(parent, service.orphaned),
            **service.identity.popen,
        )
    finally:
        if log:
            output.close()
    return Child(service, process, log)


def die_with(parent, number):
    """Runs in the new child, after the change of user (which would clear the wish) and before the program starts."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def stop_all(children, idle=time.sleep):
    """Stop children side by side: ask, wait for the longest grace, hurry, kill. Returns when none is left.

    `idle(seconds)` is called while waiting, so that a supervisor can go on passing their last words.
    """
    for child in children:
        child.signal(child.service.stop)
    wait_for(children, [child.service.grace for child in children], idle)
    late = [child for child in children if child.alive()]
    for child in late:
        child.signal(child.service.hurry)
    wait_for(late, [KILL_PAUSE for _child in late], idle)
    for child in children:
        child.sweep()
        child.process.wait()


def wait_for(children, patience, idle):
    started = time.monotonic()
    while any(
        child.alive() and time.monotonic() - started < limit for child, limit in zip(children, patience, strict=True)
    ):
        idle(0.03)
