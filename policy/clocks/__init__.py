"""Deadlines: one engine for every duty of the product that has a due time. Source: clocks.md.

    clocks.start(complaint, "CMP-02", at=at, rule=FIRST_CONTACT, branch=branch, responsible=person,
                 title=str(complaint), url_name="complaints:complaint")
    clocks.meet(complaint, "CMP-02", at=at, by=person)

Every function is part of the caller's transaction and is told the time; `tick` is called every minute.
"""

from .changes import change_grade, close, pause, reassign, resume, waive
from .daily import end_daily, meet_daily, start_daily
from .recount import Recounted, recount
from .start import Start, meet, meet_many, start, start_many
from .ticking import tick

__all__ = [
    "Recounted",
    "Start",
    "change_grade",
    "close",
    "end_daily",
    "meet",
    "meet_daily",
    "meet_many",
    "pause",
    "reassign",
    "recount",
    "resume",
    "start",
    "start_daily",
    "start_many",
    "tick",
    "waive",
]
