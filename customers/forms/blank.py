"""What stands on the paper blank beside its lines: the choices to tick. Source: REC-04."""

from customers.models import CONSENT_TEXT, BusinessType, CompanySize, Contact, Kind, Source

from .desk import AGREES

BOXES = 8  # a longer table is a line to write on: the blank stays one page, whatever the tables grow to


def blank():
    """Context of the blank's template, whose rows follow the form on screen."""
    return {
        "kinds": Kind.labels,
        "roles": Contact.Role.labels,
        "sizes": _offered(CompanySize),
        "business_types": _offered(BusinessType),
        "sources": Source.labels,
        "consents": list(AGREES.values()),
        "text_version": CONSENT_TEXT,
    }


def _offered(table):
    entries = [str(entry) for entry in table.objects.filter(retired=False)[: BOXES + 1]]
    return entries if len(entries) <= BOXES else []
