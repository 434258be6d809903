import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.querysets import ScopedQuerySet
from staff.scope import ScopeFields

from .customer import ChildQuerySet, Customer

FORM_NUMBER = "LC 16.06.302.01"
CONSENT_TEXT = f"{FORM_NUMBER}/1"  # version of the consent text printed on the form


class FormQuerySet(ScopedQuerySet):
    # A paper form belongs to the unit that received it, whoever comes to own the customer.
    scope = ScopeFields(owner="customer__owner", district="customer__district", channel="branch__channel")


@tracked()
class RegistrationForm(models.Model):
    """New-customer registration form LC 16.06.302.01: received at the counter, entered by a clerk or the accountant.

    `received_at` is what stands on paper, `entered_at` when it was saved here; REC-05 compares the two.
    `submission` is made when the empty form is opened, so pressing save twice enters one form.
    """

    class Door(models.TextChoices):
        TYPED = "typed", _("typed from paper")
        DESK = "desk", _("filled in on the customer's phone")

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="registration")
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+", verbose_name=_("unit"))
    door = models.CharField(max_length=10, choices=Door.choices, default=Door.TYPED)
    serial = models.CharField(_("paper serial"), max_length=20, blank=True)
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("received by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = FormQuerySet.as_manager()
    history_hidden = ("customer", "door")

    class Meta:
        verbose_name = _("registration form")
        constraints = [
            models.UniqueConstraint(fields=["branch", "serial"], condition=~Q(serial=""), name="form_serial_once"),
            models.CheckConstraint(condition=Q(entered_at__gte=F("received_at")), name="form_entered_after_receipt"),
        ]
        indexes = [models.Index(fields=["branch", "entered_at"], name="form_by_branch_and_entry")]

    def __str__(self):
        return self.serial or f"#{self.pk}"


@tracked()
class Consent(models.Model):
    """The customer agreed to one use of its data, having been told the purpose. Source: REC-17."""

    class Purpose(models.TextChoices):
        SERVICE = "service", _("contact for service and orders")
        MARKETING = "marketing", _("news and offers")
        SURVEY = "survey", _("satisfaction surveys")

    class Channel(models.TextChoices):
        PAPER = "paper", _("signed form")
        DESK = "desk", _("form on the customer's phone")
        ONLINE = "online", _("web page")
        PHONE = "phone", _("phone call")
        EMAIL = "email", _("e-mail")
        SPOKEN = "spoken", _("in person")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    text_version = models.CharField(_("version of the text"), max_length=20)
    channel = models.CharField(_("given by"), max_length=10, choices=Channel.choices, default=Channel.PAPER)
    evidence = models.ForeignKey(RegistrationForm, models.PROTECT, null=True, blank=True, related_name="consents")
    evidence_note = models.CharField(_("evidence"), max_length=200, blank=True)
    given_at = models.DateTimeField(_("given at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_note = models.CharField(_("how it was withdrawn"), max_length=200, blank=True)
    withdrawal_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: the customer itself, by the link of a message

    objects = ChildQuerySet.as_manager()
    history_hidden = ("customer", "evidence", "recorded_by", "withdrawal_recorded_by")

    class Meta:
        verbose_name = _("consent")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose", "text_version"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_once_per_text",
            )
        ]
        ordering = ["id"]

    def __str__(self):
        return self.get_purpose_display()


@tracked()
class DeclinedConsent(models.Model):
    """The customer was asked for one use of its data and said no. Source: REC-17.

    A table of its own, so that no row of it is ever taken for a consent. Agreed to later, the no stays to be seen.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="declined_consents", db_index=False  # declined_once begins with it
    )  # fmt: skip
    purpose = models.CharField(_("purpose"), max_length=20, choices=Consent.Purpose.choices)
    channel = models.CharField(
        _("given by"), max_length=10, choices=Consent.Channel.choices, default=Consent.Channel.PAPER
    )  # fmt: skip
    evidence = models.ForeignKey(RegistrationForm, models.PROTECT, null=True, blank=True, related_name="+")
    evidence_note = models.CharField(_("evidence"), max_length=200, blank=True)
    declined_at = models.DateTimeField(_("declined at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ChildQuerySet.as_manager()
    history_hidden = ("customer", "evidence", "recorded_by")

    class Meta:
        verbose_name = _("consent declined")
        constraints = [models.UniqueConstraint(fields=["customer", "purpose"], name="declined_once")]
        ordering = ["id"]

    def __str__(self):
        return self.get_purpose_display()
