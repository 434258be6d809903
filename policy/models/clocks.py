from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.models import Absence, Department, Person
from staff.querysets import ScopedQuerySet
from staff.scope import EVERYTHING, ScopeFields
from staff.verbs import Verb

from ..calendar.days import current
from ..terms import Kind, Term

BREACHED, LAST = 3, 5  # levels
OPEN = Q(closed_at__isnull=True)


def all_or_none(*columns):
    """Condition: the columns are set together."""
    nothing = Q(**{f"{name}__isnull": True for name in columns})
    return nothing | Q(**{f"{name}__isnull": False for name in columns})


def _stood_in_for(person):
    """Ids of the people who are away today and whose deputy the person is. Asked once for a loaded person."""
    if not hasattr(person, "_stood_in_for"):
        away = Absence.objects.current(timezone.localdate()).filter(deputy=person)
        person._stood_in_for = list(away.values_list("person", flat=True))
    return person._stood_in_for


class ClockQuerySet(ScopedQuerySet):
    scope = ScopeFields(owner="responsible", channel="branch__channel")

    def open(self):
        return self.filter(OPEN)

    def running(self):
        """Open and still in time, as far as noticed."""
        return self.filter(OPEN, breached_at__isnull=True)

    def of(self, subject, clause=None, key=None):
        """Clocks of a record, of one clause and key where given."""
        rows = self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        rows = rows if clause is None else rows.filter(clause=clause)
        return rows if key is None else rows.filter(key=key)

    def in_charge(self, person):
        """One's own clocks, and those of people who are away today and have one as their deputy."""
        away = Absence.objects.current(timezone.localdate()).filter(deputy=person).order_by()
        myself = Person.objects.filter(pk=person.pk).order_by()
        return self.filter(responsible__in=away.values("person").union(myself.values("pk"), all=True))

    def visible_to(self, person, *, verb=None):
        """Those one is in charge of, those of departments one heads, those of units where a position grants the verb.

        With a verb named, only the last.
        """
        if verb is not None:
            return super().visible_to(person, verb=verb)
        reached = person.rows(Verb.CLOCK_SEE, self.scope)
        if reached == EVERYTHING:
            return self.all()
        # Ids, not a join: each side of the condition then has its index.
        headed = list(Department.objects.filter(head=person).values_list("pk", flat=True))
        own = Q(responsible__in=[person.pk, *_stood_in_for(person)])
        return self.filter(own | Q(department__in=headed) | reached)


@tracked(exclude=["next_at", "level"])
class Clock(models.Model):
    """A duty with a due time. Source: clocks.md; the clause says which duty.

    Times are computed once and stored. `level` counts what has been told: 50, 80, 100, 150, 200 % of the term; at 100 %
    it is breached. The database itself derives `next_at`, when the next level comes: null when nothing more will. The
    subject is named without a foreign key, because subjects live on floors above.
    """

    clause = models.ForeignKey(
        "policy.Clause", models.PROTECT, db_index=False, related_name="+", verbose_name=_("clause")
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=60, blank=True)  # tells clocks of one record and clause apart
    branch = models.ForeignKey(
        "staff.Branch", models.PROTECT, db_index=False, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    department = models.ForeignKey(
        "staff.Department",
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in charge"),
    )
    title = models.CharField(_("title"), max_length=200)
    url_name = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=100, blank=True)  # the parameter whose value then in force is the term
    term = models.CharField(_("term"), max_length=20)
    kind = models.CharField(_("kind of time"), max_length=20, choices=Kind.choices)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    level = models.PositiveSmallIntegerField(default=0)
    next_at = models.GeneratedField(
        expression=Func(
            F("level"), F("started_at"), F("paused_for"), F("due_at"), F("paused_at"), F("closed_at"),
            function="policy_clock_next",
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )  # fmt: skip
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("met by"),
    )
    breached_at = models.DateTimeField(_("breached"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended at"), null=True, blank=True)  # met, waived, or the duty is over unmet
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    pause_reason = models.CharField(_("reason of the pause"), max_length=200, null=True, blank=True)
    paused_for = models.DurationField(_("paused for"), default=timedelta(0))
    waived_at = models.DateTimeField(_("waived"), null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("waived by"),
    )
    waiver_reason = models.CharField(_("reason of the waiver"), max_length=200, null=True, blank=True)
    regrades = models.PositiveSmallIntegerField(default=0)
    regrade_reason = models.CharField(_("reason of the new term"), max_length=200, blank=True)

    objects = ClockQuerySet.as_manager()
    history_page = True

    class Meta:
        verbose_name = _("clock")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "clause", "key"], condition=OPEN, name="clock_open_once"
            ),
            models.CheckConstraint(
                condition=Q(branch__isnull=False) | Q(department__isnull=False), name="clock_has_a_unit"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="clock_due_after_start"),
            models.CheckConstraint(condition=Q(level__lte=LAST), name="clock_level_to_200_percent"),
            models.CheckConstraint(
                condition=Q(level__lt=BREACHED) | Q(breached_at__isnull=False), name="clock_breached_at_100_percent"
            ),
            models.CheckConstraint(condition=Q(met_at__isnull=True) | ~OPEN, name="clock_met_is_closed"),
            models.CheckConstraint(condition=Q(waived_at__isnull=True) | ~OPEN, name="clock_waived_is_closed"),
            models.CheckConstraint(condition=Q(met_by__isnull=True) | Q(met_at__isnull=False), name="clock_met_by"),
            models.CheckConstraint(
                condition=all_or_none("waived_at", "waived_by", "waiver_reason"), name="clock_waiver_whole"
            ),
            models.CheckConstraint(
                condition=all_or_none("paused_at", "paused_by", "pause_reason"), name="clock_pause_whole"
            ),
            models.CheckConstraint(condition=~Q(waiver_reason="") & ~Q(pause_reason=""), name="clock_reasons_said"),
        ]
        indexes = [
            # What a tick looks at: only clocks that have a next level, in the order of its coming.
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_next"),
            models.Index(fields=["subject_type", "subject_id"], name="clock_of_subject"),
            models.Index(fields=["department", "due_at"], condition=OPEN, name="clock_open_of_department"),
            models.Index(fields=["responsible", "due_at"], condition=OPEN, name="clock_open_of_person"),
            models.Index(fields=["branch", "due_at"], condition=OPEN, name="clock_open_of_unit"),
            models.Index(fields=["due_at", "id"], condition=OPEN, name="clock_open"),
            models.Index(
                fields=["due_at", "id"], condition=OPEN & Q(breached_at__isnull=False), name="clock_over_time"
            ),
            models.Index(fields=["-closed_at", "-id"], condition=~OPEN, name="clock_closed"),
            models.Index(fields=["-closed_at"], condition=Q(waived_at__isnull=False), name="clock_waived"),
            models.Index(fields=["responsible", "-closed_at"], condition=~OPEN, name="clock_closed_of_person"),
            models.Index(fields=["branch", "-closed_at"], condition=~OPEN, name="clock_closed_of_unit"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="breach_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__breached_at__isnull=False)
                & pgtrigger.Q(old__breached_at__df=pgtrigger.F("new__breached_at")),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return self.title

    @property
    def state(self):
        """One of: paused, running, breached, met, late, waived, over."""
        if self.waived_at:
            return "waived"
        if self.met_at:
            return "late" if self.breached_at else "met"
        if self.closed_at:
            return "over"
        if self.breached_at:
            return "breached"
        return "paused" if self.paused_at else "running"

    @property
    def term_in_words(self):
        return Term.parse(self.term).in_words

    @property
    def provisional_for(self):
        """The year not yet confirmed by which the due time was counted; None where nothing will move it."""
        if self.closed_at or self.breached_at or self.kind == Kind.ELAPSED:
            return None
        first, last = timezone.localdate(self.started_at), timezone.localdate(self.due_at)
        return next(iter(current().unconfirmed(first, last)), None)

    @property
    def counts_from(self):
        """Start, moved by the pauses: percentages of the term count from here."""
        return self.started_at + self.paused_for


@tracked(exclude=["next_at"])
class DailyDuty(models.Model):
    """A duty of each working day until it ends: each day gets a clock of its own, due at closing. Source: CMP-04."""

    clause = models.ForeignKey("policy.Clause", models.PROTECT, db_index=False, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    branch = models.ForeignKey("staff.Branch", models.PROTECT, db_index=False, null=True, blank=True, related_name="+")
    department = models.ForeignKey(
        "staff.Department", models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    url_name = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()  # first moment of the next day that gets a clock

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "clause"],
                condition=Q(ended_at__isnull=True),
                name="daily_duty_once",
            ),
            models.CheckConstraint(
                condition=Q(branch__isnull=False) | Q(department__isnull=False), name="daily_duty_has_a_unit"
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(ended_at__isnull=True), name="daily_duty_next")]

    def __str__(self):
        return self.title
