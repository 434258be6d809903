import logging

import pytest


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Hundreds of refusals are asked for."""
    for name in ("django.request", "django.security.csrf"):
        caplog.set_level(logging.CRITICAL, logger=name)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where files lie for the probes of this module."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _own_disk(settings, place):
    settings.MEDIA_ROOT = place
