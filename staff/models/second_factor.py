from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..history import tracked


@tracked(exclude=["seed", "last_step"])
class SecondFactor(models.Model):
    """A person's authenticator app. The row is there while two-step sign-in is on. Source: SEC-02.

    `seed` is half of the secret: the other half is the installation's SECRET_KEY, so a copy of the database alone
    cannot make codes. `last_step` is the newest half minute whose code was used; none serves twice.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="second_factor"
    )
    seed = models.CharField(max_length=40)
    since = models.DateTimeField(_("on since"))
    last_step = models.BigIntegerField()

    def __str__(self):
        return f"{self.person}"


@tracked(exclude=["hashed"])
class RecoveryCode(models.Model):
    """One of ten codes for whoever has lost the phone; each works once. The first character of a code is its slot."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="recovery_codes")
    slot = models.PositiveSmallIntegerField()
    hashed = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "slot"], name="recovery_code_slot_once"),
            models.CheckConstraint(condition=models.Q(slot__lte=9), name="recovery_code_slot_is_a_digit"),
        ]

    def __str__(self):
        return f"{self.person} {self.slot}"
