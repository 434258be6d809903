"""The browser for the tests: Debian's Chromium and a font with Chinese letters, installed where we may."""

import os
import shutil
import subprocess
from pathlib import Path

from .console import Problem, disk_full, say

PACKAGES = ("chromium", "fonts-wqy-microhei")
PROGRAMS = ("chromium", "google-chrome")


def ensure():
    """Path of a Chromium that can show Chinese; KEKE_CHROMIUM names another one. Raises Problem if there is none."""
    if os.environ.get("KEKE_CHROMIUM"):
        return os.environ["KEKE_CHROMIUM"]
    if not (find() and has_chinese_font()):
        install()
    return find()


def find():
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def has_chinese_font():
    """Without one every screenshot shows boxes."""
    if shutil.which("fc-list"):
        return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout.strip())  # noqa: S607
    return any(Path("/usr/share/fonts").rglob("wqy*"))


def install():
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Problem(
            f"The browser tests need the Debian packages {' and '.join(PACKAGES)}: install them (sudo apt-get install "
            f"{' '.join(PACKAGES)}), or leave these tests out with --no-browser."
        )
    say("asking Debian for its list of packages")
    apt_get("update")
    say(f"installing {' and '.join(PACKAGES)} (once; a minute or two)")
    apt_get("install", "--yes", "--no-install-recommends", *PACKAGES)


def apt_get(*arguments):
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        words = done.stdout + done.stderr
        if "No space left" in words or "enough free space" in words:
            raise disk_full("/")
        errors = [line.removeprefix("E: ") for line in words.splitlines() if line.startswith("E: ")]
        raise Problem(
            f"Debian could not install {' and '.join(PACKAGES)} ({errors[0] if errors else 'no reason given'}): check "
            "the network, or leave the browser tests out with --no-browser."
        )
