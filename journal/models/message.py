"""Messages to customers. Source: GEN-02, REC-17; "Settled": no gate = refused."""

import secrets

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from .outgoing import Outgoing


class Purpose(models.TextChoices):
    """What a message is for, as customers consent to it."""

    SERVICE = "service", _("service and orders")
    MARKETING = "marketing", _("news and offers")
    SURVEY = "survey", _("satisfaction surveys")


def new_token():
    return secrets.token_urlsafe(24)


class CustomerMessage(Outgoing):
    """One message to one recipient outside the company; refused ones stand here too, with the reason.

    `subject_type` and `subject_id` name the customer or contact it goes to. `dedupe_key` is also what a provider of
    short messages gets, so that it can drop a repetition.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("short message")
        LETTER = "letter", _("letter")

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+", verbose_name=_("unit"))
    address = models.CharField(_("address"), max_length=300)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    gate_decision = models.CharField(_("decision"), max_length=200)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    dedupe_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()

    NEEDED = ()
    SHOWN = ("branch", "decided_by")

    class Meta(Outgoing.Meta):
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["subject_type", "subject_id", "created_at"], name="message_by_subject"),
        ]

    def __str__(self):
        return f"{self.purpose} {self.channel} {self.subject_type} {self.subject_id}"


class Unsubscribe(models.Model):
    """An address that wants nothing more of a purpose. Only ever added to."""

    address = models.CharField(max_length=300)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    at = models.DateTimeField()
    message = models.ForeignKey(CustomerMessage, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "purpose"], name="unsubscribed_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.purpose} {self.at:%Y-%m-%d}"
