"""Tips as a file. Source: GEN-03."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.views.tips import LABELS, tabs_of
from journal.exports import Column, Exporter


def _tip_state(person, choices):
    return choices.get("state") if choices.get("state") in tabs_of(person) else ""


def _tip_rows(person, choices):
    rows = tabs_of(person)[_tip_state(person, choices)]
    return rows.select_related("customer", "department", "sent_by", "answered_by").order_by("-pk")


TIPS = Exporter(
    "tips", _("Tips"), "customers:tips",
    (
        Column("text", _("What"), lambda tip: tip.text, 60),
        Column("customer", _("Customer"), lambda tip: tip.customer and tip.customer.name, 36),
        Column("department", _("Department"), lambda tip: tip.department and tip.department.name),
        Column("from", pgettext_lazy("sender", "From"), lambda tip: tip.sent_by.name),
        Column("sent", _("Sent"), lambda tip: tip.sent_at, 18),
        Column("answered", _("Answered at"), lambda tip: tip.answered_at, 18),
        Column("by", _("Answered by"), lambda tip: tip.answered_by and tip.answered_by.name),
        Column("answer", _("Answer"), lambda tip: tip.answer, 48),
    ),
    keep=lambda person, query: {"state": query["state"]} if query.get("state") in LABELS else {}, rows=_tip_rows,
    words=lambda person, choices: [(gettext("Tips"), str(LABELS[_tip_state(person, choices)]))],
)  # fmt: skip
