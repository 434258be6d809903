"""Parameters of customer records."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from policy.rules import Rule

FORM_ENTRY = Rule(
    "customers.form_entry",
    default="sameday",
    kind="term",
    clause="REC-05",
    label=_("A received form is entered within"),
)
FORM_REMINDER = Rule(
    "customers.form_reminder",
    default="17:00",
    kind="time",
    clause="REC-05",
    label=_("The accountant is reminded of forms not entered from"),
)
DESK_FORM_KEPT = Rule(
    "customers.desk_form_kept",
    default=30,
    minimum=1,
    maximum=365,
    unit=ngettext_lazy("day", "days"),
    clause="SEC-06",
    label=_("What was written on a phone and became no record is erased after"),
)
RECORDS_A_MINUTE = Rule(
    "customers.records_a_minute",
    default=500,
    minimum=100,
    maximum=100_000,
    unit=ngettext_lazy("record", "records"),
    clause="SEC-06",
    label=_("Customer records that one person can have shown within a minute"),
)
