from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from policy import actions
from policy.calendar import reading
from policy.views.calendar import said_of


class Command(BaseCommand):
    help = "Load the official days off and make-up days of one year from a CSV or JSON file (date, works, name)."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--check", action="store_true", help="only read the file and say what it holds")

    def handle(self, *, file, check, **options):
        with override("en"):
            try:
                days, notice = reading.read(file.read_bytes())
            except OSError as error:
                raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
            except ValidationError as error:
                raise CommandError("\n".join(error.messages)) from error
            year, off = days[0].date.year, sum(not day.works for day in days)
            self.stdout.write(f"{year}: {off} days off, {len(days) - off} make-up days.")
            if not check:
                recounted = actions.confirm_year(days, notice=notice or file.name, by=None, at=timezone.now())
                self.stdout.write(f"The calendar of {year} is confirmed. {' '.join(said_of(recounted))}")
