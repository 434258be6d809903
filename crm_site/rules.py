"""Parameters of accounts and sessions, and of the page that everybody can open. Source: SEC-02, REC-04."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from policy.rules import Rule
from staff.verbs import PositionCode

SESSIONS = Rule(
    "accounts.sessions",
    default=1,
    minimum=1,
    maximum=10,
    unit=ngettext_lazy("session", "sessions"),
    clause="SEC-02",
    label=_("Devices on which one account can be signed in at the same time"),
)
IDLE = Rule(
    "accounts.idle",
    default=120,
    minimum=10,
    maximum=1440,
    unit=ngettext_lazy("minute", "minutes"),
    clause="SEC-02",
    label=_("A sign-in ends when it was not used for"),
)
LASTS = Rule(
    "accounts.lasts",
    default=12,
    minimum=1,
    maximum=72,
    unit=ngettext_lazy("hour", "hours"),
    clause="SEC-02",
    label=_("A sign-in ends at the latest after"),
)
TRIES = Rule(
    "accounts.tries",
    default=5,
    minimum=3,
    maximum=20,
    unit=ngettext_lazy("try a minute", "tries a minute"),
    clause="SEC-02",
    label=_("Failed sign-ins on one account from one device or address"),
)
TRIES_ON_ACCOUNT = Rule(
    "accounts.tries_on_account",
    default=25,
    minimum=5,
    maximum=200,
    unit=ngettext_lazy("try a minute", "tries a minute"),
    clause="SEC-02",
    label=_("Failed sign-ins on one account from unknown devices everywhere"),
)
TRIES_FROM_ADDRESS = Rule(
    "accounts.tries_from_address",
    default=30,
    minimum=10,
    maximum=500,
    unit=ngettext_lazy("try a minute", "tries a minute"),
    clause="SEC-02",
    label=_("Failed sign-ins from unknown devices at one address, on all accounts"),
)

_managers = {
    PositionCode.BRANCH_MANAGER, PositionCode.SERVICE_HEAD, PositionCode.EXECUTIVE, PositionCode.ADMINISTRATOR,
}  # fmt: skip
POSITIONS_WITH_SECOND_FACTOR = {
    "administrators": frozenset({PositionCode.ADMINISTRATOR}),
    "managers": frozenset(_managers),
    "everybody": frozenset(PositionCode),
}
SECOND_FACTOR = Rule(
    "accounts.second_factor",
    default="administrators",
    kind="choice",
    choices=(
        ("administrators", _("system administrators")),
        ("managers", _("system administrators and managers")),
        ("everybody", _("everybody")),
    ),
    clause="SEC-02",
    label=_("Who has to sign in with two steps"),
)

DESK_FROM_ADDRESS = Rule(
    "desk.from_address",
    default=15,
    minimum=5,
    maximum=200,
    unit=ngettext_lazy("form a minute", "forms a minute"),
    clause="REC-04",
    label=_("Forms sent from phones at one address, which a shop's visitors may share"),
)
DESK_TO_UNIT = Rule(
    "desk.to_unit",
    default=30,
    minimum=5,
    maximum=500,
    unit=ngettext_lazy("form a minute", "forms a minute"),
    clause="REC-04",
    label=_("Forms sent from phones to one unit"),
)
