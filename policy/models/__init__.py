from ..stamps import Stamp
from .calendar import CalendarDay, CalendarYear
from .clauses import Clause
from .clocks import Clock, DailyDuty
from .handbook import HandbookConfirmation
from .rules import RuleValue

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "Clause",
    "Clock",
    "DailyDuty",
    "HandbookConfirmation",
    "RuleValue",
    "Stamp",
]
