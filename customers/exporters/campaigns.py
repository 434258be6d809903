"""Campaigns and their members as files. Source: GEN-03, REC-11."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.forms.campaigns import CampaignFilter, MemberFilter
from customers.models import Campaign, CampaignEntry
from customers.views.campaigns import NEEDED
from journal.exports import Column, Exporter, choices_of, in_words
from staff.paging import row_id
from staff.verbs import Verb


def _campaign_rows(person, choices):
    rows = CampaignFilter(choices).narrow(Campaign.objects.visible_to(person))
    return rows.select_related("created_by", "closed_by").order_by("-starts_on", "-pk")


def _number_members(person, rows):
    """As many as the person may see."""
    numbers = CampaignEntry.objects.visible_to(person).filter(campaign__in=rows).numbers()
    for row in rows:
        row.members, row.new_members = numbers.get(row.pk, (0, 0))


CAMPAIGNS = Exporter(
    "campaigns", _("Campaigns and fairs"), "customers:campaigns",
    (
        Column("name", _("Name"), lambda row: row.name, 36),
        Column("kind", _("Kind"), lambda row: row.get_kind_display()),
        Column("first", _("First day"), lambda row: row.starts_on),
        Column("last", _("Last day"), lambda row: row.ends_on),
        Column("place", pgettext_lazy("campaign", "Place"), lambda row: row.place, 24),
        Column("members", _("Members"), lambda row: row.members, 10),
        Column("new", _("New by it"), lambda row: row.new_members, 10),
        Column("by", _("Set up by"), lambda row: row.created_by and row.created_by.name),
        Column("closed", _("Closed at"), lambda row: row.closed_at, 18),
    ),
    keep=choices_of(CampaignFilter), rows=_campaign_rows, prepare=_number_members,
    words=lambda person, choices: in_words(CampaignFilter(choices)), verbs=(Verb.CAMPAIGN_VIEW,),
)  # fmt: skip


def _campaign_of(choices):
    return row_id(str(choices.get("campaign", "")))


def _keep_members(person, query):
    return choices_of(MemberFilter)(person, query) | {"campaign": query.get("campaign", "")}


def _member_rows(person, choices):
    rows = CampaignEntry.objects.visible_to(person).filter(campaign=_campaign_of(choices))
    return MemberFilter(choices).narrow(rows).select_related("campaign", *NEEDED).order_by("-pk")


def _member_words(person, choices):
    campaign = Campaign.objects.visible_to(person).filter(pk=_campaign_of(choices)).first()
    return [(gettext("Campaign"), str(campaign))] * bool(campaign) + in_words(MemberFilter(choices))


MEMBERS = Exporter(
    "campaign-members", _("Members of a campaign"), "customers:campaigns",
    (
        Column("campaign", _("Campaign"), lambda row: row.campaign.name, 36),
        Column("customer", _("Customer"), lambda row: row.customer.name, 36),
        Column("unit", _("Unit"), lambda row: row.customer.branch.name, 18),
        Column("owner", _("In charge"), lambda row: row.customer.owner and row.customer.owner.name),
        Column("new", _("New by it"), lambda row: row.was_new, 10),
        Column("card", _("As the card says"), lambda row: row.card_text, 48),
        Column("remark", _("Remark"), lambda row: row.remark, 36),
        Column("entered", _("Entered at"), lambda row: row.entered_at, 18),
        Column("by", _("Entered by"), lambda row: row.entered_by and row.entered_by.name),
    ),
    keep=_keep_members, rows=_member_rows, words=_member_words, verbs=(Verb.CAMPAIGN_VIEW,),
)  # fmt: skip
