from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from .positions import days_held


class AbsenceQuerySet(models.QuerySet):
    def current(self, on):
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def not_over(self, on):
        return self.filter(ends_on__gte=on)

    def touching(self, starts_on, ends_on):
        """Which have a day in common with the days given."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)


@tracked()
class Absence(models.Model):
    """Days on which a person is away, both ends included, and who is told of clocks and news in the meantime.

    Read by the journal's outbox. Source: architecture, "Settled" (absence with deputy).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("person")
    )
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deputises", verbose_name=_("deputy")
    )
    note = models.CharField(_("note"), max_length=100, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"),
            models.CheckConstraint(condition=~Q(deputy=F("person")), name="absence_deputy_is_somebody_else"),
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (days_held(), RangeOperators.OVERLAPS)],
            ),
        ]
        ordering = ["starts_on", "id"]

    def __str__(self):
        return f"{self.person} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"
