from .books import BookIssue, FormBook, SpoiledSerial
from .codes import BusinessType, CompanySize, Industry, kept
from .contact import Contact, ContactWay
from .customer import Customer, Kind, Need, Source, Stage, Tier
from .desk import DeskForm
from .grant import CustomerGrant
from .matching import DuplicateVerdict, MatchKey
from .registration import CONSENT_TEXT, Consent, RegistrationForm

__all__ = [
    "CONSENT_TEXT",
    "BookIssue",
    "BusinessType",
    "CompanySize",
    "Consent",
    "Contact",
    "ContactWay",
    "Customer",
    "CustomerGrant",
    "DeskForm",
    "DuplicateVerdict",
    "FormBook",
    "Industry",
    "Kind",
    "MatchKey",
    "Need",
    "RegistrationForm",
    "Source",
    "SpoiledSerial",
    "Stage",
    "Tier",
    "kept",
]
