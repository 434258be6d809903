"""Reading one's notifications. Source: GEN-02."""

from django.utils import timezone

from .models import Notification

SHOWN = 99  # the bell says how many up to here, then "99+"


def unread(person, *, at=None):
    """The unread notifications of a person."""
    return Notification.objects.of(person, at or timezone.now()).unread()


def unread_count(person, *, at=None):
    """How many unread notifications a person has, at most SHOWN + 1. Costs no more however many there are."""
    return unread(person, at=at).order_by()[: SHOWN + 1].count()


def mark_read(notifications, *, at):
    """What is unread among these is read now; the first reading counts."""
    return notifications.filter(read_at__isnull=True).update(read_at=at)
