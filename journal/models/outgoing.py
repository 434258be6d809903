"""What leaves the house: the states every outgoing message goes through. Source: GEN-02, reliability §4."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("message", "waiting")
    INFLIGHT = "inflight", _("on its way")
    SENT = "sent", _("sent")
    POSSIBLY_SENT = "possibly_sent", _("possibly sent")
    DEAD = "dead", _("given up")
    REFUSED = "refused", _("refused")
    CLOSED = "closed", _("closed by hand")


STUCK = (State.DEAD, State.POSSIBLY_SENT)  # nothing happens to these until somebody decides


class OutgoingQuerySet(models.QuerySet):
    def due(self, at):
        """Waiting, and their time has come."""
        return self.filter(state=State.QUEUED, next_try_at__lte=at)

    def stuck(self):
        return self.filter(state__in=STUCK)


class Outgoing(models.Model):
    """A message and how far it is. A sender marks it `inflight` right before sending it; what stays so was perhaps
    sent, and nobody sends it again but a person who knows."""

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    started_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="inflight") | Q(started_at__isnull=False), name="%(class)s_inflight_since"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="%(class)s_decided_by_and_at",
            ),
        ]
        indexes = [
            models.Index(F("next_try_at"), F("id"), condition=Q(state="queued"), name="%(class)s_queue"),
            models.Index(
                F("state"),
                F("id"),
                condition=Q(state__in=["inflight", "possibly_sent", "dead"]),
                name="%(class)s_unfinished",
            ),
        ]
