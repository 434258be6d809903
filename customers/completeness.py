"""What a record lacks by the filing standard that was in force when it was entered. Source: REC-21.

    judge([customer.pk])

is called by every action that may fill or empty an item, and after bulk work for all its rows at once; a nightly task
heals the rest.
"""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

CHUNK = 20_000  # records in one statement of the nightly task


@dataclass(frozen=True)
class Item:
    """One thing a standard can ask for. `there` and `asked` are conditions on the row `c` of customers_customer;
    `asked` says of which records it is asked at all."""

    label: object
    why: object
    there: str
    asked: str = "true"


_contact = "EXISTS (SELECT FROM customers_contact p WHERE p.customer_id = c.id AND p.valid_until IS NULL AND {})"
_way = (
    "EXISTS (SELECT FROM customers_contactway w JOIN customers_contact p ON p.id = w.contact_id "
    "WHERE w.customer_id = c.id AND w.kind = '{}' AND p.valid_until IS NULL)"
)
_company, _mainland = "c.kind = 'company'", "c.country = 'CN'"

ITEMS = {
    "contact_name": Item(
        _("contact's name"), _("Whoever calls or visits has to ask for somebody."),
        _contact.format("p.name <> ''"), _company,
    ),
    "purchasing_contact": Item(
        _("purchasing contact"), _("A change of the purchasing contact calls for a revisit."),
        _contact.format("p.role = 'purchasing'"), _company,
    ),
    "phone": Item(_("phone"), _("Revisits and reminders go by phone."), _way.format("phone")),
    "email": Item(_("e-mail"), _("Quotes and notices go by e-mail."), _way.format("email")),
    "credit_code": Item(
        _("unified social credit code"), _("It tells companies of one name apart, and invoices need it."),
        "c.credit_code <> ''", f"{_company} AND {_mainland}",
    ),
    "district": Item(
        _("district"), _("It decides which representative is responsible."), "c.district_id IS NOT NULL", _mainland
    ),
    "address": Item(_("street and number"), _("Deliveries and visits need it."), "c.address <> ''"),
    "industry": Item(
        _("industry"), _("Customers are classified and surveyed by it."), "c.industry_id IS NOT NULL", _company
    ),
    "size": Item(_("size"), _("Customers are classified by it."), "c.size_id IS NOT NULL", _company),
    "business_type": Item(
        _("type of business"), _("Customers are classified by it."), "c.business_type_id IS NOT NULL", _company
    ),
    "need": Item(
        _("needs"), _("Offers start from what the customer needs."),
        "EXISTS (SELECT FROM customers_need n WHERE n.customer_id = c.id)",
    ),
    "preferences": Item(
        _("behaviour and preferences"), _("Service follows what the customer likes."), "c.preferences <> ''"
    ),
    "marketing_consent": Item(  # no is an answer, and so is taken back
        _("answer on news and offers"), _("Without it nobody knows whether offers may be sent."),
        "(EXISTS (SELECT FROM customers_consent s WHERE s.customer_id = c.id AND s.purpose = 'marketing') OR "
        "EXISTS (SELECT FROM customers_declinedconsent d WHERE d.customer_id = c.id AND d.purpose = 'marketing'))",
    ),
}  # fmt: skip

# The most specific line decides - channel and source, channel, source, all - by its version in force at entry.
IN_FORCE = """
SELECT latest.id, latest.items FROM (
    SELECT DISTINCT ON (s.channel, s.source) s.id, s.channel, s.source, s.items
    FROM customers_filingstandard s
    WHERE s.channel IN ('', c.channel) AND s.source IN ('', c.source)
      AND s.starts_on <= (c.created_at AT TIME ZONE 'Asia/Shanghai')::date AND s.set_at <= c.created_at
    ORDER BY s.channel, s.source, s.starts_on DESC, s.set_at DESC, s.id DESC
) latest
WHERE latest.items IS NOT NULL
ORDER BY latest.channel <> '' DESC, latest.source <> '' DESC LIMIT 1
"""
JUDGED = ", ".join(
    f"CASE WHEN '{code}' = ANY(standard.items) AND {item.asked} AND NOT {item.there} THEN '{code}' END"
    for code, item in ITEMS.items()
)
# What the row `c` lacks; for who writes records by SQL, after their contacts and needs.
MISSING = f"""
(SELECT array_remove(ARRAY[{JUDGED}]::varchar(40)[], NULL)
 FROM (SELECT) one LEFT JOIN LATERAL ({IN_FORCE}) standard ON true)
"""  # noqa: S608  (nothing of it was typed by anybody)
JUDGE = f"""
WITH judged AS (
    SELECT c.id, {MISSING} AS missing
    FROM customers_customer c
    WHERE c.id = ANY(%(ids)s)
)
UPDATE customers_customer c SET missing = judged.missing
FROM judged WHERE c.id = judged.id AND c.missing IS DISTINCT FROM judged.missing
"""  # noqa: S608  (nothing of it was typed by anybody)
NEXT_CHUNK = "SELECT array_agg(id) FROM (SELECT id FROM customers_customer WHERE id > %s ORDER BY id LIMIT %s) c"


def judge(ids):
    """Store in `missing` of these records what each lacks, in one statement. Returns how many changed.

    Part of the caller's transaction. A record whose entry no standard reaches lacks nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(JUDGE, {"ids": list(ids)})
        return cursor.rowcount


def judge_all():
    """Judge every record anew, chunk by chunk: heals what bulk work forgot. Safe to stop and to repeat."""
    changed = last = 0
    while ids := _chunk_after(last):
        changed += judge(ids)
        last = ids[-1]
    return changed


def _chunk_after(last):
    with connection.cursor() as cursor:
        cursor.execute(NEXT_CHUNK, [last, CHUNK])
        return cursor.fetchone()[0]


def labels(codes):
    """What is missing, in words, in the order of the register."""
    return [item.label for code, item in ITEMS.items() if code in codes]


@dataclass(frozen=True)
class Completeness:
    """A record's completeness for readers: what is missing with its reason, and the line that asks for it."""

    missing: list
    standard: object | None


def of(customer):
    """What the record lacks and by which line of the standard."""
    from .models import FilingStandard

    row = FilingStandard.objects.raw(
        f"SELECT s.* FROM customers_customer c, LATERAL ({IN_FORCE}) line "  # noqa: S608
        "JOIN customers_filingstandard s ON s.id = line.id WHERE c.id = %s",
        [customer.pk],
    )
    return Completeness([ITEMS[code] for code in customer.missing if code in ITEMS], next(iter(row), None))
