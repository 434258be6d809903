"""Parameters of customer records. Source: REC-05."""

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
