"""Archive instead of delete: a record leaves lists and searches, and stays, with all its history. Source: SEC-04."""

import pghistory
from django.db.models import F

from journal import events
from staff.history import action

from .actions import StaleEdit
from .models import Customer

ARCHIVED = "customers.archived"
RESTORED = "customers.restored"


@action
def archive(customer, *, version, reason, by, at):
    """Take a record out of use. Raises StaleEdit when somebody saved it meanwhile; archived already, it stays so."""
    current = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if current.archived_at:
        return
    if current.version != version:
        raise StaleEdit(current)
    pghistory.context(reason=reason)
    _save(current, archived_at=at, archived_by=by)
    events.tell(ARCHIVED, subject=current, at=at, by=by, params={"reason": reason})


@action
def restore(customer, *, reason, by, at):
    """Bring an archived record back into use. One that is in use stays as it is."""
    current = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if not current.archived_at:
        return
    pghistory.context(reason=reason)
    _save(current, archived_at=None, archived_by=None)
    events.tell(RESTORED, subject=current, at=at, by=by, params={"reason": reason})


def _save(current, **columns):
    """Not an update of what the record says: "last updated" stays; open forms become stale by the version."""
    Customer.objects.filter(pk=current.pk).update(**columns, version=F("version") + 1)
