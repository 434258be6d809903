"""The company as it is built: its name, its units, their opening hours, its departments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from .people import PHONE


class Channel(models.TextChoices):
    """Sales channels. Source: REC-03."""

    BRANCH = "branch", _("branch")
    ECOMMERCE = "ecommerce", _("e-commerce")
    DIRECT = "direct", _("direct sales")
    INTERNATIONAL = "international", _("international trade")


@tracked()
class Company(models.Model):
    """The company itself: exactly one row."""

    name = models.CharField(_("company name"), max_length=100)
    only = models.BooleanField(default=True, editable=False, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="company_one_row")]

    def __str__(self):
        return self.name


@tracked()
class Branch(models.Model):
    """A unit that customers belong to: a branch, or the one unit of a channel without shops."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.BRANCH)
    district = models.ForeignKey(
        "staff.District", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("district")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[PHONE])
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel"], condition=~Q(channel="branch"), name="one_unit_per_channel_without_shops"
            ),
            # Target of the composite foreign key by which a customer's channel is always its unit's channel.
            models.UniqueConstraint(fields=["id", "channel"], name="branch_with_channel"),
        ]
        ordering = ["id"]

    def __str__(self):
        return self.name


@tracked()
class OpeningPeriod(models.Model):
    """One stretch of opening on one weekday (0 = Monday); a lunch break makes two. Feeds clocks.md, kinds 2-4."""

    branch = models.ForeignKey(Branch, models.CASCADE, related_name="opening_periods")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_monday_to_sunday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="closes_after_opening"),
            models.UniqueConstraint(fields=["branch", "weekday", "opens"], name="opening_once"),
        ]
        ordering = ["branch", "weekday", "opens"]

    def __str__(self):
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


@tracked()
class Department(models.Model):
    """A headquarters department and its head."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("head")
    )

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name
