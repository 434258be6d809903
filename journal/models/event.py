from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Something that happened to a record and that floors above may have to answer: purchasing contact changed...

    Written in the transaction in which it happened and only ever added to. The subject is named without a foreign key,
    because subjects live on floors above.
    """

    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event")
        indexes = [models.Index(fields=["kind", "id"], name="event_by_kind")]

    def __str__(self):
        return f"{self.kind} {self.subject_type} {self.subject_id}"


class EventTaken(models.Model):
    """A consumer has answered an event: each answers each once, in whatever order they were committed."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="taken")
    consumer = models.CharField(max_length=60)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "event"], name="event_taken_once")]

    def __str__(self):
        return f"{self.consumer}: {self.event_id}"
