"""The code tables by name, and what administrators do to their entries. Source: REC-08.

The company's own fields of customer records are one of them: their entries say what is asked for besides.
"""

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from staff import refusals

from .models import BusinessType, CompanySize, Industry, OwnField

TABLES = {"industries": Industry, "sizes": CompanySize, "business-types": BusinessType, "own-fields": OwnField}
STEP = 10  # between two places in a list, so that an entry can come between them


@transaction.atomic
def add(table, *, code, label_zh, label_en, position, by, **more):
    """A new entry, offered at once. Raises ValidationError where the code is there already."""
    entry = TABLES[table](code=code, label_zh=label_zh, label_en=label_en, position=position, **more)
    taken = _("This table has an entry with this code already.")
    with pghistory.context(person=by.pk), refusals.in_words({f"{entry._meta.db_table}_code_key": ("code", taken)}):
        entry.save()
    return entry


@transaction.atomic
def relabel(entry, *, label_zh, label_en, position, by, **more):
    """Change how an entry reads and where it stands; of an own field also the list to choose from.

    Code and kind stay: records and files know it by that.
    """
    with pghistory.context(person=by.pk):
        type(entry).objects.filter(pk=entry.pk).update(label_zh=label_zh, label_en=label_en, position=position, **more)


@transaction.atomic
def retire(entry, *, by):
    """Offer an entry no longer. Records keep it. Repeated, it changes nothing."""
    with pghistory.context(person=by.pk):
        type(entry).objects.filter(pk=entry.pk, retired=False).update(retired=True)


@transaction.atomic
def restore(entry, *, by):
    """Offer a retired entry again."""
    with pghistory.context(person=by.pk):
        type(entry).objects.filter(pk=entry.pk, retired=True).update(retired=False)


def next_position(table):
    """The place behind the last entry."""
    last = TABLES[table].objects.order_by("-position").values_list("position", flat=True).first() or 0
    return last + STEP
