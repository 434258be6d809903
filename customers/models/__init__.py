from .checkout import CheckoutCheck
from .codes import BusinessType, CompanySize, Industry, kept
from .contact import Contact, ContactWay
from .customer import Customer, Kind, Need, Source, Stage, Tier
from .drafts import Draft
from .grant import CustomerGrant
from .matching import DuplicateVerdict, MatchKey
from .receipts import FormReceipt
from .registration import CONSENT_TEXT, Consent, RegistrationForm
from .standard import FilingStandard

__all__ = [
    "CONSENT_TEXT",
    "BusinessType",
    "CheckoutCheck",
    "CompanySize",
    "Consent",
    "Contact",
    "ContactWay",
    "Customer",
    "CustomerGrant",
    "Draft",
    "DuplicateVerdict",
    "FilingStandard",
    "FormReceipt",
    "Industry",
    "Kind",
    "MatchKey",
    "Need",
    "RegistrationForm",
    "Source",
    "Stage",
    "Tier",
    "kept",
]
