"""The code tables by name, and what administrators do to their entries. Source: REC-08.

The company's own fields of customer records are one of them: their entries say what is asked for besides.
"""

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from staff import refusals

from .models import BusinessType, CompanySize, Industry, OwnField, Product

TABLES = {
    "industries": Industry,
    "sizes": CompanySize,
    "business-types": BusinessType,
    "products": Product,
    "own-fields": OwnField,
}
STEP = 10  # between two places in a list, so that an entry can come between them


@transaction.atomic
def add(table, *, code, by, **said):
    """A new entry, offered at once. Raises ValidationError where the code is there already."""
    entry = TABLES[table](code=code, **said)
    taken = _("This table has an entry with this code already.")
    sentences = {
        f"{entry._meta.db_table}_code_key": ("code", taken),
        "customers_product_name_key": ("name", _("This product is in the table already.")),
    }
    with pghistory.context(person=by.pk), refusals.in_words(sentences):
        entry.save()
    return entry


@transaction.atomic
def relabel(entry, *, by, **said):
    """Change how an entry reads, where it stands, and what else its table says of it.

    Code and kind stay: records and files know it by that.
    """
    with pghistory.context(person=by.pk):
        type(entry).objects.filter(pk=entry.pk).update(**said)


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


def first_values(table):
    """Of a new entry: the place behind the last one, where the table has places."""
    return {} if TABLES[table] is Product else {"position": _next_position(table)}


def _next_position(table):
    last = TABLES[table].objects.order_by("-position").values_list("position", flat=True).first() or 0
    return last + STEP
