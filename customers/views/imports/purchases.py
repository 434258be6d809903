"""Rows of a spreadsheet of sales as somebody reads them. Source: REC-15, REC-16."""

from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from customers.importing.purchases import known
from customers.importing.purchases.headings import PURCHASES
from customers.models import Customer, Product, Purchase
from customers.templatetags.money import plain_number, yuan

NUMBERS = {"amount": yuan, "quantity": plain_number}


def summary(row):
    """Which sale it is, as the file says it."""
    data = row.data
    said = [_value(name, data.get(name)) for name in ("bought_on", "document_number", "product", "amount")]
    return [row.branch.name, *filter(None, said)] if data and row.branch else []


def tell_changes(rows, person):
    """Put onto rows that update a purchase what they fill and what they dispute, where the person sees the purchase."""
    found = Purchase.objects.visible_to(person).filter(pk__in=[row.data["purchase"] for row in rows])
    purchases = found.select_related("seller").in_bulk()
    disputed = {pk for row in rows for pk in row.conflicts.get("customer_id", ())}
    customers = Customer.objects.visible_to(person).in_bulk(disputed) if disputed else {}
    products = Product.objects.in_bulk({row.data["product_id"] for row in rows if "product_id" in row.data})
    for row in rows:
        purchase = purchases.get(row.data["purchase"])
        if purchase is None or any(code == "month_locked" for _column, code, *_said in row.problems):
            continue
        row.clashes = [
            {"column": name, "label": label_of(name), "stands": _value(name, stands, customers),
             "said": _value(name, said, customers), "taken": name in row.take}
            for name, (stands, said) in row.conflicts.items()
        ]  # fmt: skip
        blanks, _conflicts = known.compare(purchase, row.customer_id, row.data)
        said = row.data | {"product_id": str(products.get(row.data.get("product_id"), ""))}
        row.filled = [
            {"label": label_of(name), "value": _value(name, said[name]), "was_empty": True} for name in blanks
        ]
        row.changes_nothing = not (row.clashes or row.filled)


def label_of(name):
    """What a column of a purchase is called."""
    if name == "customer_id":
        return _("Customer")
    return capfirst(str(PURCHASES.labels[name.removesuffix("_id")]))


def _value(name, value, customers=()):
    """As lists of purchases show it."""
    if name in NUMBERS and value:
        return NUMBERS[name](Decimal(value))
    if name != "customer_id":
        return value
    return customers[value].name if value in customers else _("another customer")
