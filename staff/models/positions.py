from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..verbs import UNIT_POSITIONS, PositionCode


def days_held():
    """The days of a position as a range, both ends included."""
    both = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
    return Func("starts_on", "ends_on", both, function="DATERANGE", output_field=DateRangeField())


class PositionQuerySet(models.QuerySet):
    def current(self, on):
        """Positions held on a date; both ends count."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def not_over(self, on):
        """Held on a date, or to be held later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def held(self, code, *, branch, on):
        """Who was it then: the holders of a position in a unit on a date. Source: penalties.md."""
        return self.current(on).filter(code=code, branch=branch)


@tracked()
class Position(models.Model):
    """A dated assignment of a person to a unit or a department.

    One person may hold several at once; an operations specialist for three branches holds three. A position is never
    deleted or re-pointed, it ends: every judgement asks who held it on the day.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="positions", verbose_name=_("person")
    )
    code = models.CharField(_("position"), max_length=30, choices=PositionCode.choices)
    branch = models.ForeignKey(
        "staff.Branch", models.PROTECT, null=True, blank=True, related_name="positions", verbose_name=_("unit")
    )
    department = models.ForeignKey(
        "staff.Department", models.PROTECT, null=True, blank=True, related_name="positions",
        verbose_name=_("department"),
    )  # fmt: skip
    area = models.ForeignKey(
        "staff.Area", models.PROTECT, null=True, blank=True, related_name="positions", verbose_name=_("area")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="position_ends_after_start"
            ),
            models.CheckConstraint(
                condition=(
                    Q(code__in=sorted(UNIT_POSITIONS), branch__isnull=False, department__isnull=True)
                    | (~Q(code__in=sorted(UNIT_POSITIONS)) & Q(branch__isnull=True, department__isnull=False))
                ),
                name="position_in_unit_or_department",
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(code=PositionCode.SALES_REP), name="only_reps_have_an_area"
            ),
            *(
                ExclusionConstraint(
                    name=f"position_once_at_a_time_in_{place}",
                    expressions=[
                        ("person", RangeOperators.EQUAL),
                        ("code", RangeOperators.EQUAL),
                        (place, RangeOperators.EQUAL),
                        (days_held(), RangeOperators.OVERLAPS),
                    ],
                )
                for place in ("branch", "department")
            ),
        ]
        indexes = [models.Index(fields=["branch", "code", "starts_on"], name="position_who_was_it_then")]
        ordering = ["starts_on", "id"]

    def __str__(self):
        return f"{self.get_code_display()} · {self.branch or self.department}"

    def state(self, on=None):
        """`current`, `future` or `past` on a date."""
        on = on or timezone.localdate()
        if self.starts_on > on:
            return "future"
        return "past" if self.ends_on and self.ends_on < on else "current"
