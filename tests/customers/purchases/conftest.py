import pytest
import time_machine

from tests.customers.purchases.rows import NOW, go_live
from tests.policy.clocktime import at


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at(NOW), tick=False):
        yield


@pytest.fixture
def live(world):
    return go_live(world)
