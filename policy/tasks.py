from celery import shared_task
from django.utils import timezone

from staff.locks import only_one

from . import clocks
from .calendar.years import warn_unconfirmed


@shared_task
def tick(**_):
    """Every minute: warn of and note what falls due. Safe at any time. Source: clocks.md."""
    with only_one("policy.tick") as mine:
        if mine:
            clocks.tick(timezone.now())


@shared_task
def warn_of_calendar(**_):
    """Every morning; from 1 December until it is confirmed administrators hear each week of a missing calendar."""
    warn_unconfirmed(at=timezone.now())
