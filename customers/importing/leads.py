"""Rows of an import of leads as members of their campaign. Source: REC-15 ("Kinds"), REC-11, LIF-01."""

from django.db import connection
from django.utils import timezone

from customers.models import Campaign, CampaignEntry, CustomerGrant, Import

# One membership for each record of a chunk; the rows remember it, for undoing.
ENTER = """
WITH entered AS (
    INSERT INTO customers_campaignentry
        (campaign_id, customer_id, entered_at, entered_by_id, card_text, remark, was_new)
    SELECT %(campaign)s, r.customer_id, %(at)s, min((r.data ->> 'author_id')::bigint), '', '', bool_or(r.made ? 'new')
    FROM customers_importrow r
    WHERE r.job_id = %(job)s AND r.place > %(low)s AND r.place <= %(high)s AND r.customer_id IS NOT NULL
      AND r.outcome IN ('new', 'update', 'duplicate')
    GROUP BY r.customer_id
    ON CONFLICT DO NOTHING RETURNING id, customer_id
)
UPDATE customers_importrow r SET made = r.made || jsonb_build_object('entry', entered.id)
FROM entered
WHERE r.job_id = %(job)s AND r.place > %(low)s AND r.place <= %(high)s AND r.customer_id = entered.customer_id
"""
# Leads of a campaign are open to whoever set it up (roles.md, marketing).
OPEN = """
INSERT INTO customers_customergrant (customer_id, person_id, subject_type, subject_id)
SELECT r.customer_id, %(author)s, %(type)s, %(campaign)s
FROM customers_importrow r
WHERE r.job_id = %(job)s AND r.place > %(low)s AND r.place <= %(high)s AND r.made ? 'new'
ON CONFLICT DO NOTHING
"""


def prepare(job):
    """Find or make the campaign of an import of leads. Part of the caller's transaction."""
    if job.kind != Import.Kind.LEADS or job.campaign_id:
        return
    job.campaign, _made = Campaign.objects.get_or_create(
        name=job.campaign_name,
        defaults={
            "kind": Campaign.Kind.MARKETING,
            "starts_on": timezone.localdate(job.committed_at),
            "created_at": job.committed_at,
            "created_by": job.committed_by,
        },
    )
    Import.objects.filter(pk=job.pk).update(campaign=job.campaign)


def enter(job, low, high):
    """Make the records of a chunk's rows members. Part of the caller's transaction."""
    if job.kind != Import.Kind.LEADS:
        return
    values = {"campaign": job.campaign_id, "at": job.committed_at, "job": job.pk, "low": low, "high": high}
    values |= {"author": job.campaign.created_by_id, "type": Campaign._meta.label_lower}
    with connection.cursor() as cursor:
        cursor.execute(ENTER, values)
        if job.campaign.created_by_id:
            cursor.execute(OPEN, values)


def leave(job, rows, gone):
    """Take back the memberships of some rows, and access to records that go. Part of the caller's transaction."""
    if job.campaign_id:
        entries = [row.made["entry"] for row in rows if "entry" in row.made]
        CampaignEntry._base_manager.filter(pk__in=entries).delete()
        _grants(job).filter(customer__in=gone).delete()


def not_ours(job, model, rows):
    """Of rows that hang on a record those that this import did not write."""
    if job.campaign_id and model is CampaignEntry:
        return rows.exclude(campaign=job.campaign_id)
    if job.campaign_id and model is CustomerGrant:
        return rows.exclude(pk__in=_grants(job))
    return rows


def close(job):
    """The campaign that an undone import made goes with its last member."""
    campaign = job.campaign
    if campaign and campaign.created_at == job.committed_at and not campaign.entries.exists():
        Import.objects.filter(campaign=campaign).update(campaign=None)
        campaign.delete()


def _grants(job):
    return CustomerGrant.objects.filter(subject_type=Campaign._meta.label_lower, subject_id=job.campaign_id)
