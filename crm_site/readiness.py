"""Whether Keke may serve, and whether the parts it needs answer (read by /readyz)."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import RedisError

HEARTBEAT = "worker-heartbeat"
SILENCE = timedelta(minutes=3)


def assert_secret():
    """Raises ImproperlyConfigured if sessions and one-time links would be signed with the key that everybody knows."""
    if settings.SECRET_KEY == settings.NO_SECRET:
        raise ImproperlyConfigured(
            "Keke serves nobody without a secret of its own: set SECRET_KEY to a long random text, the same for all "
            "processes, then start again."
        )


def background_waits(beat):
    """Whether background work waits, for a line on the page: the queue's server or the worker does not answer."""
    return cache.away or (beat is not None and _silent(beat))


def _silent(beat):
    return timezone.now() - beat > SILENCE


def problems():
    """Sentences about what is not well; empty when all is."""
    found = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        found.append("The database does not answer.")
    try:
        cache.ping()
        beat = cache.get(HEARTBEAT)
        if beat is None or _silent(beat):
            found.append("The background worker has been silent for three minutes.")
    except RedisError:
        found.append("Valkey does not answer.")
    return found
