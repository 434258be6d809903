"""The columns that a purchase has in a spreadsheet, and how the cells of each are read. Source: REC-15, REC-16.

A resource of django-import-export: its fields say which columns there are, their widgets read the cells and raise
ValidationError, with a sentence, for what cannot be read. Rows are matched and loaded by whole chunks, not by it.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export import resources

from customers.importing import cells
from customers.importing.widgets import Column, CreditCode, Day, Lines, Number, Text, Widget, quoted
from customers.values import amounts
from customers.values.keys import phone_keys
from customers.values.text import half_width

NO_PHONE = _("“%(written)s” is no phone number.")
NO_QUANTITY = _("“%(written)s” is no quantity: write a number.")
NOT_YET = _("This day has not come yet.")
MILLI = Decimal("0.001")
MOST = Decimal(10) ** 11
_MEASURED = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*[^\d\s.,+-]{0,4}")


class PhoneKeys(Widget):
    """Numbers in the form by which customers are found."""

    remembered = True

    def clean(self, value, row=None, **kwargs):
        text = cells.something_in_lines(value) if value is not None else ""
        read, lost = cells.phones_of(text) if text else ((), ())
        if lost and not read:
            raise ValidationError(NO_PHONE, params=quoted(lost[0]))
        return tuple(sorted(phone_keys(read)))


class DayThatHasCome(Day):
    def clean(self, value, row=None, **kwargs):
        day = super().clean(value, **kwargs)
        if day and day > timezone.localdate():
            raise ValidationError(NOT_YET)
        return day


class Amount(Widget):
    remembered = True

    def clean(self, value, row=None, **kwargs):
        if type(value) is float and isfinite(value):
            return amounts.read(value)
        text = cells.something(value) if value is not None else ""
        return amounts.read(text) if text else None


class Quantity(Widget):
    """A number with up to three decimals, and perhaps what is counted: 5, 2.5, 1,000张."""

    remembered = True

    def clean(self, value, row=None, **kwargs):
        text = cells.something(value) if value is not None else ""
        if not text:
            return None
        found = _MEASURED.fullmatch(half_width(text))
        number = Decimal(value) if type(value) is float else found and Decimal(found[1].replace(",", ""))
        if number is None or not number.is_finite() or abs(number) >= MOST:
            raise ValidationError(NO_QUANTITY, params={"written": text[:40]})
        return number.quantize(MILLI, ROUND_HALF_UP)


class PurchaseResource(resources.Resource):
    name = Column(_("customer name"), Text(), longest=120)
    phone = Column(_("phone"), PhoneKeys(), repeatable=True)
    credit_code = Column(_("unified social credit code"), CreditCode())
    branch = Column(_("unit of sale"), Text(), attribute="branch")
    bought_on = Column(_("bought on"), DayThatHasCome(), attribute="bought_on")
    document_number = Column(_("document number"), Number(), attribute="document_number", longest=40)
    product = Column(_("product"), Text(), attribute="product_text", longest=120)
    quantity = Column(_("quantity"), Quantity(), attribute="quantity")
    unit_price = Column(_("unit price"), Amount())
    amount = Column(_("amount"), Amount(), attribute="amount")
    seller = Column(_("seller"), Text(), attribute="seller_text", longest=60)
    remarks = Column(_("remarks"), Lines(), attribute="remarks", longest=200, repeatable=True)
    author = Column(_("entered by"), Text(), attribute="created_by", longest=60)
    created_on = Column(_("entered on"), DayThatHasCome(), attribute="created_at")
    number = Column(_("running number"), Text())
