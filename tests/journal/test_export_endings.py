"""Exports that are cancelled, fail, are killed or run out. Source: GEN-03, architecture ("Background work")."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from journal import exports, tasks
from journal.exports import Column, Exporter, actions, write
from journal.models import ExportJob, Notification
from staff.models import Person
from tests.journal.exporting import ask, names, written

pytestmark = [pytest.mark.clause("GEN-03", "SEC-06"), pytest.mark.usefixtures("own_media")]
PAGE = reverse("journal:exports")


def test_cancelled_while_waiting_it_is_not_written(world, sign_in):
    job = ask(world.accountant)
    sign_in(world.accountant).post(reverse("journal:export_end", args=[job.pk]))
    assert write.write_waiting() == 0
    job.refresh_from_db()
    assert job.state == "cancelled"


@pytest.fixture
def slow(monkeypatch):
    """A list of people during whose writing something happens: `slow(what)`."""
    monkeypatch.setattr(exports, "_exporters", dict(exports._exporters))
    monkeypatch.setattr(write, "SIGN_EVERY", -1)
    monkeypatch.setattr(write, "ROWS_AT_ONCE", 3)

    def _slow(happens):
        exporter = Exporter(
            "slow", "Slow", "home", (Column("name", "Name", lambda person: person.name),),
            keep=lambda person, query: {}, rows=lambda person, choices: Person.objects.order_by("pk"),
            prepare=lambda person, rows: happens(),
        )  # fmt: skip
        exports.register(exporter)

    return _slow


def test_cancelled_while_being_written_nothing_is_left(world, slow):
    slow(lambda: actions.end(ExportJob.objects.get(), at=timezone.now()))
    job = written(world.accountant, "slow")
    assert job.state == "cancelled"
    assert not any(path.is_file() for path in actions.folder().rglob("*"))
    assert not Notification.objects.exists()


def test_a_fault_is_told_and_leaves_nothing(world, slow):
    slow(lambda: 1 / 0)
    job = written(world.accountant, "slow")
    assert (job.state, job.problem) == ("failed", "fault")
    assert not any(path.is_file() for path in actions.folder().rglob("*"))
    assert Notification.objects.get().person == world.accountant


def test_what_the_database_dies_under_is_written_anew(world, slow):
    def dies():
        if ExportJob.objects.get().attempt == 1:
            raise OperationalError("terminating connection due to administrator command")

    slow(dies)
    with pytest.raises(OperationalError):
        written(world.accountant, "slow")
    job = ExportJob.objects.get()
    assert job.state == "running"
    assert actions.sweep(at=timezone.now() + actions.SILENT)
    write.write_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("done", 2)


def test_a_full_disk_is_said(world, slow):
    def full():
        raise OSError(28, "No space left on device")

    slow(full)
    assert written(world.accountant, "slow").problem == "disk"


def test_who_was_taken_over_finishes_nothing(world, slow):
    """The second writer has another attempt; the first one's file disappears, the second one's stays."""
    slow(lambda: ExportJob.objects.filter(attempt=1).update(attempt=2))
    job = written(world.accountant, "slow")
    assert (job.state, job.attempt) == ("running", 2)
    assert not any(path.is_file() for path in actions.folder().rglob("*"))


def killed(person, attempt=1):
    """An export whose writer was killed two minutes ago, with half a file."""
    job = ask(person)
    long_ago = timezone.now() - timedelta(minutes=2)
    ExportJob.objects.filter(pk=job.pk).update(state="running", attempt=attempt, sign_of_life_at=long_ago, done=1)
    job.refresh_from_db()
    actions.path_of(job).parent.mkdir(parents=True)
    actions.path_of(job).write_text("half")
    return job


def test_what_a_killed_worker_left_is_written_anew(world):
    job = killed(world.accountant)
    assert actions.sweep(at=timezone.now())
    assert not actions.path_of(job).exists()
    write.write_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.done) == ("done", 2, 2)
    assert actions.sweep(at=timezone.now()) is False
    assert actions.path_of(job).exists()


def test_a_writer_that_lives_is_left_alone(world):
    job = killed(world.accountant)
    ExportJob.objects.filter(pk=job.pk).update(sign_of_life_at=timezone.now())
    assert not actions.sweep(at=timezone.now())
    job.refresh_from_db()
    assert job.state == "running"


def test_what_ends_three_workers_is_given_up(world, desk):
    job = killed(world.accountant, attempt=actions.ATTEMPTS)
    actions.sweep(at=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", "attempts")
    assert "stopped three times" in desk(world.accountant).get(PAGE).text
    assert Notification.objects.get().person == world.accountant
    assert not actions.folder(job.pk).exists()


def test_a_file_is_gone_after_a_day(world, sign_in, desk):
    job = written(world.accountant)
    later = job.finished_at + actions.KEPT_FOR
    ExportJob.objects.filter(pk=job.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sign_in(world.accountant).get(reverse("journal:export_file", args=[job.pk])).status_code == 404
    assert job.expires_at == later
    tasks.sweep_exports()
    job.refresh_from_db()
    assert job.state == "gone"
    assert not actions.folder(job.pk).exists()
    assert "file deleted" in desk(world.accountant).get(PAGE).text


def test_a_file_can_be_deleted_at_once(world, sign_in):
    job = written(world.accountant)
    sign_in(world.accountant).post(reverse("journal:export_end", args=[job.pk]))
    assert not actions.folder(job.pk).exists()


def test_files_lie_outside_of_what_the_web_server_gives_out(world, sign_in):
    path = actions.path_of(written(world.accountant))
    assert not path.is_relative_to(configured.STATIC_ROOT)
    assert path.parent.stat().st_mode & 0o077 == 0
    assert sign_in(world.accountant).get(f"/media/exports/{path.name}").status_code == 404


def test_a_person_has_three_at_once(world, desk):
    for _n in range(actions.OPEN_AT_ONCE):
        ask(world.accountant)
    form = {"purpose": "分析", "format": "csv", "columns": ["name"]}
    answer = desk(world.accountant).post(reverse("journal:export_new", args=["customers"]), form)
    assert "not finished yet" in answer.text
    assert ExportJob.objects.count() == actions.OPEN_AT_ONCE
    ask(world.clerk)


CHILD = """
import sys, time
import django; django.setup()
from journal.exports import write, actions
from django.utils import timezone
write.SIGN_EVERY, write.ROWS_AT_ONCE = -1, 1
live = actions.live
def slowly(job, **counters):
    live(job, **counters)
    print("alive", flush=True)
    if counters.get("done"):
        time.sleep(60)
actions.live = slowly
write.write_waiting()
"""


def test_a_writer_killed_hard_is_taken_up(live_world, settings):
    """kill -9 in the middle: its lock falls with its connection, and the export is written by the next one."""
    job = ask(live_world.accountant)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], env=os.environ | address() | {"KEKE_DATA": str(settings.MEDIA_ROOT)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert [child.stdout.readline() for _sign in range(2)] == ["alive\n"] * 2
    silent = timezone.now() + actions.SILENT
    assert not actions.sweep(at=silent), "it still holds its lock"
    child.send_signal(signal.SIGKILL)
    child.wait()
    deadline = time.monotonic() + 20
    while not actions.sweep(at=silent):
        assert time.monotonic() < deadline, "the dead writer's lock stays"
    write.write_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("done", 2)
    assert len(names(job)) == 2


def address():
    """The environment by which another process finds the tests' database."""
    now = connection.settings_dict
    host = now["HOST"].replace("/", "%2F")
    return {"DATABASE_URL": f"postgres://{now['USER']}:{now['PASSWORD']}@{host}:{now['PORT']}/{now['NAME']}"}
