from django.core.management.base import BaseCommand

from crm_site import translations


class Command(BaseCommand):
    help = "Compile changed translations (locale/*/LC_MESSAGES/django.po) for the running program. Needs no gettext."
    requires_system_checks = []

    def handle(self, *args, **options):
        for path in translations.compile_changed():
            self.stdout.write(f"Compiled {path}")
