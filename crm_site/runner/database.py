"""The few statements the runner itself sends to a database: is it there, are its roles, does it read Chinese."""

import re

from .console import Problem

ROLES = {"keke_owner": "CREATEDB", "keke_app": ""}  # the owner makes the tests' databases
NOT_YET = re.compile("starting up|not yet accepting|recovery mode|shutting down")
CHINESE = (
    "The database does not see Chinese letters (its locale is too old-fashioned): create it anew with "
    "ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8' TEMPLATE template0."
)


class Trouble(Exception):
    """The server answers, but its data are not usable; the text is the server's reason."""


def connect(url, **options):
    """psycopg is imported only here: the first seconds of the runner happen before it is installed."""
    import psycopg

    return psycopg.connect(url, connect_timeout=10, **options)


def answers(url):
    """Is the server ready? False while it is starting; raises Trouble if it answers that it never will be."""
    import psycopg

    try:
        connect(url).close()
    except psycopg.OperationalError as error:
        if "FATAL" in str(error) and not NOT_YET.search(str(error)):
            raise Trouble(reason_of(error)) from error
        return False
    return True


def settle(maintenance_url, url):
    """Everything that a fresh or restarted embedded server must have. Raises Trouble if its data do not allow it."""
    import psycopg

    try:
        make_roles(maintenance_url)
        assert_reads_chinese(url)
    except psycopg.Error as error:
        raise Trouble(reason_of(error)) from error


def reason_of(error):
    """The server's own last words, without the address that psycopg puts in front (it may hold a password)."""
    return str(error).strip().splitlines()[-1].rpartition("FATAL:")[2].strip()


def make_roles(maintenance_url):
    """The two roles and the database, if they are not there: keke_owner owns and migrates, keke_app works in it."""
    with connect(maintenance_url, autocommit=True) as connection:
        present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ROLES.items():
            if role not in present:
                connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER {rights}")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'keke'").fetchone():
            connection.execute("CREATE DATABASE keke OWNER keke_owner")
        connection.execute("REVOKE ALL ON DATABASE keke FROM PUBLIC")
        connection.execute("REVOKE TEMPORARY ON DATABASE keke FROM keke_app")  # see journal/privileges.py
        connection.execute("GRANT CONNECT ON DATABASE keke TO keke_app")


def assert_reads_chinese(url):
    """With some locales pg_trgm sees no Chinese at all and every search comes out empty. Raises Problem."""
    import psycopg

    try:
        with connect(url) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            (grams,) = connection.execute("SELECT show_trgm('华为')").fetchone()
            connection.rollback()  # the migrations create it for good
    except psycopg.OperationalError as error:
        raise Problem(
            f"The database of DATABASE_URL does not answer ({reason_of(error)}): start it, or correct the address."
        ) from error
    except psycopg.Error as error:
        raise Problem(
            "The database lacks the extension pg_trgm: have its administrator run CREATE EXTENSION pg_trgm in it."
        ) from error
    if not grams:
        raise Problem(CHINESE)
