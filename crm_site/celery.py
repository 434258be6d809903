"""Celery and the one static schedule. Each entry names what it is for."""

import os
import signal

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured

from crm_site.runner.processes import die_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")

app = Celery("crm_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["crm_site", "customers", "journal", "policy"])

app.conf.beat_schedule = {
    # A worker that lost its broker can sit silent for ever; /readyz notices within three minutes.
    "heartbeat": {"task": "crm_site.tasks.heartbeat", "schedule": 60.0},
    # GEN-02: what the hint after an event missed (no broker, a crash) leaves at most 15 seconds later.
    "outbox": {"task": "journal.tasks.sweep", "schedule": 15.0, "options": {"expires": 60}},
    # GEN-03, SEC-06: exports that a killed worker left, and files whose time is over.
    "exports": {"task": "journal.tasks.sweep_exports", "schedule": 30.0, "options": {"expires": 60}},
    # clocks.md: warnings and breaches.
    "clocks": {"task": "policy.tasks.tick", "schedule": 60.0, "options": {"expires": 60}},
    # clocks.md: from December on, until the calendar of the next year is confirmed.
    "calendar": {"task": "policy.tasks.warn_of_calendar", "schedule": crontab(hour=8, minute=30)},
    # REC-05: from 17:00, forms received and not entered.
    "forms": {"task": "customers.tasks.remind_of_forms", "schedule": crontab(minute="*/15")},
    # REC-21: completeness, healed.
    "completeness": {"task": "customers.tasks.judge_completeness", "schedule": crontab(hour=3, minute=30)},
    # REC-15: steps of imports that a lost hint or a killed worker left.
    "imports": {"task": "customers.tasks.sweep_imports", "schedule": 15.0, "options": {"expires": 60}},
    # Drafts that nobody came back for within a week.
    "drafts": {"task": "customers.tasks.drop_expired_drafts", "schedule": crontab(hour=3, minute=20)},
    # SEC-06: what people wrote on their phones who became no customers.
    "desk-forms": {"task": "customers.tasks.erase_desk_forms", "schedule": crontab(hour=3, minute=25)},
    # SEC-09: who has not confirmed this quarter that the own devices are safe.
    "devices": {"task": "crm_site.tasks.remind_of_devices", "schedule": crontab(hour=8, minute=40)},
    # SEC-02: sessions that ended do not stay in the database.
    "clear-sessions": {"task": "crm_site.tasks.clear_sessions", "schedule": crontab(hour=3, minute=10)},
}


@celeryd_init.connect
@beat_init.connect
def refuse_without_secret(**_):
    """Not at import, because every command imports this. Celery would only log another exception than SystemExit."""
    from .readiness import assert_secret

    try:
        assert_secret()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@worker_process_init.connect
def _die_with_the_worker(**_kwargs):
    """Where a worker is killed, the processes of its pool would wait for work for ever."""
    die_with(os.getppid(), signal.SIGKILL)
