"""How Keke runs: `python3 manage.py up`, `test`, and every other command on embedded servers.

No module here imports Django. `bootstrap`, `console`, `data` and `cli` need nothing but the standard library,
because they run before the virtual environment exists.
"""
