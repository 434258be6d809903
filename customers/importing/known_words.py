"""What the words of a file may mean here: units, code tables and lists, with all their names. Source: REC-15."""

from customers.models import BusinessType, CompanySize, Import, Industry, Source, Tier
from django.utils import translation
from staff.models import Branch, Person

from .wording import Wording

LISTED = ("branch", "source", "tier", "industry", "size", "business_type")  # fields whose words people can map
