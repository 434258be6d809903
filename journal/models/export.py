"""Lists that people take out of Keke as a file. Source: GEN-03, SEC-06."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Nobody but who asked for it, administrators included: a file follows its person's scope."""
        return self.filter(person=person)

    def open(self):
        """Waiting or being written."""
        return self.filter(state__in=(ExportJob.State.QUEUED, ExportJob.State.RUNNING))

    def kept(self, at):
        """Done, and the file is still to be had."""
        return self.filter(state=ExportJob.State.DONE, expires_at__gt=at)


class ExportJob(models.Model):
    """One list as one file, for one person. A row of work: state, counters and a sign of life.

    The rows are chosen when the file is written, from `choices` and by what the person may see at that moment; the
    choices are not the rows. `attempt` names the process that writes: whoever took over has a higher one.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("export", "waiting for its turn")
        RUNNING = "running", pgettext_lazy("export", "being written")
        DONE = "done", pgettext_lazy("export", "ready")
        CANCELLED = "cancelled", pgettext_lazy("export", "cancelled")
        FAILED = "failed", pgettext_lazy("export", "failed")
        GONE = "gone", pgettext_lazy("export", "file deleted")

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel workbook (.xlsx)")
        CSV = "csv", _("text with commas (.csv), for SPSS, Python and others")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    list = models.CharField(_("list"), max_length=40)
    choices = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=40))
    format = models.CharField(_("format"), max_length=4, choices=Format.choices, default=Format.XLSX)
    purpose = models.CharField(_("purpose"), max_length=200)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    sign_of_life_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)  # of the file, as the person gets it
    size = models.PositiveBigIntegerField(default=0)  # bytes
    problem = models.CharField(max_length=20, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        indexes = [
            models.Index(fields=["person", "-id"], name="export_of_person"),
            models.Index(
                F("state"), F("id"), condition=Q(state__in=["queued", "running", "done"]), name="export_alive"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False, expires_at__isnull=False),
                name="export_done_expires",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="export_has_a_purpose"),
        ]

    def __str__(self):
        return self.name or f"#{self.pk}"

    @property
    def is_open(self):
        return self.state in (self.State.QUEUED, self.State.RUNNING)
