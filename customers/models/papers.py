"""What is kept beside a record: files and notes. Source: REC-01, SEC-04, SEC-05."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.history import tracked

from .customer import ChildQuerySet, Customer


def random_name(_row, _name):
    """Nothing of the sender's file name reaches the disk."""
    return f"customers/{uuid.uuid4().hex}"


class FileQuerySet(ChildQuerySet):
    def kept(self):
        return self.filter(removed_at__isnull=True)


@tracked()
class CustomerFile(models.Model):
    """A file that belongs to a record; served only to whoever sees the record, always as a download.

    Removing hides it and says who, when and why; row and file stay.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="files")
    file = models.FileField(upload_to=random_name)
    name = models.CharField(pgettext_lazy("file", "name"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("removed by")
    )  # fmt: skip
    removed_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = FileQuerySet.as_manager()
    history_hidden = ("customer", "file", "content_type", "size", "sha256", "added_at", "added_by")

    class Meta:
        verbose_name = pgettext_lazy("of a customer", "file")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removed_because="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_because="")),
                name="file_removed_by_somebody_for_a_reason",
            )
        ]

    def __str__(self):
        return self.name


@tracked()
class CustomerNote(models.Model):
    """A dated text about a customer. Only its author changes it; what it said before stays in the history."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="notes")
    text = models.TextField(pgettext_lazy("of a note", "text"), max_length=2000)
    written_at = models.DateTimeField(_("written at"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    objects = ChildQuerySet.as_manager()
    history_hidden = ("customer", "written_at", "author", "edited_at")

    class Meta:
        verbose_name = pgettext_lazy("of a customer", "note")
        indexes = [models.Index(fields=["customer", "-id"], name="note_newest")]

    def __str__(self):
        return f"{self.written_at:%Y-%m-%d}"
