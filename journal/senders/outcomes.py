"""What became of one attempt to send."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Sent:
    """The other side said that it has it."""


@dataclass(frozen=True)
class NotSent:
    """It certainly did not leave: try again. `wait` instead of the usual back-off; a try that does not `count` (the
    other side is busy) does not use up the limit. `line_down`: others of the same way need not try just now."""

    reason: str
    wait: timedelta | None = None
    counts: bool = True
    line_down: bool = False


@dataclass(frozen=True)
class Refused:
    """The other side will not take this one, however often it is tried."""

    reason: str


@dataclass(frozen=True)
class PossiblySent:
    """The line broke after it may have been taken. Never sent again without a person's decision."""

    reason: str


@dataclass(frozen=True)
class Withheld:
    """We ourselves did not send it: the recipient has not agreed (any more)."""

    reason: str


Outcome = Sent | NotSent | Refused | PossiblySent | Withheld
