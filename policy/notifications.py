"""What clocks and the calendar tell people."""

from django.utils.translation import gettext_lazy as _

from journal.kinds import Group, Kind, register

# By level of the clock; `tick` writes the rows. Warnings are for the person in charge; breaches also reach the group.
CLOCK_KINDS = (
    "policy.clock_half",
    "policy.clock_soon",
    "policy.clock_breached",
    "policy.clock_far_over",
    "policy.clock_twice_over",
)
CALENDAR = "policy.calendar_unconfirmed"

register(
    Kind(CLOCK_KINDS[0], _("Half of the time is gone: %(title)s, due %(due_at)s")),
    Kind(CLOCK_KINDS[1], _("Time is running out: %(title)s, due %(due_at)s"), important=True),
    Kind(
        CLOCK_KINDS[2],
        _("Not done in time: %(title)s, due %(due_at)s, in charge: %(name)s"),
        important=True,
        to_group=True,
    ),
    Kind(
        CLOCK_KINDS[3],
        _("Still not done after one and a half times the term: %(title)s, due %(due_at)s, in charge: %(name)s"),
        important=True,
        to_group=True,
    ),
    Kind(
        CLOCK_KINDS[4],
        _("Still not done after twice the term: %(title)s, due %(due_at)s, in charge: %(name)s"),
        important=True,
        to_group=True,
    ),
    Kind(
        CALENDAR,
        _("The calendar of %(year)s is not confirmed: load the official days off and make-up days"),
        clause="AUD-16",
        important=True,
        group=Group.SYSTEM,
    ),
)
