"""Campaigns and fairs: set up, corrected, closed when all their cards are entered. Source: REC-11."""

from django.utils.translation import gettext_lazy as _

from staff import refusals
from staff.history import action

from .models import Campaign, CustomerGrant

NAME_TAKEN = _("There is a campaign of this name. Add the year or the place.")
NAME_ONCE = {"customers_campaign_name_key": ("name", NAME_TAKEN)}


@action
def set_up(*, name, kind, starts_on, ends_on, place, by, at):
    """A new campaign. Raises ValidationError where the name is taken."""
    with refusals.in_words(NAME_ONCE):
        return Campaign.objects.create(
            name=name, kind=kind, starts_on=starts_on, ends_on=ends_on, place=place, created_at=at, created_by=by
        )


@action
def correct(campaign, *, by, **values):
    """Other words or days for a campaign. Raises ValidationError where the name is taken."""
    with refusals.in_words(NAME_ONCE):
        Campaign.objects.filter(pk=campaign.pk).update(**values)


@action
def close(campaign, *, by, at):
    """No more cards are entered. Closing twice keeps the first."""
    Campaign.objects.open().filter(pk=campaign.pk).update(closed_at=at, closed_by=by)


@action
def reopen(campaign, *, by):
    Campaign.objects.filter(pk=campaign.pk).update(closed_at=None, closed_by=None)


def open_to_author(campaign, customers):
    """Leads of a campaign are open to whoever set it up (roles.md, marketing). Part of the caller's transaction."""
    CustomerGrant.objects.bulk_create(
        (
            CustomerGrant(
                customer=customer, person_id=campaign.created_by_id, subject_type=campaign._meta.label_lower,
                subject_id=campaign.pk,
            )
            for customer in customers
        ),
        ignore_conflicts=True,
    )  # fmt: skip
