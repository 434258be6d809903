"""Fairs and other campaigns, and who was met or won there. Source: REC-11."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.history import tracked
from staff.verbs import Verb

from .customer import ChildQuerySet, Customer, Source


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, person, *, verb=Verb.CAMPAIGN_VIEW):
        """A campaign is the company's: whoever may see campaigns sees them all, and its members as far as the position
        reaches them."""
        return self if person.can(verb) else self.none()

    def open(self):
        return self.filter(closed_at__isnull=True)


@tracked()
class Campaign(models.Model):
    """A fair 展会 or another campaign: something with a name and days, from which customers come."""

    class Kind(models.TextChoices):
        FAIR = "fair", _("fair")
        MARKETING = "marketing", _("marketing campaign")
        OTHER = "other", pgettext_lazy("kind of campaign", "other")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.FAIR)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("entered at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )  # null: an import from the shell
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )  # fmt: skip

    objects = CampaignQuerySet.as_manager()
    history_hidden = ("created_at", "created_by")

    class Meta:
        verbose_name = _("campaign")
        indexes = [models.Index(fields=["-starts_on", "-id"], name="campaign_by_first_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="campaign_closed_by_somebody",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def source(self):
        """Where a customer comes from who is met here. Source: REC-02."""
        return Source.EXHIBITION if self.kind == self.Kind.FAIR else Source.CAMPAIGN


class EntryQuerySet(ChildQuerySet):
    def numbers(self):
        """{campaign id: (members, new ones among them)}."""
        counted = self.values("campaign").annotate(all=Count("pk"), new=Count("pk", filter=Q(was_new=True)))
        return {row["campaign"]: (row["all"], row["new"]) for row in counted.order_by()}


@tracked(exclude=["submission"])
class CampaignEntry(models.Model):
    """A customer is a member of a campaign, once, whether it came by it (`was_new`) or was there before."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="entries", verbose_name=_("campaign"))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="campaign_entries")
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )  # fmt: skip  # null: an import whose file names nobody
    card_text = models.CharField(_("as the card says"), max_length=300, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    was_new = models.BooleanField(_("new by it"))
    # Of the row of a grid that made this customer: sent again, it is found by it and nobody is entered twice.
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = EntryQuerySet.as_manager()
    history_hidden = ("customer", "entered_at", "entered_by")

    class Meta:
        verbose_name = _("member of a campaign")
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="campaign_member_once")]
        indexes = [models.Index(fields=["campaign", "-id"], name="member_by_campaign")]

    def __str__(self):
        return f"{self.campaign_id} · {self.customer_id}"
