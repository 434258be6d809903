"""The kinds of notification that the journal itself sends."""

from django.utils.translation import gettext_lazy as _

from .kinds import Group, Kind, register

NOTICE = "journal.notice"
EXPORT_DONE = "journal.export_done"
EXPORT_FAILED = "journal.export_failed"

register(
    Kind(NOTICE, _("Notice: %(title)s"), clause="GEN-04", group=Group.NEWS),
    Kind(
        EXPORT_DONE,
        _("Your export is ready: %(file)s, rows: %(rows)s. It is kept until %(until_at)s."),
        clause="GEN-03",
        group=Group.SYSTEM,
    ),
    Kind(
        EXPORT_FAILED,
        _("Your export of %(asked_at)s could not be written. “My exports” says why."),
        clause="GEN-03",
        group=Group.SYSTEM,
    ),
)
