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
GO_LIVE = Rule(
    "customers.go_live",
    default=None,
    kind="date",
    clause="REC-16",
    label=_("Sales months lock from the month of this day on (going live)"),
)
MONTH_LOCK_DAY = Rule(
    "customers.month_lock_day",
    default=5,
    minimum=1,
    maximum=20,
    clause="REC-16",
    label=_("A sales month locks on the working day of the next month with the number"),
)
MONTH_LOCK_TIME = Rule(
    "customers.month_lock_time",
    default="18:00",
    kind="time",
    clause="REC-16",
    label=_("A sales month locks on that day at"),
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
