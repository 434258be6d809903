"""What happened to data without changing it: who signed in, who saw what, who was refused. Source: SEC-05, SEC-06."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessLog(models.Model):
    """One act of access. The database refuses to change or delete a row.

    `subject_type` and `subject_id` name the row that was seen ("customers.customer", 17) without a foreign key, because
    subjects live on floors above.
    """

    class Action(models.TextChoices):
        SIGN_IN = "sign_in", _("signed in")
        SIGN_IN_REFUSED = "sign_in_refused", _("sign-in refused")
        SIGN_IN_SLOWED = "sign_in_slowed", _("sign-in refused for a while")
        SECOND_STEP_REFUSED = "second_step_refused", _("second step of sign-in refused")
        RECOVERY_CODE_USED = "recovery_code_used", _("signed in with a recovery code")
        SIGN_OUT = "sign_out", _("signed out")
        SESSIONS_ENDED = "sessions_ended", _("ended sign-ins on other devices")
        PASSWORD_CHANGED = "password_changed", _("changed the password")
        PASSWORD_REFUSED = "password_refused", _("password refused")
        SECOND_FACTOR_ON = "second_factor_on", _("switched two-step sign-in on")
        SECOND_FACTOR_OFF = "second_factor_off", _("switched two-step sign-in off")
        SECOND_FACTOR_RESET = "second_factor_reset", _("reset two-step sign-in")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("made new recovery codes")
        MASKED_MATCH = "masked_match", _("saw a masked match")
        REVEAL = "reveal", _("revealed contact details")
        EXPORT = "export", _("exported a list")

    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=30, choices=Action.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="access_by_subject"),
            models.Index(fields=["person", "at"], name="access_by_person"),
            models.Index(fields=["-at", "-id"], name="access_newest"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
