from datetime import UTC, datetime

import pytest

from journal import kinds
from tests.journal.stand_in import StandIn

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Wednesday


@pytest.fixture
def stand_in(settings):
    server = StandIn()
    settings.ROBOT_HOSTS = [server.origin]
    settings.SMS_GATEWAY_URL = f"{server.origin}/sms"
    yield server
    server.close()


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    """Three kinds: a plain one, an important one, and an important one for groups."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(
        kinds.Kind("test.plain", "%(customer)s waits"),
        kinds.Kind("test.important", "%(customer)s is due at %(due_at)s", important=True),
        kinds.Kind("test.group", "%(customer)s is overdue", important=True, to_group=True),
    )


@pytest.fixture
def mail_on(settings):
    settings.EMAIL_ENABLED = True


@pytest.fixture
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk(world, sign_in):
    def _desk(person):
        client = sign_in(person)
        client.cookies["language"] = "en"
        return client

    return _desk
