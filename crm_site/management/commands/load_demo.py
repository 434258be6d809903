from django.core.management.base import BaseCommand
from django.utils import timezone

from crm_site.demo.load import load


class Command(BaseCommand):
    help = "Load the demo company with 2,000 customers into an installation without people."
    requires_system_checks = []

    def handle(self, *args, **options):
        if not load(on=timezone.localdate(), progress=self._progress):
            self.stdout.write("There are people already: the demo company is loaded into an empty installation only.")

    def _progress(self, done, total):
        self.stdout.write(f"Demo company: {done} of {total} customers")
        self.stdout.flush()
