"""Small tables kept in the memory of a process: parameters and the calendar are read far more often than changed.

A trigger gives a table's stamp a new value with each change, so a process sees a change by whomever, raw SQL included.
Inside a web request the stamp is asked for once, elsewhere each time: a request sees one state from start to end.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pgtrigger
from django.db import models

from staff.once import forget, once


class Stamp(models.Model):
    """The state of one group of tables: equal stamps, equal rows."""

    name = models.CharField(primary_key=True, max_length=20)
    value = models.UUIDField()

    def __str__(self):
        return self.name


def stamped(name):
    """Trigger for each model of the group."""
    return pgtrigger.Trigger(
        name="stamp",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"PERFORM policy_stamp_anew('{name}'); RETURN NULL;",
    )


ASKED = "policy.stamps"


def changed():
    """Called by whoever has just changed rows and goes on reading in the same request."""
    forget(ASKED)


@dataclass
class Kept:
    """What `load()` makes of a group of tables, made again when their stamp has changed."""

    name: str
    load: Callable
    _kept: tuple = field(default=(None, None), repr=False)

    def get(self):
        stamp = self._stamp()
        known, value = self._kept
        if known != stamp:
            value = self.load()
            self._kept = (stamp, value)
        return value

    def _stamp(self):
        stamps = once(ASKED, lambda: dict(Stamp.objects.values_list("name", "value")))
        # Without a stamp nothing was ever written, which is a state like any other.
        return stamps.get(self.name, "empty")
