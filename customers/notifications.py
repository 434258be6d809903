"""What customer records tell people."""

from django.utils.translation import gettext_lazy as _

from journal.kinds import Group, Kind, register

SCRAPING = "customers.scraping"

register(
    Kind(
        SCRAPING,
        _("%(name)s had more than %(number)s customer records shown within a minute and was stopped, %(stopped_at)s."),
        clause="SEC-06",
        important=True,
        group=Group.SYSTEM,
    )
)
