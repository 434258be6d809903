import pytest

from customers.importing import files, reading
from customers.importing.layout import tables


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
