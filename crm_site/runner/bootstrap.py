"""Makes the environment (`.venv` beside manage.py, or where KEKE_VENV says) from the locked, hashed requirements and
goes on inside it. Only standard library."""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from contextlib import contextmanager
from pathlib import Path

from .console import Problem, disk_full, problem_of, say

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("KEKE_VENV") or ROOT / ".venv").absolute()
RUN_LOCK = "requirements.txt"
TEST_LOCK = "requirements-test.txt"  # holds everything of RUN_LOCK too

VENV_ELSEWHERE = "name a folder for Keke's environment in the variable KEKE_VENV, then start again"

# What pip writes -> what a person can do about it. The first match wins.
PIP_TROUBLES = [
    (r"No space left on device|Disk quota exceeded", None),
    (r"DO NOT MATCH THE HASHES", "A downloaded package is not the one that was locked (its hash differs): check the "
     "package registry in pip's settings (pip config list), then start again."),
    (r"Retrying \(|ConnectionError|Connection refused|name resolution|timed out|Max retries",
     "The package registry cannot be reached: check the network or pip's settings (pip config list), then retry."),
    (r"No matching distribution|Could not find a version",
     "The package registry has no ready-made package for this Python and machine: use Python 3.11 to 3.13 on Linux or "
     "macOS, then start again."),
]  # fmt: skip


def ensure(lock):
    """Return if this process runs where everything of `lock` is installed; otherwise install and start over in `.venv`.

    KEKE_NO_VENV=1 skips it, for containers and virtual environments that already hold everything. Raises Problem.
    """
    if os.environ.get("KEKE_NO_VENV") == "1":
        return
    if not is_installed(lock):
        with only_one_at_a_time():
            if not is_installed(lock):
                install(lock)
    if Path(sys.prefix).resolve() != VENV.resolve():
        python = str(VENV / "bin" / "python")
        os.execv(python, [python, str(ROOT / "manage.py"), *sys.argv[1:]])  # noqa: S606


def is_installed(lock):
    """Does `.venv` hold exactly what `lock` says now? A venv with the test set serves the run set too."""
    stamp = read_stamp()
    if not os.access(VENV / "bin" / "python", os.X_OK):
        return False
    accepted = {lock, TEST_LOCK}
    return any(stamp.get(name) == digest(name) for name in accepted)


def digest(lock):
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def stamp_file():
    return VENV / "keke-installed.json"


def read_stamp():
    try:
        return json.loads(stamp_file().read_text())
    except (OSError, ValueError):
        return {}


@contextmanager
def only_one_at_a_time():
    """Two starts at once do not fight: the second waits. The lock is on a file that is always there."""
    with open(ROOT / RUN_LOCK) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is installing packages, waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def half_made():
    """There as long as the environment is not finished."""
    return VENV / "keke-installing"


def install(lock):
    python = VENV / "bin" / "python"
    try:
        if half_made().exists() or not has_pip(python):
            clear_place()
            make_venv()
        half_made().touch()
        stamp_file().unlink(missing_ok=True)
        run_pip(python, lock)
        stamp_file().write_text(json.dumps({lock: digest(lock)}))
        half_made().unlink()
    except OSError as error:
        raise problem_of(error, VENV, VENV_ELSEWHERE) from error


def clear_place():
    """Remove an environment that cannot be used; never a folder of somebody's that KEKE_VENV names by mistake."""
    ours = VENV == ROOT / ".venv" or half_made().exists() or stamp_file().exists()
    if not ours and VENV.exists() and any(VENV.iterdir()):
        raise Problem(f"The folder {VENV} holds something else than Keke's environment: name another in KEKE_VENV.")
    shutil.rmtree(VENV, ignore_errors=True)


def has_pip(python):
    if not os.access(python, os.X_OK):
        return False
    found = subprocess.run([python, "-m", "pip", "--version"], capture_output=True)  # noqa: S603
    return found.returncode == 0


def make_venv():
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Problem(
            "This Python comes without its venv module: install it (on Debian and Ubuntu: apt-get install "
            "python3-venv), then start again."
        )
    say(f"making the virtual environment {VENV}")
    VENV.mkdir(parents=True, exist_ok=True)
    half_made().touch()
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)  # noqa: S603
    if made.returncode:
        output = made.stdout + made.stderr
        if "No space left" in output:
            raise disk_full(VENV)
        words = output.strip().splitlines() or ["no reason given"]
        raise Problem(f"Python could not make {VENV}: {words[-1].strip()}")


def run_pip(python, lock):
    """Install the lock with visible progress. pip's own configuration (index, proxy, certificates) stays in force."""
    total = len(re.findall(r"^\S+==", (ROOT / lock).read_text(), re.MULTILINE))
    say(f"installing {total} locked packages (once; a minute or so)")
    command = [python, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--no-input",
               "--disable-pip-version-check", "--progress-bar", "off", "-r", ROOT / lock]  # fmt: skip
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    words, seen = deque(maxlen=200), 0
    try:
        for line in pip.stdout:
            words.append(line)
            if line.startswith(("Collecting ", "Requirement already")):
                seen += 1
                if seen % 20 == 0:
                    say(f"found {seen} of {total} packages")
            elif line.startswith("Installing collected"):
                say("unpacking them")
    finally:
        pip.stdout.close()
        failed = pip.wait()
    if failed:
        raise trouble("".join(words))


def trouble(output):
    """The sentence for what pip said."""
    for pattern, sentence in PIP_TROUBLES:
        if re.search(pattern, output):
            return Problem(sentence) if sentence else disk_full(VENV)
    errors = [line for line in output.splitlines() if line.startswith("ERROR")] or output.strip().splitlines()[-1:]
    return Problem(f"The packages could not be installed: {errors[-1] if errors else 'pip gave no reason'}")
