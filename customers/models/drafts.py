from datetime import timedelta

from django.conf import settings
from django.db import models

KEPT_FOR = timedelta(days=7)


class DraftQuerySet(models.QuerySet):
    def of(self, person, form, *, at):
        """The person's own drafts of a form that have not expired, the latest first."""
        return self.filter(person=person, form=form, saved_at__gt=at - KEPT_FOR).order_by("-saved_at")

    def expired(self, at):
        return self.filter(saved_at__lte=at - KEPT_FOR)


class Draft(models.Model):
    """What somebody has typed into a form and not saved yet: nobody else's business, gone when it is saved.

    `key` tells two sheets of the same form apart. Not in the history: it was never part of a record.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form = models.CharField(max_length=40)
    key = models.UUIDField()
    data = models.TextField()  # as the browser sent it
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form", "key"], name="draft_once")]
        indexes = [models.Index(fields=["saved_at"], name="draft_by_time")]

    def __str__(self):
        return f"{self.form} {self.saved_at:%Y-%m-%d %H:%M}"
