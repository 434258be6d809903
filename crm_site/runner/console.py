"""What the runner says to the person at the terminal: progress lines, and one plain sentence when it cannot go on."""

import errno
import os
import sys

COLOURS = {"keke": 37, "postgres": 34, "valkey": 31, "set-up": 37, "web": 32, "worker": 33, "beat": 35}
NAME_WIDTH = max(map(len, COLOURS))


class Problem(Exception):
    """The run cannot go on. The text is one sentence for people that says what to do; no traceback is shown."""


class Damaged(Problem):
    """Data that cannot be read any more."""


def write(text):
    """Write to standard output at once, so that lines of several processes stay in order."""
    sys.stdout.write(text)
    sys.stdout.flush()


_progress = "stdout"


def keep_stdout_for_answers():
    """Progress goes to standard error from now on: what a command answers can be read by other programs."""
    global _progress
    _progress = "stderr"


def say(text, name="keke"):
    """One log line, prefixed with the fixed-width name of who says it; coloured only on a terminal."""
    stream, prefix = getattr(sys, _progress), f"{name:<{NAME_WIDTH}} |"
    if stream.isatty() and "NO_COLOR" not in os.environ:
        prefix = f"\033[{COLOURS.get(name, 36)}m{prefix}\033[0m"
    stream.write(f"{prefix} {text}\n")
    stream.flush()


def disk_full(folder):
    return Problem(f"The disk of {folder} is full: free some space (500 MB will do), then start again.")


DATA_ELSEWHERE = "choose a folder of your own with --data DIR or in the variable KEKE_DATA"


def problem_of(error, folder, advice=DATA_ELSEWHERE):
    """The sentence for an operating-system error met while working in `folder`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    reason = (error.strerror or str(error)).lower()
    return Problem(f"Keke cannot write to {folder} ({reason}): {advice}.")
