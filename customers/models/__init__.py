from .books import BookIssue, FormBook, SpoiledSerial
from .codes import BusinessType, CompanySize, Industry, kept
from .contact import Contact, ContactWay
from .customer import Customer, Kind, Need, Source, Stage, Tier
from .desk import DeskForm
from .grant import CustomerGrant
from .matching import DuplicateVerdict, MatchKey
from .own_fields import OwnField
from .papers import CustomerFile, CustomerNote
from .proposal import ProposedChange
from .registration import CONSENT_TEXT, Consent, RegistrationForm
from .tip import Tip

__all__ = [
    "CONSENT_TEXT",
    "BookIssue",
    "BusinessType",
    "CompanySize",
    "Consent",
    "Contact",
    "ContactWay",
    "Customer",
    "CustomerFile",
    "CustomerGrant",
    "CustomerNote",
    "DeskForm",
    "DuplicateVerdict",
    "FormBook",
    "Industry",
    "Kind",
    "MatchKey",
    "Need",
    "OwnField",
    "ProposedChange",
    "RegistrationForm",
    "Source",
    "SpoiledSerial",
    "Stage",
    "Tier",
    "Tip",
    "kept",
]
