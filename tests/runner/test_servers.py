"""Commands find their servers: given ones, running ones, or their own for as long as they need them."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from crm_site.runner.cli import needs_servers
from crm_site.runner.console import Problem
from crm_site.runner.data import ROOT, DataFolder
from crm_site.runner.postgres import Postgres
from crm_site.runner.servers import Servers, at_hand

from .conftest import OURS, clean_environment, manage, processes_of, wait_until

WHO_AM_I = (
    "from django.db import connection as c; x = c.cursor(); x.execute('SELECT current_user'); print(x.fetchone()[0])"
)
HOLD = "import sys; from crm_site.runner.servers import at_hand; from crm_site.runner.data import DataFolder\n" \
       "with at_hand(DataFolder(sys.argv[1]), durable=False): print('here', flush=True); input()"  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch):
    """This suite itself runs with given servers; these tests must not see them."""
    for name in filter(OURS.match, list(os.environ)):
        if not name.startswith("PYTEST_"):
            monkeypatch.delenv(name)


@pytest.fixture
def holder(data):
    """Another command that runs its own servers until it gets a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, data.root], cwd=ROOT, env=clean_environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    while "here" not in process.stdout.readline():
        assert process.poll() is None
    yield process
    if process.poll() is None:
        process.communicate("\n", timeout=20)


def test_a_command_has_its_own_servers_and_leaves_none_behind(folder):
    found = manage("shell", "-v", "0", "-c", WHO_AM_I, KEKE_DATA=str(folder))
    assert found.returncode == 0, found.stderr
    assert found.stdout == "keke_app\n", "the answer and nothing else"
    assert "making the database" in found.stderr
    assert not processes_of(folder)


def ordinary_user(folder):
    """(command of Python, arguments for Popen, environment) of somebody who is not root; skips where nobody can be."""
    if os.geteuid() != 0:
        pytest.skip("we are an ordinary user ourselves: all other tests here are this one")
    user = {"user": 65534, "group": 65534, "extra_groups": []}
    system = f"/usr/bin/python3.{sys.version_info.minor}"  # our own may lie in root's home
    packages = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))}
    for python, more in ((sys.executable, {}), (system, packages)):
        environment = clean_environment(HOME=str(folder), KEKE_DATA=str(folder / "data"), **more)
        with contextlib.suppress(OSError):
            if not subprocess.run([python, "-c", "import django"], env=environment, cwd=ROOT, **user).returncode:
                return python, user, environment
    pytest.skip("no Python here that an ordinary user may run")


def test_an_ordinary_user_has_servers_of_its_own(folder):
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    python, user, environment = ordinary_user(folder)
    command = [python, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", WHO_AM_I]
    found = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, **user)
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines()[-1] == "keke_app"
    assert {path.stat().st_uid for path in (folder / "data").iterdir()} == {65534}
    assert not processes_of(folder)


def test_a_command_that_fails_stops_its_servers_too(data):
    with pytest.raises(ZeroDivisionError), at_hand(data, durable=False):
        1 / 0  # noqa: B018
    assert not data.in_use()
    assert not processes_of(data.root)


@pytest.mark.parametrize("arguments", [["--version"], ["help"], ["migrate", "--help"]])
def test_help_starts_nothing_and_makes_nothing(folder, arguments):
    assert manage(*arguments, KEKE_DATA=str(folder)).returncode == 0
    assert not folder.exists()


def test_which_commands_need_servers():
    assert needs_servers("migrate", [])
    assert needs_servers("shell", ["-c", "1"])
    assert not needs_servers("collectstatic", ["--noinput"])
    assert not needs_servers("migrate", ["-h"])


def test_a_guest_uses_the_holders_servers_and_the_holder_waits_for_it(holder, data):
    with at_hand(DataFolder(data.root)) as environment:
        assert environment["DATABASE_URL"] == Postgres(data).environment()["DATABASE_URL"]
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert "waiting for another command" in holder.stdout.readline()
        assert holder.poll() is None
    holder.wait(10)
    assert not processes_of(data.root)


def test_a_holder_that_was_killed_is_forgotten(holder, data):
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    with at_hand(DataFolder(data.root), durable=False) as environment:
        assert "DATABASE_URL" in environment
    wait_until(lambda: not processes_of(data.root), 20)


@pytest.mark.parametrize(
    ("given", "started"),
    [("DATABASE_URL", ["valkey"]), ("REDIS_URL", ["postgres"]), (None, ["postgres", "valkey"])],
)
def test_given_servers_replace_ours_one_by_one(data, monkeypatch, given, started):
    if given:
        monkeypatch.setenv(given, "somewhere")
    assert [server.name for server in Servers(data).embedded] == started


def test_a_given_database_is_used_and_none_of_ours_is_made(folder, other_folder, run):
    other = DataFolder(other_folder)
    other.prepare()
    postgres = Postgres(other, durable=False)
    postgres.start(run, time.sleep)
    found = manage("shell", "-v", "0", "-c", WHO_AM_I, KEKE_DATA=str(folder), DATABASE_URL=postgres.url("keke_owner"))
    assert found.stdout.splitlines()[-1] == "keke_owner", found.stderr
    assert not (folder / "pg").exists()
    assert (folder / "valkey").exists()


def test_a_guest_that_needs_what_the_holder_has_not_gets_a_sentence(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/keke")
    with at_hand(data):
        monkeypatch.delenv("DATABASE_URL")
        with pytest.raises(Problem, match="another DATABASE_URL"), at_hand(DataFolder(data.root)):
            pass


def test_the_secret_key_is_made_once_and_private(data):
    key = data.secret_key()
    assert len(key) >= 50
    assert DataFolder(data.root).secret_key() == key
    assert (data.root / "secret_key").stat().st_mode & 0o777 == 0o600
