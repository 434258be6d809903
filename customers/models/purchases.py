"""What customers bought, and corrections of months that are closed. Source: REC-16."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policy.stamps import stamped
from staff.history import tracked
from staff.models import Position
from staff.querysets import ScopedQuerySet
from staff.scope import ScopeFields
from staff.verbs import PositionCode, Verb

from .customer import ChildQuerySet, Customer


@tracked()
class Product(models.Model):
    """What is sold, as one more code table. It is retired, not deleted: purchases keep what was bought."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(pgettext_lazy("product", "name"), max_length=60, unique=True)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=12, blank=True)
    retired = models.BooleanField(_("no longer offered"), default=False)

    class Meta:
        verbose_name = _("product")
        ordering = ["name"]
        triggers = [stamped("codes")]

    def __str__(self):
        return self.name

    @property
    def label_zh(self):
        return self.name

    label_en = label_zh  # a name is not translated


class PurchaseQuerySet(ChildQuerySet):
    def for_list(self):
        """With what a line shows."""
        return self.select_related("customer", "branch", "product", "seller", "adjusts")

    def waiting(self):
        """Of which somebody has asked for a correction that nobody has decided on."""
        asked = PurchaseAdjustment.objects.pending().filter(purchase=OuterRef("pk"))
        return self.filter(Exists(asked))


@tracked()
class Purchase(models.Model):
    """One line of a sale: who bought what, when, where, for how much. Entered or imported.

    `branch` is the unit of sale, whoever has the customer today. A return is a negative amount. A row with `adjusts`
    is the approved correction of a row whose month was locked, counted on the day of approval.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="purchases", verbose_name=_("customer"), db_index=False
    )  # purchase_by_customer
    branch = models.ForeignKey(
        "staff.Branch", models.PROTECT, related_name="+", verbose_name=_("unit of sale"), db_index=False
    )  # purchase_by_branch
    bought_on = models.DateField(_("bought on"))
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product of the list")
    )
    product_text = models.CharField(_("product"), max_length=120, blank=True)  # as written
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seller")
    )
    seller_text = models.CharField(_("seller as written"), max_length=60, blank=True)
    remarks = models.CharField(_("remarks"), max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # by which an import knows a row without a document
    adjusts = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="adjusted_by", verbose_name=_("corrects"),
        db_index=False,  # purchase_corrections
    )  # fmt: skip
    created_at = models.DateTimeField(_("entered at"))
    # Nobody where a legacy file names somebody who is none of our people.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by"),
        db_index=False,  # nobody looks for purchases by it
    )  # fmt: skip

    EDITABLE = (
        "bought_on", "document_number", "product_id", "product_text", "quantity", "amount", "seller_id", "seller_text",
        "remarks",
    )  # fmt: skip

    objects = PurchaseQuerySet.as_manager()
    history_hidden = ("customer", "branch", "product", "fingerprint")

    class Meta:
        verbose_name = _("purchase")
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "document_number", "product_text"],
                condition=~Q(document_number="") & Q(adjusts__isnull=True),
                name="purchase_once",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(fingerprint=""), name="purchase_fingerprint_once"
            ),
            models.CheckConstraint(condition=~Q(adjusts=F("id")), name="no_purchase_corrects_itself"),
        ]
        indexes = [
            models.Index(fields=["bought_on", "id"], name="purchase_by_day"),
            models.Index(fields=["amount", "id"], name="purchase_by_amount"),
            models.Index(fields=["customer", "bought_on"], name="purchase_by_customer"),
            models.Index(fields=["branch", "bought_on"], name="purchase_by_branch"),
            models.Index(fields=["adjusts"], condition=Q(adjusts__isnull=False), name="purchase_corrections"),
        ]

    def __str__(self):
        return " · ".join(filter(None, [f"{self.bought_on:%Y-%m-%d}", self.shown_document, self.shown_product]))

    @property
    def shown_product(self):
        return self.product_text or (self.product.name if self.product_id else "")

    @property
    def shown_document(self):
        """The number of the paper: of a correction, that of the row it corrects."""
        return self.adjusts.document_number if self.adjusts_id else self.document_number

    @property
    def shown_seller(self):
        return self.seller.name if self.seller_id else self.seller_text

    @property
    def mark(self):
        """Of what the row says: another mark means that somebody has changed it meanwhile."""
        said = "\n".join(str(getattr(self, name)) for name in self.EDITABLE)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def corrected_amount(self):
        """The amount with all approved corrections."""
        return self.amount + (self.adjusted_by.aggregate(sum=Sum("amount"))["sum"] or 0)


class AdjustmentQuerySet(ScopedQuerySet):
    scope = ScopeFields(
        branch="purchase__customer__branch",
        owner="purchase__customer__owner",
        district="purchase__customer__district",
        channel="purchase__customer__channel",
    )

    def visible_to(self, person, *, verb=Verb.CUSTOMER_VIEW):
        return self.filter(purchase__customer__in=Customer.objects.visible_to(person, verb=verb))

    def pending(self):
        return self.filter(state=PurchaseAdjustment.State.PENDING)

    def to_decide(self, person):
        """Open ones that are the person's to decide: the unit's manager, never on an own one; where there is no other
        manager than who asks, or none at all, the head of customer service."""
        held = Position.objects.current(timezone.localdate())
        managers = held.filter(
            code=PositionCode.BRANCH_MANAGER, branch=OuterRef("purchase__customer__branch"),
            person__disabled_at__isnull=True,
        ).exclude(person=OuterRef("asked_by"))  # fmt: skip
        managed = [p.branch_id for p in person.current_positions if p.code == PositionCode.BRANCH_MANAGER]
        mine = Q(purchase__customer__branch__in=managed) | ~Exists(managers)
        rows = self.visible_to(person, verb=Verb.PURCHASE_APPROVE).pending()
        return rows.filter(mine).exclude(asked_by=person)


@tracked()
class PurchaseAdjustment(models.Model):
    """A correction of a purchase whose month is locked, asked for by one person and decided by another."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for a decision")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="adjustments", verbose_name=_("purchase"))
    amount = models.DecimalField(_("difference"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )  # fmt: skip
    decision_word = models.CharField(_("answer"), max_length=200, blank=True)
    row = models.OneToOneField(  # that the approval wrote
        Purchase, models.PROTECT, null=True, blank=True, related_name="written_by", verbose_name=_("correction")
    )

    objects = AdjustmentQuerySet.as_manager()
    history_hidden = ("purchase", "asked_at", "asked_by", "decided_at", "decided_by", "row")

    class Meta:
        verbose_name = _("correction of a purchase")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purchase"], condition=Q(state="pending"), name="one_correction_waits_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(amount=0), name="correction_changes_for_a_reason"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True, decided_by__isnull=True, row__isnull=True)
                | Q(state="approved", decided_at__isnull=False, decided_by__isnull=False, row__isnull=False)
                | Q(state="declined", decided_at__isnull=False, decided_by__isnull=False, row__isnull=True)
                & ~Q(decision_word=""),
                name="correction_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="correction_decided_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.asked_at:%Y-%m-%d} {self.amount}"
