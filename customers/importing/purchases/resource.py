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
from import_export import fields, resources, widgets

from customers.importing import cells
from customers.importing.judged import WARNINGS
from customers.values import amounts, credit_codes
from customers.values.keys import phone_keys
from customers.values.text import half_width

MILLI = Decimal("0.001")
MOST = Decimal(10) ** 11
_MEASURED = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*[^\d\s.,+-]{0,4}")


class Text(widgets.Widget):
    """One line; what only says that there is nothing is nothing."""

    def clean(self, value, row=None, **kwargs):
        return cells.something(value) if value is not None else ""


class Number(Text):
    """The number of a paper or a code. A spreadsheet keeps fifteen digits of a long one."""

    def clean(self, value, row=None, **kwargs):
        if type(value) is float and abs(value) >= cells.EXACT_DIGITS:
            raise ValidationError(WARNINGS["cut_by_spreadsheet"])
        return super().clean(value)


class Lines(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        return cells.tidy_lines(value) if value is not None else ""


class Phones(widgets.Widget):
    """Numbers in the form by which customers are found."""

    def clean(self, value, row=None, **kwargs):
        text = cells.something_in_lines(value) if value is not None else ""
        read, lost = cells.phones_of(text) if text else ((), ())
        if lost and not read:
            raise ValidationError(_("“%(written)s” is no phone number."), params={"written": lost[0][:60]})
        return tuple(sorted(phone_keys(read)))


class CreditCode(Number):
    def clean(self, value, row=None, **kwargs):
        text = super().clean(value)
        if not text:
            return ""
        code = credit_codes.read(text)
        if not code.check_digit_ok:
            raise ValidationError(_("The check digit of the credit code is wrong: compare it with the licence."))
        return code.value


class Day(widgets.Widget):
    """A day that has come. `date1904` is the workbook's own way of counting, `order` that of the column."""

    def clean(self, value, row=None, *, date1904=False, order=None, **kwargs):
        text = cells.no_strokes(cells.something(value)) if value is not None else ""
        if not text:
            return None
        day, problem = cells.date_of(text, date1904, order)
        if problem:
            raise problem
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class Amount(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        if type(value) is float and isfinite(value):
            return amounts.read(value)
        text = cells.something(value) if value is not None else ""
        return amounts.read(text) if text else None


class Quantity(widgets.Widget):
    """A number with up to three decimals, and perhaps what is counted: 5, 2.5, 1,000张."""

    def clean(self, value, row=None, **kwargs):
        text = cells.something(value) if value is not None else ""
        if not text:
            return None
        found = _MEASURED.fullmatch(half_width(text))
        number = Decimal(value) if type(value) is float else found and Decimal(found[1].replace(",", ""))
        if number is None or not number.is_finite() or abs(number) >= MOST:
            raise ValidationError(_("“%(written)s” is no quantity: write a number."), params={"written": text[:40]})
        return number.quantize(MILLI, ROUND_HALF_UP)


class Column(fields.Field):
    """`label` is what people call it."""

    def __init__(self, label, widget, *, attribute=None):
        super().__init__(attribute=attribute, widget=widget)
        self.label = label


class PurchaseResource(resources.Resource):
    name = Column(_("customer name"), Text())
    phone = Column(_("phone"), Phones())
    credit_code = Column(_("unified social credit code"), CreditCode())
    branch = Column(_("unit of sale"), Text(), attribute="branch")
    bought_on = Column(_("bought on"), Day(), attribute="bought_on")
    document_number = Column(_("document number"), Number(), attribute="document_number")
    product = Column(_("product"), Text(), attribute="product_text")
    quantity = Column(_("quantity"), Quantity(), attribute="quantity")
    unit_price = Column(_("unit price"), Amount())
    amount = Column(_("amount"), Amount(), attribute="amount")
    seller = Column(_("seller"), Text(), attribute="seller_text")
    remarks = Column(_("remarks"), Lines(), attribute="remarks")
    author = Column(_("entered by"), Text(), attribute="created_by")
    created_on = Column(_("entered on"), Day(), attribute="created_at")
    number = Column(_("running number"), Text())
