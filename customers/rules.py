"""Parameters of customer records."""

from django.utils.translation import gettext_lazy as _

from policy.rules import Rule

RECORDS_A_MINUTE = Rule(
    "customers.records_a_minute",
    default=500,
    minimum=100,
    maximum=100_000,
    unit=_("records"),
    clause="SEC-06",
    label=_("Customer records that one person can have shown within a minute"),
)
