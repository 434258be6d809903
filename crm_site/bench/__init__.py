"""Figures that Keke promises, measured: `manage.py bench [NAME...] [--customers N] [--json]`.

A figure is a function decorated with `figure`; its module is named in MODULES. It measures on data of its own, never on
the user's, and returns Measured: the value, and the floor to which it is compared. What is judged is their ratio, so
that the same limit holds on every machine.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module

MODULES = ["clocks", "outbox", "pages", "growth", "populating", "export", "importing"]
FIGURES = {}
CUSTOMERS = 1_000_000  # of the book on which pages are measured
until_the_end = ExitStack()  # what figures share and the command closes: servers of kept data


@dataclass(frozen=True)
class Measured:
    """`value` and `floor` in the same unit; `note` says what else was seen."""

    value: float
    floor: float
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """One promise: the ratio of value to floor stays at or below the limit."""

    name: str
    unit: str
    limit: float
    measure: object
    title: str
    of_customers: bool = False

    def taken(self, *, say, customers):
        """Measure it; `customers` is the size of the book, for figures that have one."""
        return self.measure(say=say, customers=customers) if self.of_customers else self.measure(say=say)


def figure(name, *, unit, limit, of_customers=False):
    """Register a function that takes `say` (a function for progress lines), with `of_customers` also the number of
    `customers` to measure on, and returns Measured."""

    def decorate(measure):
        title = (measure.__doc__ or name).strip().splitlines()[0]
        FIGURES[name] = Figure(name, unit, limit, measure, title, of_customers)
        return measure

    return decorate


def all_figures():
    for module in MODULES:
        import_module(f"{__name__}.{module}")
    return FIGURES
