"""`manage.py up` as a newcomer and as an accident meets it. One prepared data folder serves them all, to be quick."""

import os
import re
import signal
import socket
import urllib.request

import pytest

from .conftest import Up, is_one_sentence, manage, new_folder, processes_of, wait_until


@pytest.fixture(scope="module")
def home():
    """Data of a first start without demo, stopped by Ctrl-C."""
    with new_folder() as folder:
        first_start(folder)
        yield folder


def first_start(folder):
    up = Up(folder, "--no-demo", cwd="/")  # from anywhere
    up.wait_until_ready()
    up.stop(signal.SIGINT)
    assert not processes_of(folder), up.text()


@pytest.fixture(scope="module")
def running(home):
    """The second start on the same data, for the whole network to see."""
    up = Up(home, "--host", "0.0.0.0")  # noqa: S104
    up.wait_until_ready()
    yield up
    if up.process.poll() is None:
        up.stop()


def health(up):
    return status(up, "/healthz")


def status(up, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{up.port}{path}", headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=30).status  # noqa: S310 - always http
    except OSError as error:
        return getattr(error, "code", None)


def test_the_second_start_makes_nothing_again_and_keeps_its_mode(running):
    assert "making the database" not in running.text()
    assert "migrations to apply" not in running.text()
    assert "without the demo company" in running.text()
    assert health(running) == 200


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", socket.gethostname()], ids=["name", "v4", "v6", "own name"]
)
def test_who_listens_everywhere_answers_to_the_names_of_this_machine(running, host):
    assert status(running, "/sign-in/", Host=f"{host}:{running.port}") == 200


def test_a_name_of_another_machine_is_refused(running):
    assert status(running, "/sign-in/", Host="crm.example") == 400


def test_lines_carry_the_name_of_who_says_them(running):
    names = {line.partition("|")[0] for line in running.text().splitlines()}
    assert {len(name) for name in names} == {9}
    assert {"postgres ", "keke     "} <= names


def test_a_second_start_on_the_same_data_gets_a_sentence(running):
    second = manage("up", "--data", running.folder, "--port", running.port)
    assert second.returncode == 1
    assert is_one_sentence(second.stderr)
    assert f"process {running.process.pid}" in second.stderr
    assert "--data" in second.stderr


def test_other_commands_use_the_running_servers(running):
    code = "import os; from django.db import connection as c; c.ensure_connection(); print(os.environ['DATABASE_URL'])"
    found = manage("shell", "-v", "0", "-c", code, KEKE_DATA=str(running.folder))
    assert found.returncode == 0, found.stderr
    assert re.search(r"postgres://keke_app@/keke\?host=", found.stdout)
    assert health(running) == 200


@pytest.mark.parametrize("word", ["bin/postgres", "valkey-server", "granian", "quiet worker", "quiet beat"])
def test_a_killed_child_is_started_again(running, word):
    (child,) = running.children(word)
    os.kill(child, signal.SIGKILL)
    (other,) = wait_until(lambda: [pid for pid in running.children(word) if pid != child])
    assert other != child
    wait_until(lambda: health(running) == 200)


def test_killing_the_runner_leaves_nobody_and_the_next_start_works(running):
    running.kill()
    wait_until(lambda: not processes_of(running.folder), 20)
    again = Up(running.folder)
    again.wait_until_ready()
    assert health(again) == 200
    again.stop(signal.SIGTERM)
    assert not processes_of(running.folder)


def test_data_without_demo_stay_so(home, free_port):
    other = manage("up", "--data", home, "--demo", "--port", free_port)
    assert other.returncode == 1
    assert is_one_sentence(other.stderr)


def test_a_taken_port_gets_a_sentence_before_anything_is_made(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = manage("up", "--data", folder, "--port", port)
    assert refused.returncode == 1
    assert is_one_sentence(refused.stderr)
    assert f"Port {port}" in refused.stderr
    assert not folder.exists()


@pytest.mark.parametrize("port", ["0", "70000"])
def test_an_impossible_port_gets_a_sentence(folder, port):
    refused = manage("up", "--data", folder, "--port", port)
    assert refused.returncode == 1
    assert is_one_sentence(refused.stderr)


def test_a_full_disk_gets_a_sentence(data, free_port):
    (data.root / ".writable").symlink_to("/dev/full")  # the kernel's own "no space left on device"
    refused = manage("up", "--data", data, "--port", free_port)
    assert refused.returncode == 1
    assert is_one_sentence(refused.stderr)
    assert "full" in refused.stderr


def test_a_folder_that_cannot_be_written_gets_a_sentence(folder, free_port):
    folder.write_text("a file, no folder")
    refused = manage("up", "--data", folder / "data", "--port", free_port)
    assert refused.returncode == 1
    assert is_one_sentence(refused.stderr)
    assert "--data" in refused.stderr


@pytest.mark.parametrize(("name", "content"), [("pg/something", "x"), ("secret_key", "short"), ("mode", "neither")])
def test_a_damaged_folder_gets_a_sentence(data, free_port, name, content):
    (data.root / name).parent.mkdir(exist_ok=True)
    (data.root / name).write_text(content)
    refused = manage("up", "--data", data, "--port", free_port)
    assert refused.returncode == 1
    assert is_one_sentence(refused.stderr), refused.stderr
    assert "damaged" in refused.stderr
    assert not processes_of(data.root)
