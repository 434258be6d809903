from django.core.management.base import BaseCommand

from crm_site import reference


class Command(BaseCommand):
    help = "Bring clauses, districts, departments and empty code tables up to date with the files of this version."
    requires_system_checks = []

    def handle(self, *args, **options):
        written = {table: rows for table, rows in reference.load().items() if rows}
        for table, rows in written.items():
            self.stdout.write(f"{table}: {rows} rows written")
        if not written:
            self.stdout.write("Reference data is up to date.")
