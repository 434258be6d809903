from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from staff.locks import only_one
from staff.models import SignedInSession

from . import device_reminders
from .readiness import HEARTBEAT


@shared_task
def heartbeat(**_):
    """Every minute: the worker says that it lives."""
    cache.set(HEARTBEAT, timezone.now(), timeout=None)


@worker_ready.connect
def first_heartbeat(**_):
    """The first minute counts as well."""
    heartbeat()


@shared_task
def clear_sessions(**_):
    """Every night: delete sessions that have ended. Source: SEC-02."""
    call_command("clearsessions")
    SignedInSession.objects.long_gone(timezone.now()).delete()


@shared_task
def remind_of_devices(**_):
    """Every morning: who has not confirmed this quarter that the own devices are safe. Source: SEC-09."""
    with only_one("crm_site.remind_of_devices") as mine:
        if mine:
            device_reminders.remind(at=timezone.now())
