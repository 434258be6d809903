"""What customers agreed to, declined and took back, and the gate that every message to them passes. Source: REC-17."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.models import CustomerMessage, Purpose
from staff.history import action

from . import completeness
from .models import CONSENT_TEXT, Consent, Contact, ContactWay, Customer, DeclinedConsent


@action
def give(customer, *, purpose, channel, note, given_at, by):
    """Record that a customer agreed to a purpose under the text of today. Raises ValidationError if it stands already.

    A consent that was given otherwise than on a form says in `note` how anybody can tell.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two clerks at once record it once
    if Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).exists():
        raise ValidationError({"purpose": _("This consent is recorded already.")})
    given = Consent.objects.create(
        customer=customer, purpose=purpose, channel=channel, text_version=CONSENT_TEXT, evidence_note=note,
        given_at=given_at, recorded_by=by,
    )  # fmt: skip
    completeness.judge([customer.pk])
    return given


@action
def decline(customer, *, purpose, channel, note, declined_at, by):
    """Record that a customer, asked for a purpose, said no. Raises ValidationError if a consent stands or the no does.

    It may agree later: then the consent counts.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    given = Consent.objects.filter(customer=customer, purpose=purpose)
    if given.filter(withdrawn_at=None).exists():
        raise ValidationError({"purpose": _("This consent stands. Record on it that it was taken back.")})
    if given.exists() or DeclinedConsent.objects.filter(customer=customer, purpose=purpose).exists():
        raise ValidationError({"purpose": _("That the customer says no is recorded already.")})
    declined = DeclinedConsent.objects.create(
        customer=customer, purpose=purpose, channel=channel, evidence_note=note, declined_at=declined_at, recorded_by=by
    )  # fmt: skip
    completeness.judge([customer.pk])
    return declined


@action
def withdraw(consent, *, note, by, at):
    """Record that a customer took a consent back. It stays to be seen. Repeated, it changes nothing."""
    Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_note=note, withdrawal_recorded_by=by
    )


def gate(recipient, purpose):
    """May a message go to a customer or contact of ours? Only at an address that is theirs today, and as consented.

    What serves an order needs no consent, but nobody writes to a customer who took that one back or said no to it.
    """
    found = _customer_of(recipient)
    if found is None:
        return None
    customer, contact = found
    if customer is None:
        return "unknown_customer"
    if customer.archived_at:
        return "archived"
    if recipient.channel != CustomerMessage.Channel.LETTER and not _is_theirs(recipient.address, customer, contact):
        return "not_their_address"
    consents = customer.consents.filter(purpose=purpose)
    if consents.filter(withdrawn_at=None).exists():
        return True
    if consents.exists():
        return "consent_withdrawn"
    if customer.declined_consents.filter(purpose=purpose).exists():
        return "consent_declined"
    return True if purpose == Purpose.SERVICE else "no_consent"


def _customer_of(recipient):
    """(customer, contact) that a message is for; None where it is not for any of ours, or says so wrongly."""
    if recipient.subject_type == Customer._meta.label_lower:
        return Customer.objects.filter(pk=recipient.subject_id).first(), None
    if recipient.subject_type == Contact._meta.label_lower:
        contact = Contact.objects.select_related("customer").filter(pk=recipient.subject_id).first()
        return (contact.customer, contact) if contact else (None, None)
    return None


def _is_theirs(address, customer, contact):
    today = timezone.localdate()
    still = Q(contact__valid_until=None) | Q(contact__valid_until__gte=today)
    ways = ContactWay.objects.filter(still, customer=customer, value__iexact=address.strip())
    return (ways if contact is None else ways.filter(contact=contact)).exists()
