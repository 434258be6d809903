"""The first person of an installation without demo data, and the one-time link by which that person comes in."""

import os

import pghistory
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from staff.models import Company, Department, Person, Position
from staff.verbs import PositionCode

STAFF_NUMBER = "admin"
DEPARTMENT = "information"
LOCK = 1606303


@transaction.atomic
def first_administrator(*, on):
    """The first administrator as long as the one-time link has not been used, made if nobody is there; else None.

    Source: SEC-02. Reference data must be there: the position is held in a department.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if not Person.objects.exists():
        with pghistory.context(job="first administrator"):
            person = Person.objects.create_user(STAFF_NUMBER, name=STAFF_NUMBER)
            department = Department.objects.get(code=DEPARTMENT)
            Position.objects.create(person=person, code=PositionCode.ADMINISTRATOR, department=department, starts_on=on)
        return person
    person = Person.objects.filter(staff_number=STAFF_NUMBER).first()
    unused = person is not None and not person.has_usable_password() and not Company.objects.exists()
    return person if unused else None


def one_time_link(person):
    """The address that lets this person, once, set a password. Absolute when SITE_URL says where Keke answers."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("welcome", args=[uid, default_token_generator.make_token(person)])
    return os.environ.get("SITE_URL", "").rstrip("/") + path


class Command(BaseCommand):
    help = "Print the one-time link of the first administrator; make that person in an installation without people."
    requires_system_checks = []

    def handle(self, *args, **options):
        if person := first_administrator(on=timezone.localdate()):
            self.stdout.write(f"» First administrator: open {one_time_link(person)}")
