import pytest


@pytest.fixture
def office(world, sign_in):
    """The browser of the system administrator, in English so that sentences can be read here."""
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client
