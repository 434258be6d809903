"""The real servers of one data folder, as the environment that Django reads. What is given is not started."""

import os
import shutil
import signal
import sys
import time
from contextlib import contextmanager

from .console import Problem, say
from .leftovers import sweep
from .postgres import Postgres
from .processes import launch, stop_all
from .valkey import Valkey

PATIENCE = 60  # seconds to wait for another command that is just starting or stopping the servers


class Servers:
    """Those of PostgreSQL and Valkey that DATABASE_URL and REDIS_URL do not replace, in the order of their start."""

    def __init__(self, data, *, durable=True):
        self.data = data
        self.embedded = []
        if not os.environ.get("DATABASE_URL"):
            self.embedded.append(Postgres(data, durable=durable))
        if not os.environ.get("REDIS_URL"):
            self.embedded.append(Valkey(data))

    def addresses(self):
        return {name: value for server in self.embedded for name, value in server.environment().items()}

    def start(self, run, idle):
        """Start all through `run(service)`; returns the children. Raises Problem."""
        return [server.start(run, idle) for server in self.embedded]

    def clear_away(self):
        """When all are stopped, leave nothing in the temporary folder. Only for the holder of the data."""
        for server in self.embedded:
            shutil.rmtree(server.sockets, ignore_errors=True)


def environment(data, addresses, **more):
    """The whole environment of a child: what was given, the servers' addresses, what the data remember."""
    base = dict(os.environ)
    base.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
    if not base.get("SECRET_KEY"):
        base["SECRET_KEY"] = data.secret_key()
    base["KEKE_DATA"] = str(data)
    base["PYTHONUTF8"] = "1"  # their lines are read as UTF-8, whatever the terminal speaks
    base["KEKE_DEMO"] = "1" if data.mode() == "demo" else "0"
    return base | addresses | more


@contextmanager
def at_hand(data, *, durable=True):
    """Yield the environment in which a command finds its servers: running ones, or its own for its duration."""
    servers = Servers(data, durable=durable)
    if not servers.embedded:
        data.prepare()
        yield environment(data, {})
        return
    data.prepare()
    if hold_or_join(data):
        with own(servers) as found:
            yield found
    else:
        try:
            yield environment(data, shared(data, servers))
        finally:
            data.leave()


def hold_or_join(data):
    """True when the data are now ours, False when we are a guest of running servers. Raises Problem."""
    deadline = time.monotonic() + PATIENCE
    while not data.lock():
        if data.running() and data.join():
            if data.running() and data.in_use():
                return False
            data.leave()
        if time.monotonic() > deadline:
            raise Problem(f"Another manage.py holds {data} without ever being ready: stop it, then start again.")
        time.sleep(0.1)
    take_over(data)
    return True


def take_over(data):
    """Called with the lock in hand: forget and clear away what a killed holder left."""
    sweep(data)
    data.withdraw()


@contextmanager
def own(servers):
    """Run the servers for the duration of one command; others that come meanwhile are guests, and are waited for."""
    data, children = servers.data, []

    def run(service):
        children.append(launch(service, log=data.root / f"{service.name}.log"))
        return children[-1]

    previous = signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    try:
        servers.start(run, time.sleep)
        data.announce(command=" ".join(sys.argv[1:2]), addresses=servers.addresses())
        yield environment(data, servers.addresses())
    finally:
        data.wait_for_guests(lambda: say("waiting for another command that uses the same servers"))
        data.withdraw()
        for child in reversed(children):
            stop_all([child])
        servers.clear_away()
        data.leave()
        data.unlock()
        signal.signal(signal.SIGTERM, previous)


def shared(data, servers):
    """The addresses of the servers that the holder of the data runs. Raises Problem if it lacks one we need."""
    found = data.running()["addresses"]
    needed = servers.addresses()
    missing = sorted({"DATABASE_URL", "REDIS_URL"} & (needed.keys() - found.keys()))
    if missing:
        raise Problem(f"The running Keke uses another {' and '.join(missing)}: set the same for this command.")
    return {name: found[name] for name in needed}
