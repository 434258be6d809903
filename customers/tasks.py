from celery import shared_task
from django.utils import timezone

from staff.locks import only_one

from . import completeness, desk, drafts, receipts
from .importing import working
from .models import Import


@shared_task
def remind_of_forms(**_):
    """Every quarter of an hour; each unit from its own time on, 17:00 by default. Safe at any time. Source: REC-05."""
    with only_one("customers.remind_of_forms") as mine:
        if mine:
            receipts.remind(at=timezone.now())


@shared_task
def judge_completeness(**_):
    """Every night, as a healer. Source: REC-21."""
    with only_one("customers.judge_completeness") as mine:
        if mine:
            completeness.judge_all()


@shared_task
def work_on_imports(**_):
    """As a hint after a person asked for a step, and from the sweep. Source: REC-15."""
    working.work()


@shared_task
def sweep_imports(**_):
    """Every 15 seconds: what waits, or what a killed worker left. Source: REC-15."""
    if Import.objects.filter(state__in=Import.WORKING).exists():
        work_on_imports.delay()


@shared_task
def drop_expired_drafts(**_):
    """Every night. Safe at any time."""
    drafts.drop_expired(at=timezone.now())


@shared_task
def erase_desk_forms(**_):
    """Every night. Safe at any time. Source: SEC-06."""
    desk.erase(at=timezone.now())
