"""How a person likes the customer list. Source: REC-08, ui.md ("List").

Filters hold ids, codes and dates only; a search text is never kept here.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, person):
        """One's own: what somebody looks for is nobody else's business."""
        return self.filter(person=person)


class SavedView(models.Model):
    """A choice of filters, order and columns under a name: a tab over the list. The one without a name holds the
    columns that the person wants where no other view is chosen."""

    AT_MOST = 12  # tabs of one person

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", db_index=False)
    name = models.CharField(pgettext_lazy("view", "name"), max_length=20, blank=True)
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=20, blank=True)
    columns = ArrayField(models.CharField(max_length=40), default=list)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_once")]

    def __str__(self):
        return self.name
