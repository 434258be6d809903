"""Purchases of a file that are in the register already, and what rows add to them. Source: REC-15, REC-16.

A document's line is known by its unit, number and product; a purchase without a number by customer, unit, day, product
and amount, and the how manyeth of its kind in the file it is: two equal ones on one day are two purchases.
"""

import hashlib
from decimal import Decimal

from django.db import connection
from django.utils.dateparse import parse_date

from customers.models import ImportRow, Purchase

BY_DOCUMENT = """
SELECT DISTINCT ON (k.place) k.place, p.id
FROM unnest(%(places)s::int[], %(branches)s::bigint[], %(numbers)s::text[], %(products)s::text[],
            %(product_ids)s::bigint[]) k(place, branch, number, product, product_id)
JOIN customers_purchase p ON p.branch_id = k.branch AND p.document_number = k.number
    AND (p.product_text = k.product OR p.product_id = k.product_id)
WHERE p.document_number <> '' AND p.adjusts_id IS NULL
ORDER BY k.place, p.product_text <> k.product, p.id
"""
FILLED = ("quantity", "seller", "remarks", "document_number")
DECIDED = ("customer_id", "bought_on", "amount", "quantity", "seller", "remarks")
CHANGED = (
    "customer_id", "bought_on", "document_number", "product_id", "quantity", "amount", "seller_id", "seller_text",
    "remarks",
)  # fmt: skip
CHANGE = f"""
UPDATE customers_purchase p SET {", ".join(f"{name} = said.{name}" for name in CHANGED)}
FROM jsonb_populate_recordset(NULL::customers_purchase, %s::jsonb) said WHERE p.id = said.id
"""  # noqa: S608 - our own columns


def fingerprint(customer, branch, data, ordinal):
    """Of a purchase without a document: equal for the same row of the same file again."""
    said = (customer, branch, data["bought_on"], data.get("product", ""), data["amount"], ordinal)
    return hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()


def find(asked):
    """{place: Purchase} of rows that are in the register. `asked`: (place, unit, data, fingerprint) of each."""
    found = _corrected({place: data["corrects"] for place, _unit, data, _print in asked if "corrects" in data})
    documents = [
        (place, unit, data["document_number"], data.get("product", ""), data.get("product_id"))
        for place, unit, data, _print in asked
        if "document_number" in data
    ]
    if documents:
        names = ("places", "branches", "numbers", "products", "product_ids")
        with connection.cursor() as cursor:
            cursor.execute(BY_DOCUMENT, dict(zip(names, map(list, zip(*documents, strict=True)), strict=True)))
            found |= cursor.fetchall()
    prints = {mark: place for place, _unit, _data, mark in asked if mark}
    for mark, pk in Purchase.objects.filter(fingerprint__in=prints).values_list("fingerprint", "pk"):
        found.setdefault(prints[mark], pk)
    rows = Purchase.objects.filter(adjusts=None).select_related("seller").in_bulk(set(found.values()))
    return {place: rows[pk] for place, pk in found.items() if pk in rows}


def _corrected(references):
    """{place: id of the purchase} that the rows of an error workbook correct."""
    if not references:
        return {}
    firsts = {(row.job_id, row.place): row.made["purchase"] for row in _firsts(references.values())}
    return {place: firsts[tuple(said)] for place, said in references.items() if tuple(said) in firsts}


def _firsts(references):
    jobs, places = {job for job, _place in references}, {place for _job, place in references}
    return ImportRow.objects.filter(job__in=jobs, place__in=places, made__has_key="purchase")


def mended(references):
    """{(import, place): data} of the rows that rows of an error workbook correct, as they were read first."""
    if not references:
        return {}
    return {(row.job_id, row.place): (row.customer_id, row.data) for row in _firsts(references)}


def stands(purchase):
    """What the purchase says, as JSON keeps it."""
    return {
        "customer_id": purchase.customer_id,
        "bought_on": purchase.bought_on.isoformat(),
        "document_number": purchase.document_number,
        "amount": str(purchase.amount),
        "quantity": None if purchase.quantity is None else str(purchase.quantity),
        "seller": purchase.shown_seller,
        "remarks": purchase.remarks,
    }


def said(customer, data):
    """What a row says, in the same words."""
    return {"customer_id": customer} | {name: data.get(name) for name in
            ("bought_on", "document_number", "amount", "quantity", "seller", "remarks")}  # fmt: skip


def compare(purchase, customer, data):
    """(names of blanks that the row fills, {column: [what stands, what the row says]})."""
    now, new = stands(purchase), said(customer, data)
    blanks = [name for name in FILLED if now[name] in (None, "") and new[name] not in (None, "")]
    if "document_number" in blanks and purchase.product_text != data.get("product", ""):
        blanks.remove("document_number")  # another line of that document may be there
    if data.get("product_id") and not purchase.product_id:
        blanks.append("product_id")
    conflicts = {
        name: [now[name], new[name]]
        for name in DECIDED
        if name not in blanks and new[name] not in (None, "") and new[name] != now[name]
    }
    return blanks, conflicts


def put(purchase, names, customer, data):
    """Change the purchase in memory as the row says for these columns."""
    for name in names:
        if name == "customer_id":
            purchase.customer_id = customer
        elif name == "bought_on":
            purchase.bought_on = day(data)
        elif name in ("amount", "quantity"):
            setattr(purchase, name, Decimal(data[name]))
        elif name == "seller":
            purchase.seller_id, purchase.seller_text = seller(data)
        else:
            setattr(purchase, name, data[name])


def seller(data):
    """(id, text) of who sold: the text only where it names none of our people."""
    known = data.get("seller_id")
    return known, "" if known else data.get("seller", "")


def columns(purchase):
    """All that an import may change, as JSON keeps it."""
    return {name: _plain(getattr(purchase, name)) for name in CHANGED}


def _plain(value):
    return value if value is None or isinstance(value, (int, str)) else str(value)


def mark(purchase):
    """Another mark means that somebody has changed the purchase."""
    return f"{purchase.customer_id}:{purchase.mark}"


def day(data):
    return parse_date(data["bought_on"])
