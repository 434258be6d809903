"""Load the demo company into an empty installation: everything or nothing."""

from random import Random

import pghistory
from django.db import connection, transaction

from crm_site import reference
from staff.models import Company, Person

from . import company, customers, imports
from .words import Words

SEED = 16_06_302
LOCK = 1606302  # a second loader waits here and then finds people


def load(*, on, progress=lambda done, total: None):
    """Build the demo company as it stands on a date, unless there are people. Returns whether it was built.

    The same company every time; only its dates move with `on`. One transaction: killed, it leaves nothing.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if Person.objects.exists() or Company.objects.exists():
            return False
        reference.load()
        with pghistory.context(job="演示数据"):
            words = Words(Random(SEED))  # noqa: S311  (invented data, not secrets)
            built = company.build(on=on, words=words)
            customers.build(built, on=on, words=words, progress=progress)
            imports.build(on=on)
    return True
