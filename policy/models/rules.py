import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import DateField, DateTimeField, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from staff.history import tracked

from ..stamps import stamped


def day_set():
    """The date, in Shanghai, of `set_at`."""
    local = Func(Value("Asia/Shanghai"), F("set_at"), function="timezone", output_field=DateTimeField())
    return Func(local, function="date", output_field=DateField())


@tracked()
class RuleValue(models.Model):
    """A parameter has this value from a day on, for the company or one unit. Never changed, never deleted.

    For one day the row set last decides. A unit's row without a value gives the unit back to the company's value.
    Source: AUD-16.
    """

    rule = models.CharField(_("parameter"), max_length=100)
    branch = models.ForeignKey(
        "staff.Branch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    value = models.JSONField(_("value"), null=True)
    starts_on = models.DateField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__gte=day_set()), name="rule_never_set_for_the_past"),
            models.CheckConstraint(
                condition=Q(branch__isnull=False) | Q(value__isnull=False), name="only_units_go_back_to_the_company"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rule_change_has_a_reason"),
        ]
        indexes = [models.Index(fields=["rule", "branch", "starts_on", "set_at"], name="rule_in_force")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            stamped("rules"),
        ]

    def __str__(self):
        return f"{self.rule} {self.starts_on}"
