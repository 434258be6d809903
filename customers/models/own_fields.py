from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.history import tracked

from .codes import Code


@tracked()
class OwnField(Code):
    """A field that the company adds to its customer records. `Customer.custom` holds the values by code.

    Values are stored as text, a date as 2026-11-25, a number as it is written without separators, yes as true.
    Source: REC-08.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        CHOICE = "choice", _("one of a list")
        YES_NO = "yes_no", _("yes or no")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    options = ArrayField(
        models.CharField(max_length=60), verbose_name=_("list to choose from"), default=list, blank=True
    )

    class Meta(Code.Meta):
        verbose_name = _("own field")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="choice") ^ models.Q(options=[]), name="options_where_one_is_chosen"
            )
        ]
