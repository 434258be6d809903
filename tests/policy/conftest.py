from unittest import mock

import pytest
from django.utils import translation

from customers import receipts
from policy import clocks
from policy.models import Clock
from tests.world import load_world

from .clocktime import at


@pytest.fixture(scope="session")
def loading():
    return load_without_forms


def load_without_forms():
    """Registering the world's customers leaves no clocks of forms behind: here clocks are counted."""
    with mock.patch.object(receipts, "entered"), translation.override("en"):
        return load_world()


@pytest.fixture
def clock_of(world):
    """`clock_of("24h")` starts a clock about `ours` on Monday 2026-11-23 09:00, in the charge of East's accountant."""

    def _start(term="24h", *, clause="CMP-03", start="2026-11-23 09:00", subject=None, **values):
        values = {"branch": world.east, "responsible": world.accountant, "title": "投诉 17"} | values
        if values.get("department"):
            values["branch"] = None
        return clocks.start(subject or world.ours, clause, at=at(start), term=term, **values)

    return _start


@pytest.fixture
def now():
    """The row as it stands in the database."""
    return lambda clock: Clock.objects.get(pk=clock.pk)


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in the source language."""
    with translation.override("en"):
        yield
