"""Product, price and market news for the staff. Source: GEN-04."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff.history import tracked
from staff.models import Branch, Person, Position
from staff.verbs import PositionCode, Verb


class NoticeQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)

    def in_force(self, on):
        return self.published().filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))

    def for_audience(self, person):
        """Published notices whose audience the person belongs to today."""
        held = person.current_positions
        mine = Q(audience=Notice.Audience.ALL)
        mine |= Q(audience=Notice.Audience.POSITIONS, positions__overlap=sorted({p.code for p in held}))
        if units := {p.branch_id for p in held if p.branch_id}:
            of_unit = NoticeUnit.objects.filter(notice=OuterRef("pk"), branch__in=units)
            mine |= Q(audience=Notice.Audience.UNITS) & Exists(of_unit)
        return self.published().filter(mine) if held else self.none()

    def visible_to(self, person):
        """Those meant for the person, and their own drafts and withdrawn ones."""
        return self.filter(Q(pk__in=self.model.objects.for_audience(person)) | self._written_by(person))

    def editable_by(self, person):
        return self.filter(self._written_by(person)) if person.can(Verb.NOTICE_WRITE) else self.none()

    @staticmethod
    def _written_by(person):
        if any(p.code == PositionCode.ADMINISTRATOR for p in person.current_positions):
            return Q(pk__isnull=False)  # an empty Q would vanish beside another condition
        return Q(author=person)

    def with_read(self, person):
        """`seen`: whether the person has confirmed reading it, or wrote it."""
        read = Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), person=person))
        return self.annotate(seen=ExpressionWrapper(Q(read) | Q(author=person), models.BooleanField()))


@tracked()
class Notice(models.Model):
    """News for everybody, for some positions or for some units. Draft until published; withdrawn, never deleted."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("product")
        PRICE = "price", _("price")
        MARKET = "market", _("market")
        GENERAL = "general", _("general")

    class Audience(models.TextChoices):
        ALL = "all", _("everybody")
        POSITIONS = "positions", _("chosen positions")
        UNITS = "units", _("chosen units")

    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"), max_length=20_000)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    audience = models.CharField(_("for"), max_length=20, choices=Audience.choices)
    positions = ArrayField(
        models.CharField(max_length=30, choices=PositionCode.choices), default=list, blank=True,
        verbose_name=_("positions"),
    )  # fmt: skip
    units = models.ManyToManyField(Branch, through="NoticeUnit", related_name="+", verbose_name=_("units"))
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("author")
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("withdrawn by"),
    )  # fmt: skip
    withdrawn_because = models.CharField(_("reason"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        indexes = [models.Index(fields=["-published_at", "-id"], name="notice_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, published_at__isnull=False),
                name="notice_withdrawn_by_and_at",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def state(self):
        if self.withdrawn_at:
            return "withdrawn"
        if not self.published_at:
            return "draft"
        return "expired" if self.expires_on and self.expires_on < timezone.localdate() else "published"

    @property
    def audience_text(self):
        """Whom it is meant for, in words."""
        if self.audience == self.Audience.POSITIONS:
            return gettext(", ").join(str(PositionCode(code).label) for code in self.positions)
        if self.audience == self.Audience.UNITS:
            return gettext(", ").join(unit.name for unit in self.units.all())
        return self.get_audience_display()

    def readers(self, on):
        """The enabled people whom it is meant for, by the positions they hold on a date."""
        held = Position.objects.current(on)
        if self.audience == self.Audience.POSITIONS:
            held = held.filter(code__in=self.positions)
        elif self.audience == self.Audience.UNITS:
            held = held.filter(branch__in=NoticeUnit.objects.filter(notice=self).values("branch"))
        return Person.objects.enabled().holding(held)


@tracked()
class NoticeUnit(models.Model):
    """A unit that a notice is meant for."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "branch"], name="notice_unit_once")]

    def __str__(self):
        return f"{self.notice_id} {self.branch_id}"


def random_name(_attachment, _name):
    """Nothing of the sender's file name reaches the disk."""
    return f"notices/{uuid.uuid4().hex}"


class NoticeAttachment(models.Model):
    """A file that belongs to a notice; served only to whoever sees the notice, always as a download."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=random_name)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name


class NoticeRead(models.Model):
    """Somebody confirmed having read a notice. Only ever added to."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="reads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="notice_read_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.notice_id} {self.person_id}"
