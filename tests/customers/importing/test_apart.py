"""A process of its own makes the next part while one is worked on."""

import os
import signal
from time import sleep

import pytest
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from customers.importing.apart import Gone, apart
from customers.importing.refusals import Refused

from .steps import ended


def test_the_items_come_in_order_and_in_the_language_of_the_caller():
    def made():
        for number in range(100):
            yield number, os.getpid(), gettext("remarks")

    for language in ("en", "zh-hans"):
        with translation.override(language):
            with apart(made()) as items:
                numbers, pids, words = zip(*items, strict=True)
            assert numbers == tuple(range(100))
            assert set(words) == {gettext("remarks")}
        assert len(set(pids)) == 1
        assert os.getpid() not in pids


def test_what_goes_wrong_is_raised_where_the_items_are_used():
    def made():
        yield 1
        raise Refused("encoding", line=7, encoding="UTF-8")

    with apart(made()) as items:
        assert next(items) == 1
        with pytest.raises(Refused) as refused:
            next(items)
    assert refused.value.code == "encoding"
    assert "7" in refused.value.sentence
    assert "made" in refused.value.__notes__[0], "the log tells where it came from"


def test_what_cannot_be_handed_over_is_a_failure():
    with apart(iter([lambda: None])) as items, pytest.raises(RuntimeError, match="cannot be handed over"):
        next(items)


def test_a_process_that_is_killed_does_not_look_like_the_end():
    def made():
        yield os.getpid()
        sleep(60)

    with apart(made()) as items:
        os.kill(next(items), signal.SIGKILL)
        with pytest.raises(Gone):
            next(items)


def test_it_begins_before_anybody_asks():
    here, there = os.pipe()

    def made():
        os.write(there, b"begun")
        yield 1

    with apart(made()) as items:
        assert os.read(here, 5) == b"begun"
        assert list(items) == [1]


def test_nobody_goes_on_when_the_items_are_no_longer_wanted():
    def made():
        while True:
            yield os.getpid()

    with apart(made()) as items:
        pid = next(items)
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_nobody_goes_on_when_the_process_that_asked_was_killed(monkeypatch):
    """It writes to nobody, which ends it where nothing else does."""
    monkeypatch.setattr("customers.importing.apart.end_with", lambda _parent: None)
    told, tell = os.pipe()

    def made():
        while True:
            yield os.getpid()

    asks = os.fork()
    if not asks:
        with apart(made()) as items:
            os.write(tell, str(next(items)).encode().ljust(20))
            sleep(60)
    pid = int(os.read(told, 20))
    os.kill(asks, signal.SIGKILL)
    os.waitpid(asks, 0)
    assert ended(pid)


def test_nobody_goes_on_who_writes_nothing_either():
    told, tell = os.pipe()

    def made():
        yield os.getpid()
        os.write(tell, b"busy")
        sleep(60)
        yield 2

    asks = os.fork()
    if not asks:
        with apart(made()) as items:
            os.write(tell, str(next(items)).encode().ljust(20))
            sleep(60)
    said = b""
    while len(said) < 24:
        said += os.read(told, 24)
    pid = int(said.replace(b"busy", b""))
    os.kill(asks, signal.SIGKILL)
    os.waitpid(asks, 0)
    assert ended(pid)


@pytest.mark.django_db
def test_the_connection_is_the_caller_s_alone():
    def made():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Exception as error:
            yield type(error).__name__

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        with apart(made()) as items:
            assert list(items) == ["OperationalError"]
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)
