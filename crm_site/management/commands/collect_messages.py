from django.core.management.base import BaseCommand

from crm_site import translations


class Command(BaseCommand):
    help = "Bring the catalogues up to date with the messages of Python files and templates. Needs no gettext."
    requires_system_checks = []

    def handle(self, *args, **options):
        for path, new, gone in translations.collect():
            self.stdout.write(f"{path}: {new} new, {gone} gone")
