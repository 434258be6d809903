"""Not more than so many in any minute, counted in Valkey for all workers together."""

import secrets
from functools import cache

import redis
from django.conf import settings

WINDOW = 60  # seconds

# A log of the last minute rather than a refilling bucket: the other side counts any minute, not ours.
SCRIPT = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
  redis.call('EXPIRE', KEYS[1], ARGV[2] * 2)
  return '0'
end
return tostring(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] + ARGV[2] - ARGV[1])
"""


@cache
def _server():
    return redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=5)


def wait(name, *, limit, now):
    """Seconds until the next one may go; 0 means that it may go now and is counted. Without Valkey: a minute."""
    key = f"{settings.CACHES['default']['KEY_PREFIX']}:pace:{name}"
    try:
        left = _server().eval(SCRIPT, 1, key, now, WINDOW, limit, secrets.token_hex(12))
    except redis.RedisError:
        return WINDOW
    return float(left)
