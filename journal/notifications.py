"""The kinds of notification that the journal itself sends."""

from django.utils.translation import gettext_lazy as _

from .kinds import Group, Kind, register

NOTICE = "journal.notice"

register(Kind(NOTICE, _("Notice: %(title)s"), clause="GEN-04", group=Group.NEWS))
