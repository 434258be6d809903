"""The way back for the only administrator who has lost phone and recovery codes: whoever reaches the server."""

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from journal.actions import record
from journal.models import AccessLog
from staff import second_factor
from staff.models import Person


class Command(BaseCommand):
    help = "Switch the two-step sign-in of one account off and end its sessions. The password stays. Source: SEC-02."

    def add_arguments(self, parser):
        parser.add_argument("staff_number")

    def handle(self, *args, staff_number, **options):
        person = Person.objects.filter(staff_number__iexact=staff_number).first()
        if person is None:
            raise CommandError(f"Nobody has the staff number {staff_number}.")
        at = timezone.now()
        with transaction.atomic(), pghistory.context(job="reset_second_factor"):
            if not second_factor.clear(person, at=at):
                self.stdout.write(f"{person.name} has no two-step sign-in.")
                return
            detail = {"way": "command on the server"}
            record(AccessLog.Action.SECOND_FACTOR_RESET, at=at, subjects=[person], detail=detail)
        self.stdout.write(f"The two-step sign-in of {person.name} is off. Administrators set it up anew at sign-in.")
