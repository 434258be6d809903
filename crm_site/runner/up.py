"""`manage.py up`: everything Keke needs, started, watched and stopped by one command."""

import argparse
import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path

from . import database
from .console import Problem, disk_full, say
from .data import ROOT, DataFolder
from .hosts import EVERYWHERE, host_names, in_address
from .leftovers import sweep
from .processes import Service
from .servers import Servers, environment, take_over
from .supervisor import Stop, Supervisor

READY_WITHIN = 90  # seconds for the web server to answer once it is started
WORKERS = 2
NOTE = "» "  # begins a line of `manage.py prepare` that is worth repeating at the end: how to sign in
GIVE_UP = 4  # deaths in a row before the first answer


def parse(arguments):
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start Keke with everything it needs.")
    parser.add_argument("--port", type=int, default=8000, help="port of the web server (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--data", type=Path, help="data folder (default: KEKE_DATA, else var/ beside manage.py)")
    demo = parser.add_mutually_exclusive_group()
    demo.add_argument("--demo", action="store_true", help="with the demo company (what the first start does anyway)")
    demo.add_argument("--no-demo", action="store_true", help="start empty; prints a link for the first administrator")
    return parser.parse_args(arguments)


def check(options):
    """What must be right before anything slow is done. Standard library only. Raises Problem."""
    data = DataFolder(options.data)
    if data.in_use():
        raise busy(data)
    sweep(data)
    check_port(options.host, options.port)


def busy(data):
    running = data.running() or {}
    where = f", {running['url']}" if "url" in running else ""
    return Problem(
        f"These data ({data}) are in use by another manage.py {running.get('command', '')} (process "
        f"{running.get('pid', 'unknown')}{where}): stop it first, or choose another folder with --data DIR."
    )


def check_port(host, port):
    if not 0 < port < 65536:
        raise Problem(f"{port} is no port number: choose one from 1024 to 65535 with --port.")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as error:
        raise Problem(f"Port {port} is reserved for the administrator: choose one above 1023 with --port.") from error
    except socket.gaierror as error:
        raise Problem(f"{host} is no address of this machine: choose another with --host.") from error
    except OSError as error:
        raise Problem(
            f"Port {port} of {host} is taken by another program: stop that one, or choose another port with "
            f"--port {port + 1}."
        ) from error


def choose_mode(data, options):
    """Demo or plain is decided at the first start; real data and demo data never mix. Raises Problem."""
    mode = data.mode()
    if mode is None:
        mode = "plain" if options.no_demo else "demo"
        data.remember_mode(mode)
    elif mode == "demo" and options.no_demo:
        raise Problem(f"{data} holds the demo company: start without it on an empty folder with --no-demo --data DIR.")
    elif mode == "plain" and options.demo:
        raise Problem(f"{data} was started without the demo company: start the demo on another folder with --data DIR.")
    elif mode == "plain" and not options.no_demo:
        say("these data were started without the demo company and stay so")
    return mode


def run(options):
    """Run until somebody asks to stop. Returns the exit code; raises Problem."""
    started = time.monotonic()
    data = DataFolder(options.data)
    data.prepare()
    if not data.lock(patience=1):
        raise busy(data)
    take_over(data)
    servers, supervisor = Servers(data), Supervisor()
    supervisor.heed_signals()
    try:
        bring_up(supervisor, servers, options, started)
        while True:
            supervisor.watch()
    except Stop:
        say("stopping")
    except BrokenPipeError:  # nobody reads our lines any more
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    finally:
        supervisor.stop(["beat", "worker", "web", "set-up"], ["valkey"], ["postgres"])
        servers.clear_away()
        data.withdraw()
        data.unlock()
    say("stopped")
    return 0


def bring_up(supervisor, servers, options, started):
    data = servers.data
    mode = choose_mode(data, options)
    servers.start(supervisor.start, supervisor.idle)
    if os.environ.get("DATABASE_URL"):
        database.assert_reads_chinese(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"])
    url = address(options)
    around = surroundings(data, servers.addresses(), options)
    data.announce(command="up", url=url, addresses=servers.addresses())
    notes = set_up(supervisor, data, around, mode)
    for service in applications(data, options, around):
        supervisor.start(service)
    data.announce(command="up", url=url, addresses=servers.addresses(),
                  groups=[child.process.pid for child in supervisor.children.values()])  # fmt: skip
    wait_until_ready(supervisor, options)
    say(f"ready in {time.monotonic() - started:.1f} s: {' · '.join([url, *notes])}")


def surroundings(data, addresses, options):
    """The environment of all that `up` starts: it answers to the names of where it listens, unless told others."""
    hosts = os.environ.get("ALLOWED_HOSTS") or ",".join(host_names(options.host))
    site = os.environ.get("SITE_URL") or address(options)
    return environment(data, addresses, SITE_URL=site, ALLOWED_HOSTS=hosts)


def set_up(supervisor, data, around, mode):
    """Migrations, reference data, demo, translations, static files: one process. Returns what to tell at the end."""
    lines = []

    def heard(line):
        lines.append(line)
        if not line.startswith(NOTE):
            say(line, "set-up")

    flag = "--demo" if mode == "demo" else "--no-demo"
    command = [sys.executable, ROOT / "manage.py", "prepare", flag]
    if supervisor.run_to_end(Service("set-up", command, around), heard):
        if any("No space left" in line for line in lines):
            raise disk_full(data)
        raise Problem("The set-up did not finish: mend what its last line above says, then start again.")
    return [line.removeprefix(NOTE) for line in lines if line.startswith(NOTE)]


def applications(data, options, around):
    """The three programs of Keke, started as in production."""
    # Root is what a container starts as; Celery's warning about it would be the loudest thing on the screen.
    python = [sys.executable, "-W", "ignore:You're running the worker", "-m"]
    celery = [*python, "celery", "-A", "crm_site", "--quiet"]
    web = [*python, "granian", "--interface", "wsgi", "--host", options.host, "--port", options.port,
           "--workers", WORKERS, "--blocking-threads", 1, "--workers-kill-timeout", 3, "--respawn-failed-workers",
           "--log-level", "warning", "crm_site.wsgi:application"]  # fmt: skip
    worker = [*celery, "worker", "--pool", "prefork", "--concurrency", WORKERS, "--loglevel", "INFO",
              "--without-mingle", "--without-gossip"]  # fmt: skip
    beat = [*celery, "beat", "--schedule", data.root / "beat-schedule", "--pidfile", "", "--loglevel", "INFO"]
    return [
        Service("web", web, around, grace=3.5),
        # Asked in haste, a worker gives its tasks back to the queue. Without us and the broker it hears nothing.
        Service("worker", worker, around, grace=3.5, hurry=signal.SIGQUIT, orphaned=signal.SIGKILL),
        Service("beat", beat, around, grace=3.5),
    ]


def address(options):
    host = "127.0.0.1" if options.host in EVERYWHERE else options.host
    return f"http://{in_address(host)}:{options.port}"


def wait_until_ready(supervisor, options):
    deadline = time.monotonic() + READY_WITHIN
    while not is_healthy(options):
        supervisor.watch()
        if supervisor.failures("web") >= GIVE_UP or time.monotonic() > deadline:
            raise Problem("The web server does not come up: its last lines above say why.")


def is_healthy(options):
    host = address(options).split("//")[1].rpartition(":")[0].strip("[]")
    connection = http.client.HTTPConnection(host, options.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
