#!/usr/bin/env python3
"""Everything starts here: `python3 manage.py up` runs Keke, `python3 manage.py test` checks it.

Needs nothing but Python 3.11 or newer: the rest is installed into .venv on the first start.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - it is also started with older ones
    sys.exit("Keke needs Python 3.11 or newer, this one is older: start it with python3.11 or newer.")
if sys.platform == "win32":
    sys.exit("Keke runs on Linux and macOS: on Windows, start it inside WSL.")

if __name__ == "__main__":
    from crm_site.runner.cli import main

    main()
