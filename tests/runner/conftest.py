"""Data folders, ports and processes of their own for the tests of the runner. No Django, no database of the suite."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_site.runner.data import ROOT, DataFolder
from crm_site.runner.processes import launch, stop_all

OURS = re.compile(r"DATABASE_|REDIS_URL|KEKE_|PG|SECRET_KEY|PYTEST_")


def clean_environment(**more):
    """What a person's terminal holds: nothing of the servers on which this test suite itself runs."""
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return kept | {"KEKE_NO_VENV": "1"} | more


def wait_until(condition, seconds=30, pause=0.05):
    """The truthy answer of `condition`, or a failed test. Polls, because processes give no other sign."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(pause)
    return answer


def any_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def manage(*arguments, timeout=60, **environment):
    """Run a manage.py command to its end."""
    command = [sys.executable, ROOT / "manage.py", *map(str, arguments)]
    return subprocess.run(
        command, env=clean_environment(**environment), cwd=ROOT, capture_output=True, text=True, timeout=timeout
    )


def processes_of(folder):
    """{pid: command line} of all living processes that mention a data folder, or its sockets, as Valkey does."""
    needles = [os.fsencode(folder), os.fsencode(DataFolder(folder).sockets("valkey"))]
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            mentions = command + (entry / "environ").read_bytes()
        except OSError:
            continue
        if command and any(needle in mentions for needle in needles) and int(entry.name) != os.getpid():
            found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def is_one_sentence(text):
    """One line for people: no traceback, an end, and something to do."""
    return text.count("\n") == 1 and text.endswith(".\n") and "Traceback" not in text and "Error" not in text


class Up:
    """A running `manage.py up`, its output in a file."""

    def __init__(self, folder, *options, cwd=ROOT, **environment):
        self.folder, self.port = folder, any_port()
        self.output = folder.parent / f"{folder.name}-up-{self.port}.log"
        command = [sys.executable, ROOT / "manage.py", "up", "--data", folder, "--port", str(self.port), *options]
        with self.output.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=clean_environment(**environment), cwd=cwd, stdout=log, stderr=subprocess.STDOUT
            )

    def text(self):
        return self.output.read_text(errors="replace")

    def wait_until_ready(self):
        def ready():
            assert self.process.poll() is None, self.text()
            return re.search(r"ready in [\d.]+ s: http://", self.text())

        wait_until(ready, 90)

    def children(self, word):
        """Process ids of our direct children whose command line has the word."""
        return [
            pid
            for pid, command in processes_of(self.folder).items()
            if word in command and parent(pid) == self.process.pid
        ]

    def stop(self, number=signal.SIGINT):
        """Returns when everything was stopped; its output must show a good end."""
        self.process.send_signal(number)
        self.process.wait(60)
        assert self.process.returncode == 0, self.text()
        assert self.text().endswith("stopped\n"), self.text()

    def kill(self):
        self.process.kill()
        self.process.wait()


def parent(pid):
    try:
        return int(re.search(r"PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
    except OSError:
        return None


def roomy_place():
    """In memory if there is room: a database is a thousand small files, and these tests make many."""
    memory = Path("/dev/shm")  # noqa: S108
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 4 * 1024**3 else None


@contextmanager
def new_folder():
    """A data folder that every user may pass through: pytest's own are closed to the user PostgreSQL runs as."""
    place = Path(tempfile.mkdtemp(prefix="keke-test-", dir=roomy_place()))
    place.chmod(0o711)
    yield place / "data"
    for sockets in map(DataFolder(place / "data").sockets, ("pg", "valkey")):
        shutil.rmtree(sockets, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def folder():
    with new_folder() as found:
        yield found


@pytest.fixture
def other_folder():
    with new_folder() as found:
        yield found


@pytest.fixture
def free_port():
    return any_port()


@pytest.fixture
def data(folder):
    found = DataFolder(folder)
    found.prepare()
    return found


@pytest.fixture
def run():
    """Starts services for a test and stops what is left of them at its end."""
    children = []

    def start(service):
        log = Path(tempfile.gettempdir()) / f"keke-test-{os.getpid()}-{len(children)}.log"
        children.append(launch(service, log=log))
        return children[-1]

    yield start
    stop_all(children)
    for child in children:
        child.log.unlink()
