"""The embedded PostgreSQL: what was acknowledged is there, whatever was killed; what cannot go on says why."""

import shutil
import signal
import subprocess
import threading
import time

import psycopg
import pytest

from crm_site.runner import database
from crm_site.runner.console import Damaged, Problem
from crm_site.runner.postgres import Postgres

from .conftest import wait_until


@pytest.fixture
def postgres(data):
    return Postgres(data, durable=False)


def start(postgres, run):
    return postgres.start(run, time.sleep)


def test_acknowledged_rows_survive_a_kill_in_the_middle_of_writing(data, run):
    postgres = Postgres(data)
    child = start(postgres, run)
    acknowledged = []

    def write():
        with psycopg.connect(postgres.url("keke_owner"), autocommit=True) as connection:
            connection.execute("CREATE TABLE written (id bigint PRIMARY KEY)")
            for number in range(10**9):
                try:
                    connection.execute("INSERT INTO written VALUES (%s)", [number])
                except psycopg.OperationalError:
                    return
                acknowledged.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: len(acknowledged) > 200)
    child.process.kill()
    child.process.wait()
    writer.join(10)
    start(postgres, run)  # at once: the backends of the killed one may still be leaving
    with psycopg.connect(postgres.url("keke_owner")) as connection:
        stored = {number for (number,) in connection.execute("SELECT id FROM written")}
    assert set(acknowledged) <= stored


def test_the_two_roles_own_and_use_but_are_no_superusers(postgres, run):
    start(postgres, run)
    with psycopg.connect(postgres.url("keke_owner"), autocommit=True) as owner:
        for extension in ("pg_trgm", "btree_gin", "btree_gist", "unaccent", "citext"):
            owner.execute(f"CREATE EXTENSION {extension}")
        owner.execute("CREATE TABLE history (id int)")
        owner.execute("GRANT INSERT ON history TO keke_app")
        assert owner.execute("SELECT show_trgm('华为') <> '{}'").fetchone() == (True,)
        assert owner.execute("SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname LIKE 'keke\\_%'").fetchone() == (
            False,
        )
        owner.execute("CREATE DATABASE made_by_tests")
    with psycopg.connect(postgres.url("keke_app"), autocommit=True) as app:
        app.execute("INSERT INTO history VALUES (1)")
        for forbidden in ("UPDATE history SET id = 2", "DELETE FROM history", "CREATE TABLE mine (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_nobody_else_can_reach_it(postgres, run):
    start(postgres, run)
    assert postgres.sockets.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(postgres.url("keke_app")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_half_made_cluster_is_made_again(postgres, data, run):
    draft = data.root / "pg.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    start(postgres, run)
    assert not draft.exists()


def test_a_lock_file_with_the_number_of_another_program_is_cleared(postgres, run):
    child = start(postgres, run)
    child.process.send_signal(signal.SIGINT)
    child.process.wait(10)
    with subprocess.Popen(["sleep", "60"], **postgres.identity.popen) as other:
        lock = f"{other.pid}\n{postgres.folder}\n0\n5432\n{postgres.sockets}\n\n       0         0\nready\n"
        (postgres.folder / "postmaster.pid").write_text(lock)
        start(postgres, run)
        other.kill()


def damage_version(folder):
    (folder / "PG_VERSION").unlink()


def damage_control(folder):
    (folder / "global" / "pg_control").write_bytes(b"\0" * 8192)


def damage_catalogue(folder):
    (folder / "global" / "pg_filenode.map").unlink()


def damage_tables(folder):
    for database_folder in (folder / "base").iterdir():
        (database_folder / "pg_filenode.map").unlink()


def damage_log(folder):
    shutil.rmtree(folder / "pg_wal")


@pytest.mark.parametrize("damage", [damage_version, damage_control, damage_catalogue, damage_tables, damage_log])
def test_a_damaged_folder_gets_a_sentence(postgres, run, damage):
    child = start(postgres, run)
    child.process.send_signal(signal.SIGINT)
    child.process.wait(10)
    damage(postgres.folder)
    with pytest.raises(Damaged, match=r"damaged \(.+\): restore it from a backup, or move it away"):
        start(postgres, run)


def test_a_folder_of_another_version_gets_a_sentence(postgres):
    postgres.folder.mkdir()
    (postgres.folder / "PG_VERSION").write_text("17\n")
    with pytest.raises(Damaged, match="made by PostgreSQL 17"):
        postgres.make_cluster()


def test_a_database_that_does_not_see_chinese_is_refused(postgres, run):
    start(postgres, run)
    with psycopg.connect(postgres.url("keke_owner"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE blind TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'")
    with pytest.raises(Problem, match="does not see Chinese"):
        database.assert_reads_chinese(postgres.url("keke_owner", "blind"))


def test_a_database_that_does_not_answer_gets_a_sentence_without_its_password():
    with pytest.raises(Problem, match="DATABASE_URL does not answer") as caught:
        database.assert_reads_chinese("postgres://keke_app:s3cret@127.0.0.1:1/keke")
    assert "s3cret" not in str(caught.value)


def test_root_finds_somebody_else_or_says_so(data, run):
    """In a folder that only root may enter, PostgreSQL runs in a user namespace, or a sentence says what to do."""
    data.root.chmod(0o700)
    postgres = Postgres(data, durable=False)
    said = ""
    try:
        child = start(postgres, run)
    except Problem as problem:
        said = str(problem)
    assert child.alive() if not said else "refuses to run as root" in said
