"""From where somebody came, as the access log remembers it."""

import pytest
from django.utils import timezone

from journal.actions import record
from journal.models import AccessLog

pytestmark = pytest.mark.clause("SEC-06")


def logged(rf, **headers):
    record(AccessLog.Action.SIGN_IN, at=timezone.now(), request=rf.get("/", **headers))
    return AccessLog.objects.latest("pk").address


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::9"])
def test_without_a_proxy_it_is_the_address_of_the_connection(address, rf, db):
    assert logged(rf, REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="198.51.100.7") == address


@pytest.mark.parametrize("nonsense", ["unknown", "203.0.113.9, 'or 1=1", "a" * 300, ""])
def test_what_is_no_address_is_not_logged_as_one(nonsense, rf, db):
    assert logged(rf, REMOTE_ADDR=nonsense) is None


def test_the_zone_of_an_address_is_left_out(rf, db):
    assert logged(rf, REMOTE_ADDR="fe80::1%eth0") == "fe80::1"
