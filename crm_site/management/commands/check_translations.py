from django.core.management.base import BaseCommand, CommandError

from crm_site import translations


class Command(BaseCommand):
    help = "Fail if a message is missing, untranslated, uncertain or unused, or if its placeholders differ."
    requires_system_checks = []

    def handle(self, *args, **options):
        if problems := translations.problems():
            raise CommandError("\n".join(["The translations need work:", *problems]))
        self.stdout.write("Translations are complete.")
