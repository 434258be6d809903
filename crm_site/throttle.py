"""Failed tries are counted in the cache and slowed down, each kind of trier in buckets of its own. Source: SEC-02.

A try is counted before it is judged and given back if it succeeds, so a thousand tries at once are not more than one
after another. A bucket allows its limit a minute, twice that in a quarter of an hour, four times in an hour: whoever
goes on waits longer. Tries that are refused are not counted. While Valkey is away nobody is slowed: that must not keep
the company out, and hashing a password slows guessing as well.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.cache import cache
from django.utils.crypto import salted_hmac

WINDOWS = ((60, 1), (900, 2), (3600, 4))  # seconds, times the limit


@dataclass(frozen=True)
class Bucket:
    name: str
    limit: int  # tries a minute


class TooMany(Exception):
    """Refused without being judged. `until`: when the next try can be. `first`: nobody was told yet."""

    def __init__(self, until, first):
        super().__init__(until)
        self.until, self.first = until, first


class Try:
    """One try that was counted."""

    def __init__(self, keys):
        self._keys = keys

    def succeeded(self):
        """Give it back."""
        for key in self._keys:
            _add(key, -1, WINDOWS[-1][0])
        self._keys = []


def begin(buckets, *, at):
    """Count a try in every bucket. Raises TooMany if one is full."""
    keys, until, first = [], 0, False
    for bucket in buckets:
        for seconds, times in WINDOWS:
            number = int(at.timestamp()) // seconds
            key = f"tries:{_short(bucket.name)}:{seconds}:{number}"
            keys.append(key)
            if _add(key, 1, seconds) > bucket.limit * times:
                until = max(until, (number + 1) * seconds)
                first |= cache.add(f"told:{key}", 1, seconds)
    if until:
        Try(keys).succeeded()
        raise TooMany(datetime.fromtimestamp(until, UTC), first)
    return Try(keys)


def _add(key, number, seconds):
    # The key holds its window, so that the count is right whatever the cache forgets late.
    cache.add(key, 0, 2 * seconds)
    try:
        return cache.incr(key, number)
    except ValueError:  # it ran out between the two, or Valkey is away
        return max(number, 0)


def _short(name):
    """No staff number and no address stands in the cache."""
    return salted_hmac("crm_site.throttle", name).hexdigest()[:24]
