"""What a position may do. A verb is one kind of act; a position holds a set of them. Source: SEC-01, roles.md."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    CUSTOMER_VIEW = "customer.view"
    CUSTOMER_REGISTER = "customer.register"
    CUSTOMER_EDIT = "customer.edit"
    CUSTOMER_ASSIGN = "customer.assign"
    CUSTOMER_ARCHIVE = "customer.archive"
    CONTACT_SEE = "contact.see"  # phones and e-mails unmasked on the record page
    NOTE_WRITE = "note.write"  # notes and files beside a record
    PURCHASE_ENTER = "purchase.enter"  # enter and correct purchases, ask for corrections of locked months
    PURCHASE_APPROVE = "purchase.approve"  # corrections of locked months that others ask for
    DESK_SERVE = "desk.serve"  # the unit's QR stand, its inbox and the forms received today
    BOOKS_MANAGE = "books.manage"  # numbered books of paper forms
    IMPORT_RUN = "import.run"  # legacy spreadsheets into the register, and out again
    FORMS_SEE = "forms.see"  # on-time entry of forms, by unit
    STANDARD_MANAGE = "standard.manage"  # the filing standard
    CAMPAIGN_VIEW = "campaign.view"  # campaigns and fairs; their members as far as customers are seen
    CAMPAIGN_MANAGE = "campaign.manage"
    FAIR_ENTER = "fair.enter"  # cards of a fair: new customers of any unit, and blanks of those that exist
    PEOPLE_MANAGE = "people.manage"
    BRANCH_MANAGE = "branch.manage"
    ABSENCE_MANAGE = "absence.manage"  # enter when people of the unit are away, and their deputy
    CODES_MANAGE = "codes.manage"
    NOTICE_WRITE = "notice.write"
    OUTBOX_MANAGE = "outbox.manage"  # what could not be delivered, group robots
    ACCESS_LOG_VIEW = "access_log.view"
    RULES_MANAGE = "rules.manage"
    CALENDAR_MANAGE = "calendar.manage"
    HANDBOOK_SEE_WHO = "handbook.see_who"  # who of the unit has confirmed the rules
    CLOCK_SEE = "clock.see"  # clocks of the unit, not only one's own
    CLOCK_WAIVE = "clock.waive"


class PositionCode(models.TextChoices):
    CLERK = "clerk", _("customer-service clerk")
    ACCOUNTANT = "accountant", _("branch accountant")
    SALES_REP = "sales_rep", _("sales representative")
    ACCOUNT_MANAGER = "account_manager", _("account manager")
    BRANCH_MANAGER = "branch_manager", _("branch manager")
    OPERATIONS_SPECIALIST = "operations_specialist", _("chain-operations specialist")
    INSPECTOR = "inspector", _("inspector")
    RELATIONS_SPECIALIST = "relations_specialist", _("customer-relations specialist")
    CALL_AGENT = "call_agent", _("call-centre agent")
    SERVICE_HEAD = "service_head", _("head of customer service")
    TECHNICAL = "technical", _("technical department")
    FINANCE = "finance", _("finance department")
    MARKETING = "marketing", _("marketing")
    EXECUTIVE = "executive", _("management")
    ADMINISTRATOR = "administrator", _("system administrator")


_see = Verb.CUSTOMER_VIEW
_own = {_see, Verb.CUSTOMER_REGISTER, Verb.CUSTOMER_EDIT, Verb.CONTACT_SEE, Verb.NOTE_WRITE}

GRANTS: dict[str, frozenset[Verb]] = {
    PositionCode.CLERK: frozenset(
        {_see, Verb.CUSTOMER_REGISTER, Verb.CONTACT_SEE, Verb.NOTE_WRITE, Verb.DESK_SERVE, Verb.FORMS_SEE}
    ),
    PositionCode.ACCOUNTANT: frozenset(
        {
            *_own,
            Verb.CUSTOMER_ARCHIVE,
            Verb.DESK_SERVE,
            Verb.BOOKS_MANAGE,
            Verb.FORMS_SEE,
            Verb.PURCHASE_ENTER,
        }
    ),
    PositionCode.SALES_REP: frozenset(_own),
    PositionCode.ACCOUNT_MANAGER: frozenset(_own),
    PositionCode.BRANCH_MANAGER: frozenset(
        {
            *_own,
            Verb.CUSTOMER_ASSIGN,
            Verb.PURCHASE_ENTER,
            Verb.PURCHASE_APPROVE,
            Verb.CUSTOMER_ARCHIVE,
            Verb.DESK_SERVE,
            Verb.BOOKS_MANAGE,
            Verb.FORMS_SEE,
            Verb.ABSENCE_MANAGE,
            Verb.HANDBOOK_SEE_WHO,
            Verb.CLOCK_SEE,
            Verb.CLOCK_WAIVE,
            Verb.NOTICE_WRITE,
        }
    ),
    PositionCode.OPERATIONS_SPECIALIST: frozenset({_see, Verb.CLOCK_SEE, Verb.FORMS_SEE}),
    PositionCode.INSPECTOR: frozenset({_see, Verb.CLOCK_SEE, Verb.FORMS_SEE, Verb.CAMPAIGN_VIEW, Verb.FAIR_ENTER}),
    PositionCode.RELATIONS_SPECIALIST: frozenset({_see, Verb.CUSTOMER_REGISTER, Verb.NOTE_WRITE}),
    PositionCode.CALL_AGENT: frozenset({_see}),
    PositionCode.SERVICE_HEAD: frozenset(
        {
            _see,
            Verb.PURCHASE_APPROVE,
            Verb.HANDBOOK_SEE_WHO,
            Verb.CLOCK_SEE,
            Verb.CLOCK_WAIVE,
            Verb.NOTICE_WRITE,
            Verb.FORMS_SEE,
            Verb.CAMPAIGN_VIEW,
            Verb.FAIR_ENTER,
        }
    ),
    PositionCode.TECHNICAL: frozenset({_see}),
    PositionCode.FINANCE: frozenset({_see}),
    PositionCode.MARKETING: frozenset({_see, Verb.NOTICE_WRITE, Verb.CAMPAIGN_VIEW, Verb.CAMPAIGN_MANAGE}),
    PositionCode.EXECUTIVE: frozenset({_see, Verb.CLOCK_SEE, Verb.FORMS_SEE, Verb.CAMPAIGN_VIEW}),
    PositionCode.ADMINISTRATOR: frozenset(
        {
            _see,
            Verb.PEOPLE_MANAGE,
            Verb.ABSENCE_MANAGE,
            Verb.BRANCH_MANAGE,
            Verb.IMPORT_RUN,
            Verb.CODES_MANAGE,
            Verb.STANDARD_MANAGE,
            Verb.RULES_MANAGE,
            Verb.CALENDAR_MANAGE,
            Verb.HANDBOOK_SEE_WHO,
            Verb.NOTICE_WRITE,
            Verb.OUTBOX_MANAGE,
            Verb.ACCESS_LOG_VIEW,
        }
    ),
}

# Verbs a position has only on rows it owns, although it sees more: a rep sees the whole area.
OWN_ROWS_ONLY: dict[str, frozenset[Verb]] = {
    PositionCode.SALES_REP: frozenset({Verb.CUSTOMER_EDIT, Verb.CONTACT_SEE}),
    PositionCode.ACCOUNT_MANAGER: frozenset({Verb.CUSTOMER_EDIT, Verb.CONTACT_SEE}),
}

UNIT_POSITIONS = frozenset(
    {
        PositionCode.CLERK,
        PositionCode.ACCOUNTANT,
        PositionCode.SALES_REP,
        PositionCode.ACCOUNT_MANAGER,
        PositionCode.BRANCH_MANAGER,
        PositionCode.OPERATIONS_SPECIALIST,
    }
)


def positions_with(verb: Verb) -> list[str]:
    """Codes of the positions that grant the verb, in the order of roles.md; used to say who can help."""
    return [code for code, verbs in GRANTS.items() if verb in verbs]
