"""Delivering the outbox while worker, broker and database are killed. Source: GEN-02, reliability §4 and §6.

Everything runs on servers of its own in a temporary folder; only processes that were started here are killed.
"""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from celery import Celery

from crm_site.runner.data import ROOT, DataFolder
from crm_site.runner.postgres import Postgres
from crm_site.runner.processes import Child, Service, launch, stop_all
from crm_site.runner.servers import environment
from crm_site.runner.valkey import Valkey

from . import Measured, figure
from .mail_server import MailServer

ROWS = 10_000
KILLS = {0.2: "worker", 0.4: "valkey", 0.6: "postgres"}  # after which part of the rows has arrived
PATIENCE = 900  # seconds
NUDGE = 1.0  # seconds between hints, which beat gives every 15
FILL = """
INSERT INTO staff_person (password, staff_number, name, email, phone)
SELECT '!', 'B' || n, 'bench ' || n, 'b' || n || '@keke.example', '' FROM generate_series(1, 100) n;
INSERT INTO journal_channelpreference (person_id, "group", email) SELECT id, 'news', 'all' FROM staff_person;
INSERT INTO journal_notification (person_id, kind, params, created_at, visible_at, push_at, dedupe_key)
SELECT p.first + n % 100, 'journal.notice', jsonb_build_object('title', 'bench ' || n), now(), now(), now(), n::text
  FROM generate_series(1, {rows}) n, (SELECT min(id) AS first FROM staff_person) p;
"""


@dataclass
class House:
    """The servers and the worker of one run."""

    data: DataFolder
    mail: MailServer
    children: dict[str, Child] = field(default_factory=dict)

    def __post_init__(self):
        self.postgres, self.valkey = Postgres(self.data), Valkey(self.data)
        addresses = self.postgres.environment() | self.valkey.environment()
        self.environment = environment(
            self.data, addresses, EMAIL_URL=f"smtp://127.0.0.1:{self.mail.port}", SITE_URL="https://bench.example"
        )

    def run(self, service):
        child = launch(service, log=self.data.root / f"{service.name}.log")
        self.children[service.name] = child
        return child

    def start(self, name):
        if name == "worker":
            command = [sys.executable, "-m", "celery", "-A", "crm_site", "--quiet", "worker", "--pool", "prefork",
                       "--concurrency", "2", "--loglevel", "WARNING"]  # fmt: skip
            self.run(Service("worker", command, environment=self.environment))
        else:
            getattr(self, name).start(self.run, time.sleep)

    def kill(self, name):
        """kill -9 of the process and its group, as the kernel does when memory runs out."""
        child = self.children[name]
        child.sweep()
        child.process.kill()
        child.process.wait()

    def revive_worker(self):
        """As `manage.py up` does: a worker that loses its broker in the middle of a task can end by itself."""
        if not self.children["worker"].alive():
            self.children["worker"].sweep()
            self.start("worker")

    def migrate(self):
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
        child = self.run(Service("migrate", command, environment=self.environment))
        if child.process.wait(PATIENCE):
            raise RuntimeError("\n".join(child.last_words()))

    def rows(self, statement):
        """Rows of a query; None while the database is away."""
        try:
            with psycopg.connect(self.postgres.url("keke_owner"), connect_timeout=5) as connection:
                return connection.execute(statement).fetchall()
        except psycopg.OperationalError:
            return None

    def close(self):
        stop_all(list(self.children.values()))


@contextlib.contextmanager
def house():
    folder = Path(tempfile.mkdtemp(prefix="keke-bench-"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    mail, here = MailServer(), Path.cwd()
    made = House(DataFolder(folder), mail)
    try:
        os.chdir(ROOT)
        made.data.prepare()
        for name in ("postgres", "valkey"):
            made.start(name)
        made.migrate()
        yield made
    finally:
        made.close()
        mail.close()
        os.chdir(here)
        shutil.rmtree(folder, ignore_errors=True)


@figure("outbox-delivery", unit="rows lost or repeated", limit=0)
def outbox_delivery(*, say, rows=ROWS):
    """10,000 outbox rows, of which none is lost or repeated while worker, broker and database are each killed once."""
    with house() as made:
        with psycopg.connect(made.postgres.url("keke_owner")) as connection:
            connection.execute(FILL.format(rows=rows))
        made.start("worker")
        seconds = _drive(made, rows, say)
        return _judge(made, rows, seconds)


def _drive(made, rows, say):
    """Hint, watch and kill until nothing is waiting any more. Returns the seconds it took."""
    hints = Celery("bench", broker=_broker(made))
    started, kills = time.monotonic(), dict(KILLS)
    while time.monotonic() - started < PATIENCE:
        with contextlib.suppress(Exception):  # the broker is being killed: the next hint follows
            hints.send_task("journal.tasks.sweep", retry=False)
        time.sleep(NUDGE)
        arrived = sum(made.mail.taken.values())
        due = [part for part in kills if arrived >= part * rows]
        for part in due:
            name = kills.pop(part)
            say(f"{arrived:,} of {rows:,} arrived: kill -9 {name}")
            made.kill(name)
            made.start(name)
        made.revive_worker()
        if not kills and _drained(made):
            return time.monotonic() - started
    raise RuntimeError("\n".join(["The outbox was not empty in time.", *made.children["worker"].last_words()]))


def _broker(made):
    return made.environment["REDIS_URL"].replace("unix://", "redis+socket://").split("?")[0] + "?virtual_host=0"


def _drained(made):
    waiting = made.rows("""
        SELECT (SELECT count(*) FROM journal_notification WHERE NOT pushed),
               (SELECT count(*) FROM journal_delivery WHERE state = 'queued'),
               (SELECT count(*) FROM journal_delivery WHERE state = 'inflight' AND started_at > now() - interval '10 s')
    """)
    return waiting == [(0, 0, 0)]


def _judge(made, rows, seconds):
    """Every row arrived once, or stands among those a person decides about and did not arrive twice."""
    states = dict(made.rows("SELECT 'notification-' || id, state FROM journal_delivery"))
    taken = {key[1:].split("@")[0]: count for key, count in made.mail.taken.items()}
    repeated = sum(count - 1 for count in taken.values())
    doubtful = {key for key, state in states.items() if state in ("inflight", "possibly_sent")}
    lost = sum(1 for key in states if key not in taken and key not in doubtful) + rows - len(states)
    unknown = len(set(taken) - set(states))
    note = (
        f"{rows:,} rows in {seconds:.0f} s, {len(doubtful)} left for a person to decide "
        f"({len(doubtful & set(taken))} of them had arrived)"
    )
    return Measured(lost + repeated + unknown + max(0, len(doubtful) - len(KILLS)), rows, note)
