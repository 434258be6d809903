"""Purchases as a file. Source: GEN-03, REC-16."""

from django.utils.translation import gettext_lazy as _

from customers.forms.purchases import PurchaseFilter
from customers.models import Purchase
from customers.views.purchases import ORDERS
from journal.exports import Column, Exporter, choices_of, in_words
from staff.verbs import Verb


def _purchase_rows(person, choices):
    form = PurchaseFilter(choices, person=person)
    rows = form.narrow(Purchase.objects.visible_to(person)).for_list().select_related("created_by")
    return rows.order_by(*ORDERS[form.chosen["sort"] or ""].by())


PURCHASES = Exporter(
    "purchases", _("Purchases"), "customers:purchases",
    (
        Column("bought", _("Bought on"), lambda row: row.bought_on, 12),
        Column("customer", _("Customer"), lambda row: row.customer.name, 36),
        Column("number", _("No."), lambda row: row.customer_id, 10),
        Column("unit", _("Unit of sale"), lambda row: row.branch.name, 18),
        Column("document", _("Document number"), lambda row: row.shown_document, 18),
        Column("product", _("Product"), lambda row: row.shown_product, 24),
        Column("quantity", _("Quantity"), lambda row: row.quantity, 12),
        Column("measure", _("Unit of measure"), lambda row: row.product and row.product.unit_of_measure, 10),
        Column("amount", _("Amount in yuan"), lambda row: row.amount, 14),
        Column("seller", _("Seller"), lambda row: row.shown_seller),
        Column("correction", _("Correction"), lambda row: row.adjusts_id is not None, 10),
        Column("remarks", _("Remarks"), lambda row: row.remarks, 30),
        Column("entered", _("Entered at"), lambda row: row.created_at, 18),
        Column("entered_by", _("Entered by"), lambda row: row.created_by and row.created_by.name),
    ),
    keep=choices_of(PurchaseFilter), rows=_purchase_rows,
    words=lambda person, choices: in_words(PurchaseFilter(choices, person=person)), verbs=(Verb.CUSTOMER_VIEW,),
)  # fmt: skip
