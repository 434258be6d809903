"""Parameters of customer records."""

from django.utils.translation import gettext_lazy as _

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
RECORDS_A_MINUTE = Rule(
    "customers.records_a_minute",
    default=500,
    minimum=100,
    maximum=100_000,
    unit=_("records"),
    clause="SEC-06",
    label=_("Customer records that one person can have shown within a minute"),
)
