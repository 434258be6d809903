from .codes import BusinessType, CompanySize, Industry, kept
from .contact import Contact, ContactWay
from .customer import Customer, Kind, Need, Source, Stage, Tier
from .grant import CustomerGrant
from .matching import DuplicateVerdict, MatchKey
from .registration import CONSENT_TEXT, Consent, RegistrationForm
from .views import SavedView

__all__ = [
    "CONSENT_TEXT",
    "BusinessType",
    "CompanySize",
    "Consent",
    "Contact",
    "ContactWay",
    "Customer",
    "CustomerGrant",
    "DuplicateVerdict",
    "Industry",
    "Kind",
    "MatchKey",
    "Need",
    "RegistrationForm",
    "SavedView",
    "Source",
    "Stage",
    "Tier",
    "kept",
]
