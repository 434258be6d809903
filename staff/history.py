"""Change history of a model: inserts, updates and deletes, by database triggers. Source: SEC-05."""

from functools import wraps

import pghistory
from django.db import transaction


def tracked(*acts, **options):
    """Class decorator for every business model. Options as for pghistory.track, for example `exclude=["password"]`.

    `acts` are labels of what happens to a record without changing it; actions write them with pghistory.create_event.

    Fresh trackers for each model: the library's default trackers are deep-copied, and a copied operation no longer
    equals the original, which breaks statement-level triggers.
    """
    trackers = [pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()]
    return pghistory.track(*trackers, *(pghistory.ManualEvent(act) for act in acts), **options)


def action(act):
    """Decorator of every action: one transaction, whose changes history ascribes to `by`, also outside of requests."""

    @wraps(act)
    @transaction.atomic
    def acted(*args, by, **kwargs):
        with pghistory.context(person=by.pk):
            return act(*args, by=by, **kwargs)

    return acted
