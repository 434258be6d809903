"""`manage.py test`: every check of the project, on real servers whose data may be thrown away."""

import argparse
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from . import browser
from .console import Damaged, Problem, problem_of, write
from .data import ROOT, DataFolder
from .servers import at_hand

# Tests take static files from where they are written; collecting and hashing them is what `prepare` does.
STATIC_FROM_SOURCE = {
    "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "WHITENOISE_USE_FINDERS": "1",
}
DEFAULT_DATA = ROOT / "var" / "test"
THROWAWAY = ".throwaway"  # the file that marks a data folder as made by `manage.py test`
PROCESSES = 3  # of pytest: one more than the cores that are promised, as browsers and killed servers are waited for
SELECTING = ("-k", "--lf", "--last-failed", "--ff", "--failed-first")


def parse(arguments):
    """Our own options; everything else is left in `options.pytest` for pytest."""
    parser = argparse.ArgumentParser(
        prog="manage.py test", allow_abbrev=False,
        description="Run every check. With paths, -k or -m only pytest runs; all other arguments go to pytest.",
    )  # fmt: skip
    parser.add_argument("--no-browser", action="store_true", help="leave out the tests that drive a browser")
    parser.add_argument(
        "--clauses", action="store_true", help="print the ledger with the tests of each clause, and end"
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of the tests' own servers")
    parser.add_argument("-m", dest="marks", default="", help="pytest's expression of marks")
    options, options.pytest = parser.parse_known_args(arguments)
    return options


def run(options):
    """Run all steps, even after a failure. Returns the exit code of the first that failed; raises Problem."""
    data = DataFolder(options.data)
    if data.in_use():
        raise Problem(f"Another test run uses {data}: wait for it, or give this one its own folder with --data DIR.")
    claim(data)
    chromium = None if options.no_browser else browser.ensure()
    with ExitStack() as stack:
        environment = servers(stack, data) | {"PYTHONPATH": str(ROOT)} | STATIC_FROM_SOURCE
        if chromium:
            # Playwright's own event loop runs in the test's thread; Django must not take that for async code.
            environment |= {"KEKE_CHROMIUM": chromium, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
        results = [perform(name, command, environment) for name, command in steps(options)]
    write("\n" + summary(results, options) + "\n")
    return next((code for _name, code, _seconds in results if code), 0)


def claim(data):
    """Mark a new, empty or already marked folder as one whose data may be thrown away. Raises Problem for any other."""
    marker = data.root / THROWAWAY
    try:
        ours = marker.exists() or data.root == DEFAULT_DATA or not data.root.exists() or not any(data.root.iterdir())
        if not ours or data.mode() is not None:
            raise Problem(
                f"{data} holds something else than data of tests, which are thrown away: choose a new folder with "
                "--data DIR."
            )
        data.prepare()
        marker.touch()
    except OSError as error:
        raise problem_of(error, data) from error


def servers(stack, data):
    """The tests' servers, without the promise to survive a power cut; made anew if the last run left them damaged."""
    try:
        return stack.enter_context(at_hand(data, durable=False))
    except Damaged as damaged:
        if not (data.root / THROWAWAY).exists():
            raise Problem(f"The tests' folder {data} is damaged: remove it, then start again.") from damaged
        try:
            shutil.rmtree(data.root)
        except OSError as error:
            raise problem_of(error, data) from error
        claim(data)
        return stack.enter_context(at_hand(data, durable=False))


def steps(options):
    python = sys.executable
    manage = [python, str(ROOT / "manage.py")]
    pytest = ("tests", [python, "-m", "pytest", *pytest_arguments(options)])
    if is_selection(options):
        return [pytest]
    return [
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("import contract", [python, "-c", "from importlinter.cli import lint_imports_command as run; run()"]),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("translations", [*manage, "check_translations"]),
        pytest,
    ]


def named_paths(options):
    return [word for word in options.pytest if not word.startswith("-") and Path(word.partition("::")[0]).exists()]


def is_selection(options):
    return bool(options.marks or named_paths(options) or any(word.startswith(SELECTING) for word in options.pytest))


def pytest_arguments(options):
    marks = [f"({options.marks})"] if options.marks else []
    if options.no_browser:
        marks.append("not browser")
    arguments = ["-m", " and ".join(marks)] if marks else []
    one_file = [path for path in named_paths(options) if ".py" in path]
    if len(one_file) != 1 and not any(word.startswith(("-n", "--numprocesses")) for word in options.pytest):
        arguments += ["-n", str(PROCESSES), "--dist", "loadscope", "--no-loadscope-reorder"]
    return arguments + options.pytest


def perform(name, command, environment):
    write(f"\n== {name}\n")
    started = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env=environment).returncode  # noqa: S603
    return name, code, time.monotonic() - started


def summary(results, options):
    """One line: what passed, what failed, what was left out."""
    words = [f"{name} {'FAILED' if code else 'ok'} ({seconds:.0f} s)" for name, code, seconds in results]
    if options.no_browser:
        words.append("browser tests LEFT OUT (--no-browser)")
    return "== " + " · ".join(words)
