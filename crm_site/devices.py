"""Browsers in which an account has been signed in before: a signed cookie that gives its owner a way in of their own,
so that nobody's wrong passwords elsewhere keep them out. It opens nothing by itself. Source: SEC-02.
"""

import secrets

from django.conf import settings
from django.core import signing

MAX_AGE = 180 * 24 * 3600  # seconds
PEOPLE = 20  # a shared computer knows so many, the latest ones
SALT = "crm_site.devices"


def _cookie():
    return "__Host-device" if settings.HTTPS else "device"


def _read(request):
    try:
        value = signing.loads(request.COOKIES.get(_cookie(), ""), salt=SALT, max_age=MAX_AGE)
        return value["id"], [int(pk) for pk in value["people"]]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None, []


def known_to(request, person):
    """Id of the browser if the person has been signed in there before, else None. `person` may be None."""
    device, people = _read(request)
    return device if person is not None and person.pk in people else None


def remember(request, response, person):
    """Let the browser know the person from now on."""
    device, people = _read(request)
    people = [person.pk, *(pk for pk in people if pk != person.pk)][:PEOPLE]
    value = signing.dumps({"id": device or secrets.token_urlsafe(9), "people": people}, salt=SALT)
    response.set_cookie(_cookie(), value, max_age=MAX_AGE, secure=settings.HTTPS, httponly=True, samesite="Lax")
