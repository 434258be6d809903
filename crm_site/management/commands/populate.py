from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm_site import reference
from crm_site.populating import NoCompany, NoRoom, populate, settle


class Command(BaseCommand):
    help = "Fill an installation of the demo company with made-up customers. Interrupted, it goes on where it was."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--customers", type=int, required=True, help="how many there shall be in the end")

    def handle(self, *, customers, **options):
        reference.load()
        started = monotonic()
        try:
            added = populate(customers, on=timezone.localdate(), progress=self._progress)
        except NoRoom as error:
            raise CommandError(f"There are numbers for {error.args[0]:,} customers at most.") from error
        except NoCompany as error:
            raise CommandError(
                "Other people than those of the demo company are here: made-up customers have no place among real "
                "ones. Use another data folder, in KEKE_DATA."
            ) from error
        if added:
            settle()
        self.stdout.write(f"{added:,} customers added in {monotonic() - started:.0f} s")

    def _progress(self, done, total):
        self.stderr.write(f"  {done:,} of {total:,} customers")
