"""What a clock says: how far it is and how much time is left. The script on the page says the same from the same texts.

Up to an hour in minutes, up to six in hours, then today, tomorrow, or the date. Source: ui.md ("Clock").
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID_IN_HOURS, OVER_IN_HOURS = 6 * HOUR, 48 * HOUR

# %(n)s is a number, %(time)s a time of the day, %(day)s a date.
TEXTS = {
    "minutes": _("%(n)s min left"),
    "hours": _("%(n)s h left"),
    "today": _("by %(time)s today"),
    "tomorrow": _("by %(time)s tomorrow"),
    "later": _("by %(time)s on %(day)s"),
    "over_minutes": _("%(n)s min over"),
    "over_hours": _("%(n)s h over"),
    "over_days": _("%(n)s d over"),
}
ENDED = {
    "paused": _("paused"),
    "met": _("done in time"),
    "late": _("done late"),
    "waived": _("waived"),
    "over": _("ended undone"),
}
MARKS = {"met": "check", "late": "check", "waived": "flag", "over": "x", "paused": "pinned"}


@dataclass(frozen=True)
class Face:
    """`look`: calm, half, soon or breached while it counts, else the state. `share`: of the term gone, 0 to 100."""

    look: str
    share: int
    words: str
    counts: bool
    mark: str = ""


def face(clock, at):
    """How a clock looks at an instant."""
    state = clock.state
    if state not in ("running", "breached"):
        return Face(state, 100, str(ENDED[state]), False, MARKS[state])
    gone = share(clock, at)
    look = "breached" if at > clock.due_at else "soon" if gone >= 80 else "half" if gone >= 50 else "calm"
    return Face(look, min(gone, 100), left(clock.due_at, at), True)


def share(clock, at):
    """Per cent of the term that are gone."""
    span = clock.due_at - clock.counts_from
    return max(int(100 * (at - clock.counts_from) / span), 0) if span else 100


def left(due, at):
    """The time left, or over, in a few words."""
    if at > due:
        return _over(at - due)
    remaining = due - at
    if remaining < HOUR:
        return TEXTS["minutes"] % {"n": -(-remaining // timedelta(minutes=1))}
    if remaining < SAID_IN_HOURS:
        return TEXTS["hours"] % {"n": remaining // HOUR}
    local, today = timezone.localtime(due), timezone.localdate(at)
    names = {"time": f"{local:%H:%M}", "day": f"{local:%m-%d}"}
    if local.date() == today:
        return TEXTS["today"] % names
    return TEXTS["tomorrow" if local.date() == today + DAY else "later"] % names


def _over(time):
    if time < HOUR:
        return TEXTS["over_minutes"] % {"n": max(time // timedelta(minutes=1), 1)}
    if time < OVER_IN_HOURS:
        return TEXTS["over_hours"] % {"n": time // HOUR}
    return TEXTS["over_days"] % {"n": time // DAY}
