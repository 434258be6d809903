"""What people are told of their own accounts. Source: SEC-02."""

from django.utils.translation import gettext_lazy as _

from journal.kinds import Group, Kind, register

PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105  (a kind, not a secret)
SECOND_FACTOR_OFF = "accounts.second_factor_off"
SECOND_FACTOR_RESET = "accounts.second_factor_reset"
SECOND_STEP_TRIED = "accounts.second_step_tried"
NEW_DEVICE = "accounts.new_device"
DEVICES_OPEN = "accounts.devices_open"
DEVICES_STILL_OPEN = "accounts.devices_still_open"

_account = {"clause": "SEC-02", "group": Group.SYSTEM}

register(
    Kind(
        PASSWORD_CHANGED,
        _("Your password was changed at %(done_at)s. If that was not you, tell a system administrator."),
        important=True,
        **_account,
    ),
    Kind(
        SECOND_FACTOR_OFF,
        _("Two-step sign-in was switched off at %(done_at)s. If that was not you, tell a system administrator."),
        important=True,
        **_account,
    ),
    Kind(
        SECOND_FACTOR_RESET,
        _("%(name)s reset your two-step sign-in at %(done_at)s: %(reason)s"),
        important=True,
        **_account,
    ),
    Kind(
        SECOND_STEP_TRIED,
        _("Somebody who knows your password tried wrong codes at %(done_at)s (%(address)s). Change your password."),
        important=True,
        **_account,
    ),
    Kind(
        NEW_DEVICE,
        _("Signed in on a new device at %(done_at)s: %(browser)s, %(address)s. Not you? Change your password."),
        **_account,
    ),
    Kind(
        DEVICES_OPEN,
        _("Confirm for %(quarter)s that your devices are kept safe: anti-virus, updates, locked screens."),
        clause="SEC-09",
        group=Group.SYSTEM,
    ),
    Kind(
        DEVICES_STILL_OPEN,
        _("Still not confirmed for %(quarter)s: that your devices are kept safe. The quarter ends soon."),
        clause="SEC-09",
        important=True,
        group=Group.SYSTEM,
    ),
)
