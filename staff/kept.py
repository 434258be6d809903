"""What a page keeps in the cache, asked for in one question."""

from django.core.cache import cache


class Kept:
    """The cache as it answers to these keys now; a key that was not asked for is not there."""

    def __init__(self, *keys):
        self._found = cache.get_many(keys)

    def get(self, key):
        return self._found.get(key)

    def set(self, key, value, timeout):
        self._found[key] = value
        cache.set(key, value, timeout)

    def get_or_set(self, key, make, timeout):
        if key not in self._found:
            self.set(key, make(), timeout)
        return self._found[key]
