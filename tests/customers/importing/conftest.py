import pytest
import time_machine

from customers.importing import files, reading
from customers.importing.layout import tables
from tests.policy.clocktime import at


@pytest.fixture
def laid_out():
    """[(table, its rows)] of a file."""

    def read(path, *, header_rows=None, **chosen):
        batches = reading.read(files.examine(path, **chosen))
        return [(table, list(table)) for table in tables(batches, header_rows=header_rows)]

    return read


@pytest.fixture
def by(world):
    return world.administrator


@pytest.fixture
def at_month_end():
    """The day of the tests of sales, which are of this month and earlier ones."""
    with time_machine.travel(at("2026-11-26 10:00"), tick=False):
        yield
