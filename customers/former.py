"""Former contacts who are contacts again: ended by mistake, or back at the company. Source: REC-14, ADR 020."""

from dataclasses import replace

from staff.history import action

from .actions import edit, entries_from, entries_of
from .models import Contact, Customer


@action
def bring_back(contact, *, by, at, different_because=""):
    """Take the last day of a former contact away; the history keeps it. One who is a contact already stays as it is.

    Whatever was saved meanwhile stays, so nothing can be stale. A number that another contact of the customer has by
    now stays with that one. Raises ArchivedRecord and DuplicatesFound.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=contact.customer_id)
    if not Contact.objects.filter(pk=contact.pk).former().exists():
        return customer
    others = entries_of(customer)
    [entry] = entries_from([contact])
    taken = {(phone.e164, phone.extension) for other in others for phone in other.phones}
    free = tuple(phone for phone in entry.phones if (phone.e164, phone.extension) not in taken)
    return edit(
        customer, version=customer.version, contacts=[*others, replace(entry, phones=free)], by=by, at=at,
        different_because=different_because,
    )  # fmt: skip
