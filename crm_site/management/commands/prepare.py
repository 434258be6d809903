"""Everything between an empty database and a program that serves: run at each start, quick when nothing changed."""

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import override

from crm_site import demo, reference, translations
from staff.models import Person

FINGERPRINT = "fingerprint.txt"
LOCK = 1606301


class Command(BaseCommand):
    help = (
        "Bring database, reference data, translations and static files up to date; on first start load the demo "
        "company, or make the first administrator. Lines that begin with » say how to sign in."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--demo", action="store_true", dest="demo", default=settings.DEMO)
        kind.add_argument("--no-demo", action="store_false", dest="demo")

    def handle(self, *, demo, **options):
        with alone():
            self._prepare(demo)

    def _prepare(self, with_demo):
        self._step("Translations", self._compile)
        self._step("Database tables", self._migrate)
        self._step("Reference data", self._load_reference)
        if with_demo:
            self._step("Demo company", self._load_demo)
        self._step("Static files", collect_static)
        if with_demo:
            self._say_demo_accounts()
        else:
            call_command("first_administrator", stdout=self.stdout)

    def _step(self, title, work):
        """Run one step. Only a step that did something is worth a line."""
        started = monotonic()
        if work():
            self._say(f"{title} prepared in {monotonic() - started:.1f} s")

    def _say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def _compile(self):
        try:
            return list(translations.compile_changed())
        except OSError as error:
            raise CommandError(
                f"Keke cannot write {error.filename} ({error.strerror}): make room there, or name another data folder "
                "in KEKE_DATA."
            ) from error

    def _migrate(self):
        executor = MigrationExecutor(connections["owner"])
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if steps:
            self._say(f"Database tables: {len(steps)} migrations to apply")
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        return bool(steps)

    def _load_reference(self):
        return any(reference.load().values())

    def _load_demo(self):
        if Person.objects.exists():
            return False
        from crm_site.demo.load import load  # pinyin tables take half a second: only the first start needs them

        return load(
            on=timezone.localdate(),
            progress=lambda done, total: self._say(f"Demo company: {done} of {total} customers"),
        )

    def _say_demo_accounts(self):
        with override("en"):
            signs = ", ".join(f"{account.staff_number} {account.position_label}" for account in demo.accounts())
        if signs:
            self._say(f"» Demo sign-ins (password {demo.PASSWORD}): {signs}")


@contextmanager
def alone():
    """Several machines on one database prepare one after the other; the later ones find nothing left to do."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def collect_static():
    """Collect and compress static files if one has changed; whether it did."""
    marker = Path(settings.STATIC_ROOT) / FINGERPRINT
    current = static_fingerprint()
    if marker.exists() and marker.read_text() == current:
        return False
    # collectstatic goes by dates and would keep a newer copy of a file whose older version came back. Hashed copies
    # stay, for pages that are still open.
    for path in static_files():
        (marker.parent / path).unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    marker.write_text(current)
    return True


def static_files():
    """{path under STATIC_ROOT: file it is copied from}; the first finder wins, as for collectstatic."""
    found = {}
    for finder in get_finders():
        for path, storage in finder.list(None):
            found.setdefault(path, storage.path(path))
    return found


def static_fingerprint():
    """Changes whenever a static file of any app, or the way of serving them, does."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for path, source in static_files().items():
        state = os.stat(source)
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
