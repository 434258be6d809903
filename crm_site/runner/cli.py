"""What `manage.py` does with its arguments."""

import os
import sys

from . import bootstrap
from .console import Problem, keep_stdout_for_answers, write

OWN_HELP = """Keke's own commands (each with --help):
    up      start everything: database, queue, web, worker, timetable
    test    check everything, on real servers

"""

# These need no database, so nothing is started for them.
WITHOUT_SERVERS = {
    "help", "version", "check", "check_translations", "collectstatic", "compile_translations", "compilemessages",
    "diffsettings", "findstatic", "makemessages", "startapp",
}  # fmt: skip


def main():
    """Run the command line; exits with its code. A Problem becomes one sentence on standard error."""
    command, arguments = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal without Chinese shows question marks and goes on
    try:
        sys.exit({"up": up, "test": test}.get(command, django)(arguments))
    except Problem as problem:
        sys.stdout.flush()
        sys.stderr.write(f"{problem}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def up(arguments):
    from . import up as this

    options = this.parse(arguments)
    this.check(options)
    bootstrap.ensure(bootstrap.RUN_LOCK)
    return this.run(options)


def test(arguments):
    from . import checks, clauses

    options = checks.parse(arguments)
    if options.clauses:
        return clauses.report()
    bootstrap.ensure(bootstrap.TEST_LOCK)
    return checks.run(options)


def django(arguments):
    """Any other command, in this process, with its servers at hand."""
    keep_stdout_for_answers()
    bootstrap.ensure(bootstrap.RUN_LOCK)
    command = (sys.argv[1:2] or ["help"])[0]
    if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        write(OWN_HELP)
    if needs_servers(command, arguments):
        from .data import DataFolder
        from .servers import at_hand

        with at_hand(DataFolder()) as environment:
            os.environ.update(environment)
            execute()
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
        execute()
    return 0


def needs_servers(command, arguments):
    return not (command.startswith("-") or command in WITHOUT_SERVERS or {"-h", "--help"} & set(arguments))


def execute():
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
