"""A thread makes the next part while one is worked on."""

import threading
from contextlib import closing

import pytest
from django.utils import translation
from django.utils.translation import gettext

from customers.importing.ahead import ahead


def test_the_items_come_in_order_and_in_the_language_of_the_caller():
    def made():
        for number in range(100):
            yield number, gettext("remarks")

    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert list(ahead(made())) == [(number, gettext("remarks")) for number in range(100)]


def test_what_goes_wrong_is_raised_where_the_items_are_used():
    def made():
        yield 1
        raise OSError("no more")

    threads = threading.active_count()
    with pytest.raises(OSError, match="no more"):
        list(ahead(made()))
    assert threading.active_count() == threads
    items = ahead(made())
    assert next(items) == 1
    with pytest.raises(OSError, match="no more"):
        next(items)


def test_nobody_goes_on_when_the_items_are_no_longer_wanted():
    closed, number = threading.Event(), 0

    def made():
        nonlocal number
        try:
            while True:
                number += 1
                yield number
        finally:
            closed.set()

    threads = threading.active_count()
    with closing(ahead(made(), most=3)) as items:
        assert next(items) == 1
    assert closed.wait(5)
    assert threading.active_count() == threads
    assert number <= 6, "no more than so many ahead"
