from .books import BookIssue, FormBook, SpoiledSerial
from .campaigns import Campaign, CampaignEntry
from .checkout import CheckoutCheck
from .codes import BusinessType, CompanySize, Industry, kept, put_codes
from .contact import Contact, ContactWay
from .customer import Customer, Kind, Need, Source, Stage, Tier
from .desk import DeskForm
from .drafts import Draft
from .grant import CustomerGrant
from .imports import Import, ImportMapping, ImportRow, SuspectPair
from .matching import DuplicateVerdict, MatchKey
from .own_fields import OwnField
from .papers import CustomerFile, CustomerNote
from .proposal import ProposedChange
from .purchases import Product, Purchase, PurchaseAdjustment
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
    "Campaign",
    "CampaignEntry",
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
    "Import",
    "ImportMapping",
    "ImportRow",
    "Industry",
    "Kind",
    "MatchKey",
    "Need",
    "OwnField",
    "Product",
    "ProposedChange",
    "Purchase",
    "PurchaseAdjustment",
    "RegistrationForm",
    "SavedView",
    "Source",
    "SpoiledSerial",
    "Stage",
    "SuspectPair",
    "Tier",
    "Tip",
    "kept",
    "put_codes",
]
