"""Days of the company's calendar as points in time."""

from datetime import datetime, time

from django.utils import timezone


def midnight(day):
    """When a day begins, in Shanghai."""
    return datetime.combine(day, time(0), timezone.get_default_timezone())
