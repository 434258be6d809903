import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing import counts, jobs, working
from customers.importing.refusals import Refused
from customers.models import Import
from staff.locks import only_one
from staff.models import Person

NOT_IN_JSON = ("by_table", "unchanged")  # its keys are a contract


WHY = {  # why a file cannot be opened; anything rarer is said as the system says it
    FileNotFoundError: gettext_lazy("there is no such file"),
    IsADirectoryError: gettext_lazy("it is a folder"),
    PermissionError: gettext_lazy("it may not be read"),
}


class Command(BaseCommand):
    help = "Import a legacy spreadsheet, or say what importing it would do. Source: REC-15."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=Import.Kind.values, default=Import.Kind.CUSTOMERS)
        parser.add_argument("--campaign", help="name of the campaign whose leads the file holds; made if it is new")
        parser.add_argument("--dry-run", action="store_true", help="count only, and leave nothing behind")
        parser.add_argument("--json", action="store_true", help="one object with the counts on the last line")
        parser.add_argument("--by", help="staff number of whoever imports; without it, nobody")

    def handle(self, *_args, file, kind, dry_run, by, campaign, **options):
        if kind == Import.Kind.LEADS and not campaign:
            raise CommandError(_("Leads belong to a campaign: name it with --campaign."))
        person = self._person(by)
        if (executor := MigrationExecutor(connection)).migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(_("The database lacks tables: run “python3 manage.py migrate” first."))
        with only_one(working.LOCK) as mine:
            if not mine:
                raise CommandError(_("Another import is being worked on: wait until it is through."))
            job = self._run(file, kind, campaign, person, dry_run)
        self._report(job, options["json"])

    def _person(self, by):
        if by and (person := Person.objects.filter(staff_number=by).first()) is None:
            raise CommandError(_("There is nobody with the staff number %(by)s.") % {"by": by})
        return person if by else None

    def _run(self, file, kind, campaign, person, dry_run):
        try:
            upload = file.open("rb")
        except OSError as error:
            why = WHY.get(type(error), error.strerror)
            raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": file, "why": why}) from error
        with upload:
            try:
                job = jobs.begin(
                    upload, name=file.name, by=person, at=timezone.now(), kind=kind, campaign=campaign or ""
                )
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
        try:
            self._step(job)
            if all(table["header_row"] is None for table in job.tables):
                raise CommandError(_("No sheet has a row of headings."))
            jobs.check(job, fields=[table["fields"] for table in job.tables], by=person, at=timezone.now())
            self._step(job)
            if not dry_run:
                jobs.commit(job, by=person, at=timezone.now())
                self._step(job)
        finally:
            if job.state not in (Import.State.COMMITTING, Import.State.UNDOING, Import.State.DONE):
                jobs.discard(job)  # a commit that is interrupted is gone on with by the workers
        return job

    def _step(self, job):
        state = job.get_state_display()
        self.stderr.write(f"{job}: {state}")
        jobs.take(job, at=timezone.now())
        working.take_step(job)
        job.refresh_from_db()
        if job.state == Import.State.UNDOING:  # the commit failed
            jobs.take(job, at=timezone.now())
            working.take_step(job)
            job.refresh_from_db()
        if job.problem:
            raise CommandError(job.problem)

    def _report(self, job, as_json):
        found = job.counts
        if as_json:
            said = {name: value for name, value in found.items() if name not in NOT_IN_JSON}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for table, counted in zip(job.tables, found["by_table"], strict=True):
            name = table["sheet"] or job.name
            if table["header_row"] is None:
                self.stdout.write(_("%(sheet)s: skipped, no row of headings was found") % {"sheet": name})
            else:
                self.stdout.write(f"{name}: {self._line(counted)}")
        self.stdout.write(self._line(found))

    @staticmethod
    def _line(counted):
        words = _(
            "%(rows)s rows: %(new)s new, %(update)s updates (%(unchanged)s unchanged), %(duplicate)s duplicates, "
            "%(rejected)s rejected, %(ignored)s ignored"
        )
        return words % {**counted, "rejected": counts.rejected(counted)}
