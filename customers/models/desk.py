import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.querysets import ScopedQuerySet
from staff.scope import ScopeFields
from staff.verbs import Verb

from ..values.phone_display import masked, masked_email
from ..values.phones import read_many
from .customer import Customer, Kind
from .registration import CONSENT_TEXT, Consent

WRITTEN = (
    "name", "kind", "credit_code", "contact", "title", "phone", "email", "address", "needs", "consents",
)  # fmt: skip


class DeskFormQuerySet(ScopedQuerySet):
    scope = ScopeFields(owner="customer__owner", district="customer__district", channel="branch__channel")

    def visible_to(self, person, *, verb=Verb.DESK_SERVE):
        """What a customer sent to a unit is that unit's front desk's alone, until it has become a customer.

        One that was erased before anybody settled it is only counted.
        """
        return super().visible_to(person, verb=verb).exclude(settled_at=None, name="")

    def waiting(self):
        return self.filter(settled_at=None)

    def settled(self):
        return self.filter(settled_at__isnull=False)


# What the customer wrote never changes after it came, so history has nothing to say of it and keeps no second copy.
@tracked(exclude=WRITTEN)
class DeskForm(models.Model):
    """Registration form LC 16.06.302.01 as a customer filled it in on the own phone, until the unit settles it.

    Settled, it either points at the customer that it became or says why it was dismissed. One that became none loses
    what was written after a while: then it has no name. Source: REC-04, ADR 021.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+", verbose_name=_("unit"))
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.COMPANY)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    contact = models.CharField(_("contact"), max_length=50, blank=True)
    title = models.CharField(_("job title"), max_length=50, blank=True)
    phone = models.CharField(_("phone"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    needs = models.TextField(_("needs"), blank=True)
    consents = ArrayField(models.CharField(max_length=20, choices=Consent.Purpose.choices), default=list)
    text_version = models.CharField(_("version of the consent text"), max_length=20, default=CONSENT_TEXT)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    dismissed_because = models.CharField(_("dismissed because"), max_length=200, blank=True)

    objects = DeskFormQuerySet.as_manager()
    history_hidden = ("customer", "settled_at", "settled_by")  # the customer's story has its registration form instead

    class Meta:
        verbose_name = _("form filled in on a phone")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    settled_at__isnull=True, settled_by__isnull=True, customer__isnull=True, dismissed_because=""
                )
                | Q(settled_at__isnull=False, settled_by__isnull=False)
                & (
                    Q(customer__isnull=False, dismissed_because="")
                    | Q(customer__isnull=True) & ~Q(dismissed_because="")
                ),
                name="desk_form_settled_one_way",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "id"], condition=Q(settled_at=None), name="desk_form_waiting"),
            models.Index(fields=["branch", "id"], name="desk_form_by_branch"),
        ]

    def __str__(self):
        return self.name or str(_("erased form"))

    @property
    def masked(self):
        """How to reach the customer, as lists show it."""
        found, _unreadable = read_many(self.phone)
        return masked(found[0]) if found else masked_email(self.email)

    @property
    def consent_labels(self):
        return [Consent.Purpose(purpose).label for purpose in self.consents]
