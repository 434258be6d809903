"""The data folder: where everything that must survive lives, who holds it, and where its sockets are."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from .console import Problem, disk_full, problem_of

ROOT = Path(__file__).resolve().parents[2]
SOCKET_PATH_LIMIT = 107  # bytes, from the kernel
ENOUGH_SPACE = 150 * 1024 * 1024  # bytes: an empty cluster with its first write-ahead log
KEY_LENGTH = 50


def default_folder():
    return Path(os.environ.get("KEKE_DATA") or ROOT / "var")


class DataFolder:
    """One set of data. Whoever holds its lock may run the embedded servers on it."""

    def __init__(self, root=None):
        self.root = Path(root or default_folder()).absolute()
        self.postgres = self.root / "pg"
        self.valkey = self.root / "valkey"
        self._lock = self._guests = None

    def __str__(self):
        return str(self.root)

    def prepare(self):
        """Make the folder if needed and be sure that it can be written to. Raises Problem."""
        try:
            if not self.root.exists():
                self.root.mkdir(parents=True)
                # Started by root, PostgreSQL runs as another user who must be able to pass through, not to look.
                self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for name in ("static", "media"):
                (self.root / name).mkdir(exist_ok=True)
            probe = self.root / ".writable"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
        except OSError as error:
            raise problem_of(error, self.root) from error
        if not self.postgres.exists() and shutil.disk_usage(self.root).free < ENOUGH_SPACE:
            raise disk_full(self.root)

    def sockets(self, server):
        """The private folder of a server's socket, made if needed: short, because the kernel limits socket paths."""
        digest = hashlib.sha256(str(self.root.resolve()).encode()).hexdigest()[:16]
        for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108
            folder = Path(parent) / f"keke-{os.geteuid()}-{digest}-{server}"
            if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
                return folder
        raise Problem(f"The temporary folder {tempfile.gettempdir()} has too long a name: set TMPDIR to a shorter one.")

    # Who holds the data

    def lock(self, patience=0):
        """Try for `patience` seconds to hold the data for the life of this process; False if somebody else does.

        Children never inherit it. A moment's patience outlasts those who only look (`in_use`).
        """
        handle = open(self.root / "lock", "a")  # noqa: SIM115
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    handle.close()
                    return False
                time.sleep(0.05)
            else:
                self._lock = handle
                return True

    def unlock(self):
        self._lock.close()
        self._lock = None

    def in_use(self):
        """Does another process hold the data now? Looks only, makes nothing."""
        try:
            with open(self.root / "lock") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def announce(self, **facts):
        """Tell other commands what the holder runs (pid, command, address, environment of its servers)."""
        self._write_private("running.json", json.dumps({"pid": os.getpid(), **facts}))

    def running(self):
        """What the holder announced, or None. Means something only while the data is in use."""
        try:
            return json.loads((self.root / "running.json").read_text())
        except (OSError, ValueError):
            return None

    def withdraw(self):
        (self.root / "running.json").unlink(missing_ok=True)

    def join(self):
        """Be a guest of the holder's servers: it waits for us before it stops them. False if it is stopping already."""
        handle = open(self.root / "guests", "a")  # noqa: SIM115
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._guests = handle
        return True

    def leave(self):
        self._guests.close()
        self._guests = None

    def wait_for_guests(self, warn):
        """Called by the holder before it stops the servers: no new guests, and the present ones finish first."""
        self._guests = open(self.root / "guests", "a")  # noqa: SIM115
        try:
            fcntl.flock(self._guests, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            warn()
            fcntl.flock(self._guests, fcntl.LOCK_EX)

    # Small things that are remembered

    def secret_key(self):
        """Django's SECRET_KEY, made once. Raises Problem if the file is damaged: a new one would end every session."""
        path = self.root / "secret_key"
        if not path.exists():
            self._write_private("secret_key", secrets.token_urlsafe(KEY_LENGTH))
        key = path.read_text(errors="replace").strip()
        if len(key) < KEY_LENGTH:
            raise Problem(
                f"The file {path} is damaged: restore it from a backup, or delete it (everybody signs in anew)."
            )
        return key

    def mode(self):
        """ "demo", "plain", or None before the first start."""
        path = self.root / "mode"
        if not path.exists():
            return None
        mode = path.read_text(errors="replace").strip()
        if mode not in ("demo", "plain"):
            raise Problem(f'The file {path} is damaged: write "demo" or "plain" into it, as it was first started.')
        return mode

    def remember_mode(self, mode):
        self._write_private("mode", mode)

    def _write_private(self, name, text):
        """All or nothing, readable by the owner only."""
        path, draft = self.root / name, self.root / f".{name}.new"
        try:
            draft.unlink(missing_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                handle.write(text)
                handle.flush()
                os.fsync(handle.fileno())
            draft.replace(path)
        except OSError as error:
            raise problem_of(error, self.root) from error
