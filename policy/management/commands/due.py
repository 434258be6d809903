from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils.translation import override

from policy.calendar import SHANGHAI, Unit, ended, shipped, units
from policy.terms import Term
from staff.models import Branch

YEARS = range(1990, 2200)


class Command(BaseCommand):
    help = "Print when a term ends, as 2026-11-23T18:00 (Asia/Shanghai). Source: clocks.md."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("start", metavar="START", help="2026-11-23T14:53, Asia/Shanghai unless it names an offset")
        parser.add_argument("term", metavar="TERM", help="30min, 24h, 3workdays, 2openinghours or sameday")
        parser.add_argument("--branch", metavar="CODE", help="unit whose days and opening hours count")

    def handle(self, *, start, term, branch, **options):
        started, length = moment(start), read_term(term)
        unit = find_unit(branch, started.date())
        due = ended(started, length, unit).astimezone(SHANGHAI).replace(tzinfo=None)
        self.stdout.write(due.isoformat(timespec="seconds" if due.second or due.microsecond else "minutes"))
        for year in unit.calendar.unconfirmed(started.date(), due.date()) if length.counts_days else ():
            self.stderr.write(f"The calendar of {year} is not confirmed: weekends and statutory days are counted.")


def moment(text):
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or "T" not in text.strip().upper().replace(" ", "T"):
        raise CommandError(f"“{text}” is no moment: write it as 2026-11-23T14:53.")
    if found.year not in YEARS:
        raise CommandError(f"“{text}”: the year must lie between {YEARS[0]} and {YEARS[-1]}.")
    return found.astimezone(SHANGHAI) if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def read_term(text):
    with override("en"):
        try:
            return Term.parse(text)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error


def find_unit(code, on: date):
    """The unit with its calendar. A database without tables yet leaves the calendar that comes with the product."""
    try:
        found = Branch.objects.filter(code=code).first() if code else None
        if code and not found:
            known = ", ".join(Branch.objects.order_by("code").values_list("code", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no unit with the code “{code}”. Codes: {known}.")
        pk = found and found.pk
        return units([pk], on=on)[pk]
    except ProgrammingError:
        if code:
            raise CommandError("There are no units yet: start Keke once with `manage.py up`.") from None
        return Unit(shipped())
