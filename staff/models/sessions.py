from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

SEEN_EVERY = timedelta(minutes=5)  # how exactly it is known when a session was last used


class EndReason(models.TextChoices):
    SIGNED_OUT = "signed_out", _("signed out")
    ELSEWHERE = "elsewhere", _("signed in on another device")
    BY_OWNER = "by_owner", _("ended from another device")
    PASSWORD = "password", _("password changed")
    DISABLED = "disabled", _("account disabled")
    RESET = "reset", _("two-step sign-in reset")
    IDLE = "idle", _("not used for too long")
    TOO_LONG = "too_long", _("lasted long enough")


class SignedInSessionQuerySet(models.QuerySet):
    def live(self, at):
        """Sessions that still open the door at an instant."""
        moment = Value(at, output_field=models.DateTimeField())
        quiet_since = ExpressionWrapper(
            moment - F("idle_limit") - Value(SEEN_EVERY), output_field=models.DateTimeField()
        )
        return self.filter(ended_at=None, ends_at__gt=at, last_seen_at__gte=quiet_since)

    def long_gone(self, at, *, kept=timedelta(days=30)):
        """What nobody needs any more: neither the browser that is told why it ended, nor the list of sign-ins."""
        return self.filter(Q(ended_at__lt=at - kept) | Q(ends_at__lt=at - kept))


class SignedInSession(models.Model):
    """One browser in which a person is signed in, or was. Source: SEC-02.

    `session_key` is the one of django_session; once the session has ended its key opens nothing, and the row is how
    that browser learns why. Both time limits are those of the day of signing in.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="signed_in_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(_("signed in at"))
    last_seen_at = models.DateTimeField(_("last used at"))
    idle_limit = models.DurationField()
    ends_at = models.DateTimeField(_("ends at the latest"))
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    ended_from = models.GenericIPAddressField(null=True, blank=True)

    objects = SignedInSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(ended_at__isnull=True, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because="")
                ),
                name="session_end_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(ended_at=None), name="session_not_ended_of_person"),
        ]

    def __str__(self):
        return f"{self.person_id} {self.browser}"

    def over_because(self, at):
        """Which time limit it has passed at an instant; empty while it is live."""
        if at >= self.ends_at:
            return EndReason.TOO_LONG
        return EndReason.IDLE if at > self.last_seen_at + self.idle_limit + SEEN_EVERY else ""
