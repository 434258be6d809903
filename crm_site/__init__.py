"""Settings, addresses, background schedule, home page and the runner.

Imports nothing: `manage.py` enters this package before anything is installed.
"""
