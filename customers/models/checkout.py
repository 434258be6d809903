from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.querysets import ScopedQuerySet
from staff.scope import ScopeFields
from staff.verbs import Verb

from .customer import Customer


class CheckQuerySet(ScopedQuerySet):
    # A check counts for the unit at whose till it was made, whoever comes to own the customer.
    scope = ScopeFields(owner="customer__owner", district="customer__district", channel="branch__channel")

    def visible_to(self, person, *, verb=Verb.FORMS_SEE):
        return super().visible_to(person, verb=verb)


@tracked()
class CheckoutCheck(models.Model):
    """A known customer bought again and somebody looked whether the record is complete. Source: REC-06."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="checkout_checks")
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+", verbose_name=_("unit"))
    checked_at = models.DateTimeField(_("checked at"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by")
    )
    missing_before = ArrayField(models.CharField(max_length=40), verbose_name=_("missing before"), default=list)
    missing_after = ArrayField(models.CharField(max_length=40), verbose_name=_("missing after"), default=list)

    objects = CheckQuerySet.as_manager()
    history_hidden = ("customer",)

    class Meta:
        verbose_name = _("checkout check")
        indexes = [
            models.Index(fields=["branch", "checked_at"], name="checkout_by_branch_and_time"),
            models.Index(fields=["checked_at"], name="checkout_by_time"),
        ]

    def __str__(self):
        return f"{self.customer} {self.checked_at:%Y-%m-%d}"
