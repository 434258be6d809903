from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.history import tracked

from ..stamps import stamped


@tracked()
class CalendarDay(models.Model):
    """What is special about a day: off, or worked although it is a weekend. Source: clocks.md."""

    class Origin(models.TextChoices):
        OFFICIAL = "official", _("official")
        OWN = "own", _("our own")

    date = models.DateField(_("date"))
    branch = models.ForeignKey(
        "staff.Branch", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    works = models.BooleanField(_("worked"))
    name = models.CharField(_("name"), max_length=60)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["date", "branch", "origin"], nulls_distinct=False, name="calendar_day_once"
            ),
            models.CheckConstraint(
                condition=Q(origin="own") | Q(branch__isnull=True), name="official_days_are_everybodys"
            ),
        ]
        ordering = ["date", "branch"]
        triggers = [stamped("calendar")]

    def __str__(self):
        return f"{self.date} {self.name}"


@tracked()
class CalendarYear(models.Model):
    """A year whose official days are known for certain. Until confirmed its official rows do not count."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    # By which the years that we ship were announced.
    notice = models.CharField(pgettext_lazy("calendar", "notice"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | (Q(confirmed_at__isnull=False) & (Q(confirmed_by__isnull=False) | ~Q(notice=""))),
                name="calendar_confirmed_by_somebody",
            )
        ]
        ordering = ["year"]
        triggers = [stamped("calendar")]

    def __str__(self):
        return str(self.year)
