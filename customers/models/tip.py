"""What an employee learns about a customer and passes on to whoever is responsible. Source: REC-20."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.models import Absence, Person, Position
from staff.verbs import PositionCode

from .customer import Customer

# Nobody is in charge of the customer, or somebody who works here no more: the unit's manager acts.
VACANT = Q(customer__owner__isnull=True) | Q(customer__owner__disabled_at__isnull=False)


class TipQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at__isnull=True)

    def addressed_to(self, person):
        """Tips that are the person's to answer, or that of somebody away for whom the person stands in: of customers in
        their charge, of the own unit's customers in nobody's charge, of departments that they lead.

        Evaluated now: a customer who has changed hands takes the tip along.
        """
        today = timezone.localdate()
        away = Absence.objects.current(today).filter(deputy=person).values_list("person_id", flat=True)
        people = [person.pk, *away] if person.is_active else []
        held = Position.objects.current(today).filter(person__in=people)
        units = held.filter(code=PositionCode.BRANCH_MANAGER).values("branch")
        mine = Q(customer__owner__in=people) & ~VACANT | VACANT & Q(customer__branch__in=units)
        if any(position.code == PositionCode.SERVICE_HEAD for position in person.current_positions):
            managers = Position.objects.current(today).filter(code=PositionCode.BRANCH_MANAGER)
            managed = managers.filter(branch=OuterRef("customer__branch"), person__disabled_at__isnull=True)
            mine |= VACANT & Q(customer__isnull=False) & ~Exists(managed)
        return self.filter(Q(department__head__in=people) | Q(department__isnull=True) & mine)

    def of_units_managed_by(self, person):
        held = [p.branch_id for p in person.current_positions if p.code == PositionCode.BRANCH_MANAGER]
        return self.filter(customer__branch__in=held)

    def answerable_by(self, person):
        """By those it is addressed to and, so that nothing is left lying, by the manager over the person in charge."""
        tips = self.model.objects
        of_unit = tips.of_units_managed_by(person).filter(department__isnull=True)
        return self.filter(Q(pk__in=tips.addressed_to(person).values("pk")) | Q(pk__in=of_unit.values("pk")))

    def visible_to(self, person):
        """The sender's, those it is addressed to, and all about customers of the unit that the person manages."""
        tips = self.model.objects
        addressed, of_unit = tips.addressed_to(person), tips.of_units_managed_by(person)
        return self.filter(Q(sent_by=person) | Q(pk__in=addressed.values("pk")) | Q(pk__in=of_unit.values("pk")))


@tracked()
class Tip(models.Model):
    """A word about a customer, or in free text, for the person in charge or for a department; answered with a word."""

    text = models.CharField(_("what you learned"), max_length=1000)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="tips", verbose_name=_("customer")
    )
    department = models.ForeignKey(
        "staff.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )  # null: whoever is in charge of the customer
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip

    objects = TipQuerySet.as_manager()
    # A customer's history is read by more people than the tip is meant for.
    history_hidden = ("text", "customer", "department", "sent_at", "sent_by", "answer", "answered_at", "answered_by")

    class Meta:
        verbose_name = _("tip")
        indexes = [
            models.Index(fields=["-id"], condition=Q(answered_at__isnull=True), name="tip_open"),
            models.Index(fields=["sent_by", "-id"], name="tip_by_sender"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(department__isnull=False), name="tip_goes_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="tip_answered_with_a_word",
            ),
        ]

    def __str__(self):
        return f"{self.sent_at:%Y-%m-%d} {self.sent_by_id}"

    def recipients(self, on):
        """Who is told: the head of the department, the person in charge, the unit's managers, the heads of service."""
        people = Person.objects.enabled()
        if self.department_id:
            return list(people.filter(pk=self.department.head_id))
        if owner := people.filter(pk=self.customer.owner_id).first():
            return [owner]
        held = Position.objects.current(on)
        managers = held.filter(code=PositionCode.BRANCH_MANAGER, branch=self.customer.branch_id)
        heads = held.filter(code=PositionCode.SERVICE_HEAD)
        return list(people.holding(managers) or people.holding(heads))
