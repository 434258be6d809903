"""The names and addresses of this machine that people may type."""

import contextlib
import socket

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - as what to listen on


def in_address(host):
    return f"[{host}]" if ":" in host else host


def host_names(host):
    """What people may type to reach a server that listens on `host`: this machine's names, if it listens everywhere."""
    names = ["localhost", "127.0.0.1", "::1"]
    if host in EVERYWHERE:
        names += [socket.gethostname(), *own_addresses()]
    else:
        names.append(host)
    return list(dict.fromkeys(in_address(name.lower()) for name in names if name))


def own_addresses():
    """The addresses under which other machines see this one, as far as it knows itself."""
    found = set()
    with contextlib.suppress(OSError):
        found |= {entry[4][0].partition("%")[0] for entry in socket.getaddrinfo(socket.gethostname(), None)}
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # Asks the routing table only; nothing is sent. The addresses are those reserved for documentation.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            found.add(probe.getsockname()[0])
    return sorted(found)
