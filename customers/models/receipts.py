from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.querysets import ScopedQuerySet
from staff.scope import ScopeFields
from staff.verbs import Verb

from .registration import RegistrationForm


class ReceiptQuerySet(ScopedQuerySet):
    scope = ScopeFields(owner="received_by", district="branch__district", channel="branch__channel")

    def visible_to(self, person, *, verb=Verb.FORMS_SEE):
        return super().visible_to(person, verb=verb)

    def standing(self):
        """Without those that were noted by mistake."""
        return self.filter(struck_at__isnull=True)

    def waiting(self):
        """Received and not entered."""
        return self.standing().filter(form__isnull=True)

    def late(self, at):
        """Entered after their time, or still waiting at an instant although it is over."""
        return self.standing().filter(Q(clock__breached_at__isnull=False) | Q(form=None, clock__due_at__lt=at))


@tracked(exclude=["clock"])
class FormReceipt(models.Model):
    """A paper form was received at the counter: from then on its entry has a due time. Source: REC-05.

    Noted by hand, or by entering a form that nobody had noted. `clock` runs until `form` is entered.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+", verbose_name=_("unit"))
    serial = models.CharField(_("paper serial"), max_length=20, blank=True)  # none where the paper has none
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("received by")
    )
    noted_at = models.DateTimeField(_("noted at"))
    form = models.OneToOneField(
        RegistrationForm, models.PROTECT, null=True, related_name="receipt", verbose_name=_("registration form")
    )
    clock = models.OneToOneField("policy.Clock", models.PROTECT, null=True, related_name="+")
    struck_at = models.DateTimeField(_("struck out at"), null=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("struck out by")
    )
    strike_reason = models.CharField(_("why it was struck out"), max_length=200, blank=True)

    objects = ReceiptQuerySet.as_manager()
    history_hidden = ("form",)

    class Meta:
        verbose_name = _("received form")
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "serial"], condition=~Q(serial="") & Q(struck_at__isnull=True), name="receipt_once"
            ),
            models.CheckConstraint(condition=Q(noted_at__gte=F("received_at")), name="receipt_noted_after_it_came"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, strike_reason="")
                | Q(struck_at__isnull=False, struck_by__isnull=False, form__isnull=True) & ~Q(strike_reason=""),
                name="receipt_struck_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "received_at"], name="receipt_by_branch_and_time"),
            models.Index(fields=["received_at"], name="receipt_by_time"),
            models.Index(
                fields=["branch", "id"], condition=Q(form__isnull=True, struck_at__isnull=True), name="receipt_waiting"
            ),
        ]

    def __str__(self):
        return self.serial or str(_("form without a serial"))
