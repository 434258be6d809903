"""From which address a request comes. What clients say of themselves is not believed. Source: reliability.md 33."""

from ipaddress import ip_address

from django.conf import settings


def client_address(get_response):
    """Behind our own proxy, REMOTE_ADDR becomes the address the proxy saw: the last one it wrote.

    Everything before it in X-Forwarded-For is what the client sent. Without BEHIND_PROXY the header is not read.
    """

    def middleware(request):
        if settings.BEHIND_PROXY:
            last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            if address := _address(last):
                request.META["REMOTE_ADDR"] = str(address)
        return get_response(request)

    return middleware


def of(request):
    """The address of a request for a column that takes one; None where there is none, as on a unix socket."""
    address = _address(request.META.get("REMOTE_ADDR") or "")
    return str(address) if address else None


def network(request):
    """What counts as one place: an IPv4 address, or the /64 that one IPv6 line is given."""
    address = _address(request.META.get("REMOTE_ADDR") or "")
    if address is None or address.version == 4:
        return str(address or "")
    return address.exploded[:19]


def _address(text):
    try:
        address = ip_address(text.split("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
