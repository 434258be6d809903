from django.conf import settings
from django.db import connections, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.history import tracked

OPEN = """
SELECT customer_id FROM customers_customergrant
WHERE (person_id = %s OR department_id = ANY(%s)) AND (until IS NULL OR until >= %s)
"""


class GrantQuerySet(models.QuerySet):
    def customers_open_to(self, person, on):
        """Ids of customers that are open to the person, by name or by a department of a current position. Every page
        with customers asks this, so it is not built anew each time."""
        departments = [p.department_id for p in person.current_positions if p.department_id]
        with connections[self.db].cursor() as cursor:
            cursor.execute(OPEN, [person.pk, departments, on])
            return [pk for (pk,) in cursor.fetchall()]


@tracked()
class CustomerGrant(models.Model):
    """Opens one customer to a looker-in - a department, a call-centre agent, a member of a group - while work is open.

    Written by the app whose work needs it (`subject_type`, `subject_id` name that work), read by Customer.visible_to.
    """

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="grants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    department = models.ForeignKey(
        "staff.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    until = models.DateField(_("until"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()
    history_hidden = ("customer", "subject_type", "subject_id")

    class Meta:
        verbose_name = _("temporary access")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, department__isnull=True)
                | Q(person__isnull=True, department__isnull=False),
                name="grant_to_person_or_department",
            ),
            models.UniqueConstraint(
                fields=["customer", "person", "department", "subject_type", "subject_id"],
                nulls_distinct=False,
                name="grant_once",
            ),
        ]

    def __str__(self):
        return f"{self.customer_id} → {self.person_id or self.department_id}"
