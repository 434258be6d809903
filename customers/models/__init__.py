from .books import BookIssue, FormBook, SpoiledSerial
from .checkout import CheckoutCheck
from .codes import BusinessType, CompanySize, Industry, kept, put_codes
from .contact import Contact, ContactWay
from .customer import Customer, Kind, Need, Source, Stage, Tier
from .desk import DeskForm
from .drafts import Draft
from .grant import CustomerGrant
from .matching import DuplicateVerdict, MatchKey
from .own_fields import OwnField
from .papers import CustomerFile, CustomerNote
from .proposal import ProposedChange
from .receipts import FormReceipt
from .registration import CONSENT_TEXT, FORM_NUMBER, Consent, DeclinedConsent, RegistrationForm
from .standard import FilingStandard
from .tip import Tip
from .views import SavedView

__all__ = [
    "CONSENT_TEXT",
    "FORM_NUMBER",
    "BookIssue",
    "BusinessType",
    "CheckoutCheck",
    "CompanySize",
    "Consent",
    "Contact",
    "ContactWay",
    "Customer",
    "CustomerFile",
    "CustomerGrant",
    "CustomerNote",
    "DeclinedConsent",
    "DeskForm",
    "Draft",
    "DuplicateVerdict",
    "FilingStandard",
    "FormBook",
    "FormReceipt",
    "Industry",
    "Kind",
    "MatchKey",
    "Need",
    "OwnField",
    "ProposedChange",
    "RegistrationForm",
    "SavedView",
    "Source",
    "SpoiledSerial",
    "Stage",
    "Tier",
    "Tip",
    "kept",
    "put_codes",
]
