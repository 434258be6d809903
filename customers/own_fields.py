"""The company's own fields on customer records: as form fields, as stored, as shown, as searched. Source: REC-08."""

from datetime import date
from decimal import Decimal
from functools import partial

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.exports import Column

from .forms.fields import CleanTextField
from .models import OwnField, kept

LONGEST = 200  # characters of a text
YES_NO = [("", gettext_lazy("not known")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
STORED = {"yes": True, "no": False}


def offered(custom=None):
    """Definitions in their order; retired ones only where the given record has a value of them."""
    return [field for field in kept(OwnField) if not field.retired or field.code in (custom or {})]


def form_field(definition, value=None):
    """How a value is asked for."""
    common = {"label": str(definition), "required": False}
    match definition.kind:
        case OwnField.Kind.NUMBER:
            return forms.DecimalField(max_digits=18, decimal_places=4, **common)
        case OwnField.Kind.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case OwnField.Kind.CHOICE:
            names = dict.fromkeys(
                [*definition.options, *([value] if value else [])]
            )  # one that was taken off stays here
            return forms.ChoiceField(choices=[("", _("choose")), *((name, name) for name in names)], **common)
        case OwnField.Kind.YES_NO:
            return forms.ChoiceField(choices=YES_NO, **common)
    return CleanTextField(max_length=LONGEST, **common)


def as_initial(value):
    """A stored value as its form field begins."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def as_stored(definition, value):
    """A cleaned value as JSON keeps it; None where there is nothing to keep."""
    if value in (None, ""):
        return None
    if definition.kind == OwnField.Kind.YES_NO:
        return STORED[value]
    return f"{value.normalize():f}" if definition.kind == OwnField.Kind.NUMBER else str(value)


def merged(custom, changes):
    """The values of a record with some of them changed; None takes one away."""
    return {code: value for code, value in (custom | changes).items() if value is not None}


def shown(value):
    """A stored value for a reader."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value


def lines(customer):
    """(label, value shown or "") of each field of a record, in their order."""
    return [(field, shown(customer.custom.get(field.code, ""))) for field in offered(customer.custom)]


def file_columns():
    """Columns of a file, one for each field: numbers and dates are such, not text."""
    return [Column(f"own-{field.code}", str(field), partial(_in_file, field)) for field in kept(OwnField)]


def _in_file(definition, customer):
    value = customer.custom.get(definition.code)
    if value is None:
        return None
    return {OwnField.Kind.NUMBER: Decimal, OwnField.Kind.DATE: date.fromisoformat}.get(definition.kind, shown)(value)


def in_one_line(custom):
    """All values of a record, for its history."""
    labels = {field.code: str(field) for field in kept(OwnField)}
    return _(", ").join(f"{labels.get(code, code)} {shown(value)}" for code, value in (custom or {}).items())
