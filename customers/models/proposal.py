"""What somebody who may not edit a record would have it say. Source: SEC-04, REC-19."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.verbs import Verb

from .customer import ChildQuerySet, Customer


class ProposalQuerySet(ChildQuerySet):
    def pending(self):
        """Open ones; those of an archived record wait until it is restored."""
        return self.filter(state=ProposedChange.State.PENDING, customer__archived_at__isnull=True)

    def to_decide(self, person):
        """Open ones on which the person decides: whoever edits the record, but nobody on a proposal of their own."""
        return self.visible_to(person, verb=Verb.CUSTOMER_EDIT).pending().exclude(by=person)

    def readable_by(self, person):
        """Those a person may read with their values: editors of the record, and the proposer who still sees it."""
        editable = Customer.objects.visible_to(person, verb=Verb.CUSTOMER_EDIT)
        seen = Customer.objects.visible_to(person)
        return self.filter(Q(customer__in=editable) | Q(by=person, customer__in=seen))

    def for_cards(self):
        """With what a card shows."""
        return self.select_related("customer__branch", "customer__owner", "by", "decided_by")


@tracked()
class ProposedChange(models.Model):
    """A change of one record, proposed by somebody who may not make it, until an editor of the record decides.

    `before` and `after` hold only what differs: {"fields": {column: value}, "contacts": [contact], "needs": [text]}.
    `source_type` and `source_id` name the work that it comes from, such as a visit, without a foreign key upwards.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        OVERTAKEN = "overtaken", _("overtaken: the record said so already")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="proposals")
    block = models.CharField(_("block"), max_length=20, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.CharField(_("why"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    at = models.DateTimeField(_("proposed at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    word = models.CharField(_("answer"), max_length=200, blank=True)
    source_type = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()
    # Values may be phones, and who reads a history need not be somebody to whom the record shows them. Source: SEC-06.
    history_hidden = (
        "customer", "block", "before", "after", "by", "at", "decided_by", "decided_at", "source_type", "source_id",
    )  # fmt: skip

    class Meta:
        verbose_name = _("proposed change")
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="proposal_says_why"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="proposal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("by")),
                name="proposal_decided_by_another",
            ),
            models.CheckConstraint(condition=~Q(state="declined", word=""), name="proposal_declined_with_a_word"),
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(state="pending"), name="proposal_open"),
            models.Index(fields=["by", "id"], name="proposal_by_proposer"),
        ]

    def __str__(self):
        return f"#{self.pk}"
