"""What a file may hold, and which headings it then has. Source: REC-15 ("Kinds")."""

from customers.models import Import

from . import headings
from .purchases.headings import PURCHASES

KNOWN = {
    Import.Kind.CUSTOMERS: headings.CUSTOMERS,
    Import.Kind.LEADS: headings.CUSTOMERS,
    Import.Kind.PURCHASES: PURCHASES,
}


def known(job):
    """The headings.Known of an import: fields with their labels, and what headings mean."""
    return KNOWN[job.kind]
