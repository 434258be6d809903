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
        SIGN_OUT = "sign_out", _("signed out")
        MASKED_MATCH = "masked_match", _("saw a masked match")
        REVEAL = "reveal", _("revealed contact details")

    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=30, choices=Action.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="access_by_subject"),
            models.Index(fields=["person", "at"], name="access_by_person"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
