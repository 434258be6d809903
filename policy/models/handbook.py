from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.history import tracked


@tracked()
class HandbookConfirmation(models.Model):
    """A person has read one version of the rules. Source: SEC-08."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    version = models.CharField(_("version"), max_length=12)
    at = models.DateTimeField(_("confirmed at"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="handbook_confirmed_once")]

    def __str__(self):
        return f"{self.person_id} {self.version}"
