from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from staff.models import SignedInSession

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
