"""The working calendar: which days are worked, when a unit is open, and when a term ends. Source: clocks.md."""

from .days import Calendar, current, shipped
from .hours import DEFAULT_HOURS, SHANGHAI, Unit, units
from .terms import ended

__all__ = ["DEFAULT_HOURS", "SHANGHAI", "Calendar", "Unit", "current", "ended", "shipped", "units"]
