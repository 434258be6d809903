from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.locks import only_one

from . import delivery, outbox
from .couriers import COURIERS
from .exports import actions as exports
from .exports.write import write_waiting
from .models import CustomerMessage, Delivery


@shared_task
def sweep(**_kwargs):
    """Every 15 seconds, and as a hint after each event: decide what leaves, find what hangs. Source: GEN-02."""
    with only_one("journal.sweep") as mine:
        if mine:
            at = timezone.now()
            outbox.plan(at=at)
            because = _("The sender stopped in the middle.")
            for model in (Delivery, CustomerMessage):
                delivery.flag_stale(model, at=at, because=because)
    for name, courier in COURIERS.items():
        if courier().rows().due(timezone.now()).exists():
            deliver.delay(courier=name)


@shared_task
def deliver(*, courier, **_kwargs):
    """Send what is due by one way out. A slow robot does not hold up the e-mails. Source: GEN-02."""
    with only_one(f"journal.deliver.{courier}") as mine:
        if mine:
            delivery.deliver(COURIERS[courier](), now=timezone.now)


@shared_task
def write_exports(**_kwargs):
    """As a hint after somebody asked for one, and from the sweep: one process writes what waits. Source: GEN-03."""
    with only_one("journal.write_exports") as mine:
        if mine:
            write_waiting()


@shared_task
def sweep_exports(**_kwargs):
    """Every 30 seconds: take up what a killed worker left, delete files whose time is over. Source: GEN-03, SEC-06."""
    if exports.sweep(at=timezone.now()):
        write_exports.delay()
