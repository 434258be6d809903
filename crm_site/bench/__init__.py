"""Figures that Keke promises, measured: `manage.py bench [NAME...] [--json]`.

A figure is a function decorated with `figure`; its module is named in MODULES. It measures on data of its own, never on
the user's, and returns Measured: the value, and the floor to which it is compared. What is judged is their ratio, so
that the same limit holds on every machine.
"""

from dataclasses import dataclass
from importlib import import_module

MODULES = ["clocks", "outbox", "export"]
FIGURES = {}


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


def figure(name, *, unit, limit):
    """Register a function that takes `say` (a function for progress lines) and returns Measured."""

    def decorate(measure):
        FIGURES[name] = Figure(name, unit, limit, measure, (measure.__doc__ or name).strip().splitlines()[0])
        return measure

    return decorate


def all_figures():
    for module in MODULES:
        import_module(f"{__name__}.{module}")
    return FIGURES
