"""By what a customer is recognised again, and what people said about look-alikes. Source: REC-18."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from staff.history import tracked

from .customer import Customer


class MatchKey(models.Model):
    """One normalised value of a customer; equal keys mean the same customer may have come twice.

    Derived by customers.values.keys from name, codes and contact ways, so it carries no history of its own.
    """

    class Kind(models.TextChoices):
        CREDIT_CODE = "credit_code", _("unified social credit code")
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        NAME = "name", _("name")
        PINYIN = "pinyin", _("pinyin")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="match_keys", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "kind", "value"], name="match_key_once")]
        indexes = [
            models.Index(F("kind"), OpClass(F("value"), name="text_pattern_ops"), name="match_key_value"),
            models.Index(
                OpClass(Reverse("value"), name="text_pattern_ops"),
                condition=Q(kind="phone"),
                name="match_key_phone_tail",
            ),
        ]

    def __str__(self):
        return f"{self.kind}:{self.value}"


@tracked()
class DuplicateVerdict(models.Model):
    """Somebody looked at two records and found them not to be the same customer; edits do not ask again."""

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    # The other record may be another unit's, and who reads this one may not see that one. Source: SEC-06.
    history_hidden = ("first", "second", "decided_at", "decided_by")

    class Meta:
        verbose_name = _("look-alike judged different")
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="verdict_pair_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="verdict_once_per_pair"),
        ]

    def __str__(self):
        return f"{self.first_id} ≠ {self.second_id}"
