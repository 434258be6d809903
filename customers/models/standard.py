import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.rules import day_set
from staff.history import tracked
from staff.models import Channel

from .customer import Source


@tracked()
class FilingStandard(models.Model):
    """What a record of a channel and a source must hold, from a day on. Never changed, never deleted.

    An empty channel or source means every one; the most specific line decides. For one day the row set last counts. A
    line without items gives its records back to the more general line. Source: REC-21.
    """

    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, blank=True)
    items = ArrayField(models.CharField(max_length=40), verbose_name=_("required items"), null=True)
    starts_on = models.DateField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(  # null: came with the product
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("filing standard")
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__gte=day_set()), name="standard_never_set_for_the_past"),
            models.CheckConstraint(
                condition=~Q(channel="", source="") | Q(items__isnull=False), name="standard_for_all_has_items"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="standard_has_a_reason"),
        ]
        indexes = [models.Index(fields=["channel", "source", "starts_on", "set_at"], name="standard_in_force")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.channel or '*'} {self.source or '*'} {self.starts_on}"
