from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.querysets import ScopedQuerySet
from staff.scope import ScopeFields
from staff.verbs import Verb


def numbers():
    """The numbers of a book as a range, both ends included."""
    both = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
    return Func("first", "last", both, function="INT4RANGE", output_field=IntegerRangeField())


class BookQuerySet(ScopedQuerySet):
    scope = ScopeFields(owner="made_by", district="branch__district", channel="branch__channel")

    def visible_to(self, person, *, verb=Verb.BOOKS_MANAGE):
        return super().visible_to(person, verb=verb)


@tracked()
class FormBook(models.Model):
    """A bound book of blank registration forms with consecutive serials: 0000751 to 0000800. Source: REC-04.

    A serial is `prefix` and a number written with `digits` digits; no two books of a unit share a number.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+", verbose_name=_("unit"))
    prefix = models.CharField(max_length=10, blank=True)
    digits = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField(_("first number"))
    last = models.PositiveIntegerField(_("last number"))
    made_at = models.DateTimeField(_("bound at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("bound by"))

    objects = BookQuerySet.as_manager()
    history_hidden = ("made_at", "made_by")

    class Meta:
        verbose_name = _("form book")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="book_ends_after_it_begins"),
            ExclusionConstraint(
                name="book_numbers_once",
                expressions=[
                    ("branch", RangeOperators.EQUAL),
                    ("prefix", RangeOperators.EQUAL),
                    (numbers(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.first_serial} – {self.last_serial}"

    def serial(self, number):
        """A number as it is printed on its blank."""
        return f"{self.prefix}{number:0{self.digits}}"

    @property
    def first_serial(self):
        return self.serial(self.first)

    @property
    def last_serial(self):
        return self.serial(self.last)

    @property
    def size(self):
        return self.last - self.first + 1

    def serials(self):
        """{serial: number} of every blank, in order."""
        return {self.serial(number): number for number in range(self.first, self.last + 1)}


@tracked()
class BookIssue(models.Model):
    """A book is in somebody's hands, from its issue to its return. It can be issued again afterwards."""

    book = models.ForeignKey(FormBook, models.PROTECT, related_name="issues")
    issued_at = models.DateTimeField(_("issued at"))
    issued_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued to")
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("return recorded by"),
    )  # fmt: skip

    history_hidden = ("book",)

    class Meta:
        verbose_name = _("issue of a book")
        constraints = [
            models.UniqueConstraint(
                fields=["book"], condition=Q(returned_at__isnull=True), name="book_with_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True)
                | Q(returned_at__gte=F("issued_at"), returned_by__isnull=False),
                name="book_returned_after_issue",
            ),
        ]
        ordering = ["-issued_at", "-id"]

    def __str__(self):
        return f"{self.book} · {self.issued_to}"


@tracked()
class SpoiledSerial(models.Model):
    """A blank that will never be entered, and why: misprinted, torn out, thrown away."""

    book = models.ForeignKey(FormBook, models.PROTECT, related_name="spoiled")
    number = models.PositiveIntegerField(_("number"))
    reason = models.CharField(_("reason"), max_length=200)
    noted_at = models.DateTimeField(_("noted at"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"))

    history_hidden = ("book", "noted_at", "noted_by")

    class Meta:
        verbose_name = _("spoiled blank")
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="serial_spoiled_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="serial_spoiled_for_a_reason"),
        ]
        ordering = ["number"]

    def __str__(self):
        return self.book.serial(self.number)
