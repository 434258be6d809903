"""Whether the parts Keke needs answer. Read by /readyz."""

from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import RedisError

HEARTBEAT = "worker-heartbeat"
SILENCE = timedelta(minutes=3)


def problems():
    """Sentences about what is not well; empty when all is."""
    found = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        found.append("The database does not answer.")
    try:
        beat = cache.get(HEARTBEAT)
        if beat is None or timezone.now() - beat > SILENCE:
            found.append("The background worker has been silent for three minutes.")
    except RedisError:
        found.append("Valkey does not answer.")
    return found
