"""The cache on Valkey, which nobody waits for: while Valkey is away nothing is found and nothing is kept."""

import logging
from time import monotonic

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

PAUSE = 2  # seconds after a failure in which Valkey is not asked: a page asks often, and each time-out would add up
SAY_EVERY = 60  # seconds
log = logging.getLogger(__name__)


class OneClient(RedisCacheClient):
    """Django makes a client for each question, which takes longer than Valkey's answer. Ours serve all threads."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class ForgivingCache(RedisCache):
    """Django's Redis cache with every error of the server turned into a miss or into nothing, logged once a minute.

    So nothing may live here that is not in the database or cannot be lost.
    """

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = OneClient
        self._away_until = self._silent_until = 0

    def ping(self):
        """Asks Valkey itself. Raises RedisError if it does not answer."""
        self._cache.get_client(write=True).ping()
        self._away_until = 0

    @property
    def away(self):
        """Whether the server failed to answer a moment ago."""
        return monotonic() < self._away_until

    def _ask(self, method, *arguments, otherwise):
        if self.away:
            return otherwise
        try:
            return method(*arguments)
        except RedisError as error:
            self._away_until = monotonic() + PAUSE
            if monotonic() >= self._silent_until:
                self._silent_until = monotonic() + SAY_EVERY
                log.warning("The cache does not answer, going on without it: %s", error)
            return otherwise

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(super().add, key, value, timeout, version, otherwise=False)

    def get(self, key, default=None, version=None):
        return self._ask(super().get, key, default, version, otherwise=default)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(super().set, key, value, timeout, version, otherwise=None)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(super().touch, key, timeout, version, otherwise=False)

    def delete(self, key, version=None):
        return self._ask(super().delete, key, version, otherwise=False)

    def get_many(self, keys, version=None):
        return self._ask(super().get_many, keys, version, otherwise={})

    def has_key(self, key, version=None):
        return self._ask(super().has_key, key, version, otherwise=False)

    def incr(self, key, delta=1, version=None):
        """Raises ValueError, as for any key that is not there."""
        value = self._ask(super().incr, key, delta, version, otherwise=None)
        if value is None:
            raise ValueError(f"Key '{key}' not found.")
        return value

    def count(self, key, number, timeout):
        """The sum of the numbers counted under a key since it began; the number itself if there is nothing to ask."""
        return self._ask(self._count, self.make_and_validate_key(key), number, timeout, otherwise=number)

    def _count(self, key, number, timeout):
        client = self._cache.get_client(write=True)
        total = client.incrby(key, number)
        if total == number:
            client.expire(key, timeout)
        return total

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask(super().set_many, data, timeout, version, otherwise=list(data))

    def delete_many(self, keys, version=None):
        return self._ask(super().delete_many, keys, version, otherwise=None)

    def clear(self):
        return self._ask(super().clear, otherwise=False)
