"""The robots of staff groups, kept by administrators. Source: GEN-02."""

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from staff import refusals

from .models import GroupRobot
from .senders import robots as sender


@transaction.atomic
def save(robot=None, *, by, **fields):
    """Add a robot or change one."""
    robot = robot or GroupRobot()
    for name, value in fields.items():
        setattr(robot, name, value)
    with (
        pghistory.context(person=by.pk),
        refusals.in_words({"robot_once": ("webhook", _("This robot is in the list already."))}),
    ):
        robot.save()
    return robot


def test(robot):
    """Post a line in the group and return the Outcome. Sent at once and only once: whoever asks is looking."""
    return sender.send(robot, _("Keke: this group gets news of %(unit)s.") % {"unit": robot.branch or robot.department})
