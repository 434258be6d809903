"""One JSON request to a host that is on the list, and nothing else: no redirect, no proxy of the environment, bounded
in time and size. What failed before the request left and what failed after are told apart. Source: reliability §4.
"""

import http.client
import json
import socket
import ssl
import threading
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

TIMEOUT = 10  # seconds for each step
WHOLE = 20  # seconds for everything: an answer that drips does not hold a worker
LARGEST = 64 * 1024  # bytes of an answer


class NotAllowed(Exception):
    """The address is not on the list of hosts."""


class NotReached(Exception):
    """No connection: nothing was sent."""


class NoAnswer(Exception):
    """Sent, wholly or in part, and no understandable answer came."""


def origin(url):
    """ "https://host" or "https://host:port" of an address, in the form in which hosts are listed.

    Raises NotAllowed for what no robot's address looks like: a user name in front of the host, odd characters.
    """
    if not url.isascii() or any(sign.isspace() or not sign.isprintable() or sign in "\\@#" for sign in url):
        raise NotAllowed(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed(url) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotAllowed(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")


def check(url, allowed):
    """Raises NotAllowed unless the address belongs to one of the allowed origins."""
    if origin(url) not in allowed:
        raise NotAllowed(url)


def post_json(url, payload, *, allowed, headers=None):
    """(status, answer as a dict) of one POST. Raises NotAllowed, NotReached or NoAnswer."""
    check(url, allowed)
    parts = urlsplit(url)
    body = json.dumps(payload, ensure_ascii=False).encode()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        try:
            line.connect()
        except OSError as error:
            words = {"host": parts.hostname, "why": error.strerror or error}
            raise NotReached(
                _("No connection to %(host)s: check the network and the address (%(why)s).") % words
            ) from error
        return _ask(line, path, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})
    finally:
        line.close()


def _ask(line, path, body, headers):
    cut = threading.Timer(WHOLE, _cut, [line.sock])
    cut.daemon = True
    cut.start()
    try:
        line.request("POST", path, body, headers)
        response = line.getresponse()
        text = response.read(LARGEST)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error
    finally:
        cut.cancel()
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    return response.status, answer if isinstance(answer, dict) else {}


def _cut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already
