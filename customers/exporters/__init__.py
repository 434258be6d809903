"""The lists of this floor as files, by subject. Source: GEN-03, SEC-06."""

from journal.exports import register

from .campaigns import CAMPAIGNS, MEMBERS
from .codes import CODES
from .customers import CUSTOMERS, PROPOSALS
from .forms import BOOKS, CHECKS, DESK, RECEIPTS
from .imports import IMPORTS
from .purchases import PURCHASES
from .tips import TIPS

register(CUSTOMERS, CODES, RECEIPTS, CHECKS, TIPS, IMPORTS, PURCHASES, CAMPAIGNS, MEMBERS, PROPOSALS, DESK, BOOKS)
