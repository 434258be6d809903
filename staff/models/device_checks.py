from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..history import tracked


def quarter_of(day):
    """First day of the quarter that a day belongs to."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


@tracked()
class DeviceCheck(models.Model):
    """Once a quarter a person confirms that the own devices used for work are kept safe. Source: SEC-09."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="device_checks", verbose_name=_("person"), db_index=False
    )
    quarter = models.DateField(_("quarter"))  # its first day
    at = models.DateTimeField(_("confirmed at"))

    class Meta:
        verbose_name = _("device check")
        constraints = [
            models.UniqueConstraint(fields=["person", "quarter"], name="device_check_once_a_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__month__in=(1, 4, 7, 10), quarter__day=1), name="device_check_quarter"
            ),
        ]

    def __str__(self):
        return quarter_name(self.quarter)


def quarter_name(quarter):
    """2026 Q4."""
    return f"{quarter.year} Q{(quarter.month + 2) // 3}"
