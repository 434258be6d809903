"""Requests measured against each other, in this process: the whole way through middleware, view, database, template."""

from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from crm_site import pace, translations
from crm_site.management.commands.prepare import collect_static
from staff.models import Position

from . import Measured

ROUNDS = 300
IN_A_MINUTE = 4  # lists of fifty, as far as SEC-06 lets everybody read
WARM = 5  # requests before the first that counts
AS_FORMS_ARE = "application/x-www-form-urlencoded"
FLOOR, NOTHING = "/bench/floor/", "/bench/nothing/"


@dataclass(frozen=True)
class Request:
    """One request of a signed-in reader. With `data` it is a POST, from a page's script if `htmx`."""

    path: str
    data: dict | None = None
    htmx: bool = False
    expected: int = 200

    def send(self, client):
        headers = {"HX-Request": "true"} if self.htmx else {}
        response = (
            client.get(self.path, headers=headers)
            if self.data is None
            else client.post(self.path, urlencode(self.data), content_type=AS_FORMS_ARE, headers=headers)
        )
        if response.status_code != self.expected:
            raise RuntimeError(f"{self.path} answered {response.status_code}, not {self.expected}.")
        return response


@dataclass(frozen=True)
class Compared:
    """Seconds of two requests that took turns."""

    value: float
    floor: float
    p95: float
    floor_p95: float

    @property
    def ratio(self):
        return self.value / self.floor

    def __str__(self):
        return f"{self.value * 1000:.1f} ms (p95 {self.p95 * 1000:.1f}) / {self.floor * 1000:.1f} ms"


@contextmanager
def pages():
    """The two pages of comparison have addresses, and styles and words are as they are served."""
    list(translations.compile_changed())
    if hasattr(staticfiles_storage, "manifest_name"):
        collect_static()
    hosts = [*settings.ALLOWED_HOSTS, "testserver"]
    with override_settings(ROOT_URLCONF="crm_site.bench.urls", ALLOWED_HOSTS=hosts, DEMO=True):
        yield


def reader(code):
    """A client in which the first holder of a position is signed in."""
    client = Client()
    held = Position.objects.filter(code=code, ends_on=None, person__disabled_at=None).order_by("id").first()
    client.force_login(held.person)
    client.reader = held.person
    return client


def compare(client, request, floor=Request(FLOOR), rounds=None):
    """Medians of a request and of its floor. `request` may be a function that makes a new one each time."""
    make = request if callable(request) else lambda: request
    for _warm in range(WARM):
        make().send(client), floor.send(client)
    values, floors = [], []
    for done in range(rounds or ROUNDS):
        if not done % IN_A_MINUTE:
            _rest(client)
        values.append(_seconds(client, make()))
        floors.append(_seconds(client, floor))
    return Compared(median(values), median(floors), _p95(values), _p95(floors))


def _rest(client):
    """As if a minute had gone by: what is measured here is not how SEC-06 stops whoever reads faster than that."""
    cache.delete(pace.counter(client.reader, timezone.now()))


def _seconds(client, request):
    started = perf_counter()
    request.send(client)
    return perf_counter() - started


def _p95(values):
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def queries(client, request):
    """How many queries one request takes, once everything that is kept in memory is there."""
    request.send(client)
    _rest(client)
    with CaptureQueriesContext(connection) as captured:
        request.send(client)
    return len(captured)


def worst(compared, say):
    """Measured of the case with the largest ratio; `compared` is {what it is: Compared}."""
    for name, found in compared.items():
        say(f"{name}: {found.ratio:.2f}  {found}")
    name, found = max(compared.items(), key=lambda item: item[1].ratio)
    return Measured(found.value, found.floor, f"{name}, p95 {found.p95 * 1000:.1f} ms")
