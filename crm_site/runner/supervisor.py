"""Keeps the children of `manage.py up` running: passes their lines on, restarts the dead, stops all in order."""

import os
import re
import selectors
import signal
import time

from .console import say
from .processes import launch, stop_all

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 15.0  # seconds before a dead child is started again; doubles each time
SETTLED = 30.0  # seconds of life after which a child counts as healthy again
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """Somebody asked us to stop. Raised out of whatever the supervisor waits for."""


class Supervisor:
    def __init__(self):
        self.children = {}  # name -> Child, in order of their start
        self._pauses = {}  # name -> seconds
        self._due = {}  # name -> monotonic time of the next start
        self._selector = selectors.DefaultSelector()
        self._stop_asked = self._stopping = False

    def heed_signals(self):
        """From now on Ctrl-C, SIGTERM and a closed terminal end the run in good order."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, _number, _frame):
        self._stop_asked = True

    def start(self, service):
        """Start a service that is restarted whenever it dies."""
        child = launch(service)
        self.children[service.name] = child
        self._listen(child, lambda line: say(line, service.name))
        return child

    def run_to_end(self, service, heard=None):
        """Run a child that has an end; `heard(line)` gets what it says. Returns its exit code."""
        child = launch(service)
        self.children[service.name] = child
        try:
            self._listen(child, heard or (lambda line: say(line, service.name)))
            while child.alive():
                self.idle(0.05)
            self._pump(0)
        finally:
            if child.alive():
                stop_all([child], self._pump)
            del self.children[service.name]
        return child.process.returncode

    def idle(self, seconds):
        """Wait a moment, passing on what the children say. Raises Stop."""
        self._pump(seconds)
        if self._stop_asked and not self._stopping:
            raise Stop

    def watch(self):
        """One round of keeping everybody alive. Raises Stop."""
        self.idle(0.2)
        now = time.monotonic()
        for name, child in list(self.children.items()):
            if name in self._due:
                if now >= self._due[name]:
                    del self._due[name]
                    self.start(child.service)
            elif not child.alive():
                self._plan_restart(name, child, now)

    def _plan_restart(self, name, child, now):
        child.sweep()
        healthy = now - child.since > SETTLED
        pause = FIRST_PAUSE if healthy else self._pauses.get(name, FIRST_PAUSE)
        self._pauses[name] = min(pause * 2, LONGEST_PAUSE)
        self._due[name] = now + pause
        say(f"{name} ended ({ending(child.process.returncode)}), starting it again in {pause:.1f} s")

    def failures(self, name):
        """How many times in a row has this child died young?"""
        pause, count = self._pauses.get(name, 0), 0
        while pause > FIRST_PAUSE:
            pause, count = pause / 2, count + 1
        return count

    def stop(self, *waves):
        """Stop the named children wave by wave, in the given order. A second Ctrl-C changes nothing."""
        self._stopping = True
        for wave in waves:
            stop_all([self.children.pop(name) for name in wave if name in self.children], self._pump)
        self._pump(0)

    def _listen(self, child, heard):
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, (child, heard, bytearray()))

    def _pump(self, seconds):
        if not self._selector.get_map():
            time.sleep(seconds)
            return
        for key, _events in self._selector.select(seconds):
            child, heard, rest = key.data
            chunk = os.read(key.fd, 65536)
            rest += chunk
            *lines, remainder = rest.split(b"\n")
            if not chunk:  # the end: a last line may lack its newline
                self._selector.unregister(key.fileobj)
                key.fileobj.close()
                lines, remainder = lines + ([remainder] if remainder else []), b""
            rest[:] = remainder
            for line in lines:
                text = line.decode(errors="replace").rstrip()
                child.tail.append(text)
                if text and not (child.service.hush and re.search(child.service.hush, text)):
                    heard(text)


def ending(code):
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
