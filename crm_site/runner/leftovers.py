"""Ends what a killed `manage.py up` may have left behind: a worker whose parent was killed together with us."""

import os
import signal
import time
from pathlib import Path

PATIENCE = 3  # seconds


def sweep(data):
    """Kill processes of the last run on these data that outlived it. Call only while nobody holds the data.

    Only processes in the groups that run started are looked at, and only if their environment names these data, because
    the system may have given the numbers to somebody else.
    """
    groups = (data.running() or {}).get("groups", [])
    deadline = time.monotonic() + PATIENCE
    while (left := [pid for pid in members(groups) if belongs_to(pid, data)]) and time.monotonic() < deadline:
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.05)


def members(groups):
    """Process ids of the given process groups; empty where there is no /proc."""
    if not groups:
        return []
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(entry.name)) in groups:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def belongs_to(pid, data):
    try:
        return f"KEKE_DATA={data}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
