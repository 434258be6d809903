"""The demo company's fairs: one closed, one whose cards are being entered, one to come; customers are their members."""

from datetime import datetime, time, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from customers.models import Campaign, CampaignEntry, Customer, Source
from staff.models import Position
from staff.verbs import PositionCode

# Name, kind, place, first day and last day from today, closed on which day.
CAMPAIGNS = [
    ("春季办公文印展", Campaign.Kind.FAIR, "国家会议中心", -210, -208, -180),
    ("开学季图文促销", Campaign.Kind.MARKETING, "", -100, -70, None),
    ("秋季广告标识展", Campaign.Kind.FAIR, "上海国家会展中心", -12, -9, None),
    ("年终答谢会", Campaign.Kind.OTHER, "杭州", 24, 24, None),
]
BEFORE_AND_AFTER = timedelta(days=45)  # whoever was entered so near to the first day came by it
KNOWN_EVERY = 37  # of the customers that were there before, one in so many was met
REMARKS = ["要样品", "", "展后回电", "", "索取报价", "谈过招牌制作"]
MORNING = time(9, 30)


def build(*, on):
    marketing, inspector = (_first(code, on) for code in (PositionCode.MARKETING, PositionCode.INSPECTOR))
    for name, kind, place, first, last, closed in CAMPAIGNS:
        campaign = Campaign.objects.create(
            name=f"{(on + timedelta(days=first)).year} {name}",
            kind=kind,
            place=place,
            starts_on=on + timedelta(days=first),
            ends_on=on + timedelta(days=last),
            created_at=_at(on, first - 30),
            created_by=marketing,
            closed_at=None if closed is None else _at(on, closed),
            closed_by=None if closed is None else marketing,
        )
        if first < 0:
            _members(campaign, by=inspector, at=_at(on, last + 1))


def _members(campaign, *, by, at):
    source = Source.EXHIBITION if campaign.kind == Campaign.Kind.FAIR else Source.CAMPAIGN
    begun = datetime.combine(campaign.starts_on, MORNING, tzinfo=timezone.get_default_timezone())
    near = Customer.objects.filter(
        source=source, created_at__gt=begun - BEFORE_AND_AFTER, created_at__lt=begun + BEFORE_AND_AFTER
    )
    known = Customer.objects.filter(created_at__lt=begun - BEFORE_AND_AFTER).order_by("pk")
    known = list(known)[campaign.pk :: KNOWN_EVERY]
    rows = [(customer, True) for customer in near] + [(customer, False) for customer in known]
    prefetch_related_objects([customer for customer, _was_new in rows], "contacts")
    CampaignEntry.objects.bulk_create(
        CampaignEntry(
            campaign=campaign,
            customer=customer,
            entered_at=max(at, customer.created_at),
            entered_by=by,
            card_text=_card(customer),
            remark=REMARKS[customer.pk % len(REMARKS)],
            was_new=was_new,
        )
        for customer, was_new in rows
    )


def _card(customer):
    """What stands on it, without numbers."""
    contact = next(iter(customer.contacts.all()), None)
    return " · ".join(filter(None, [customer.name, *([contact.name, contact.title] if contact else [])]))


def _first(code, on):
    """Somebody who holds the position."""
    return Position.objects.current(on).filter(code=code).select_related("person").order_by("pk")[0].person


def _at(on, days):
    return datetime.combine(on + timedelta(days=days), MORNING, tzinfo=timezone.get_default_timezone())
