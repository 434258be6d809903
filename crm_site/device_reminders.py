"""People hear that a quarter's confirmation of their devices is open: at its beginning, and in its last month.

Source: SEC-09.
"""

from django.utils import timezone

from journal.actions import notify
from staff import device_checks
from staff.models import quarter_name, quarter_of

from .notifications import DEVICES_OPEN, DEVICES_STILL_OPEN

LAST_MONTH = 2  # months after the quarter's first


def remind(*, at):
    """Tell whoever has not confirmed; each of the two once. Safe to repeat, late and several at once."""
    on = timezone.localdate(at)
    quarter = quarter_of(on)
    missing = device_checks.asked(on=on).filter(has_confirmed=False)
    kind = DEVICES_STILL_OPEN if on.month >= quarter.month + LAST_MONTH else DEVICES_OPEN
    notify(
        kind=kind, recipients=missing, at=at, dedupe=f"{kind}:{quarter}", url_name="staff:device_check",
        params={"quarter": quarter_name(quarter)},
    )  # fmt: skip
