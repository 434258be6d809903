"""Columns of the company's own fields, and how the cells of each are read. Source: REC-08, REC-15."""

from django.core.exceptions import ValidationError

from customers import own_fields
from customers.models import OwnField, kept
from customers.values import amounts, dates
from customers.values.text import clean

from . import cells
from .headings import plain as plain_heading
from .judged import WARNINGS
from .widgets import Column, Day, Widget, quoted
from .wording import plain as plain_word

OWN = "own:"  # in front of the code of an own field, in place of a field's name
_YES = frozenset(map(plain_word, ("是", "有", "对", "yes", "y", "true", "1", "√", "✓")))
_NO = frozenset(map(plain_word, ("否", "无", "没有", "不", "no", "n", "false", "0", "×")))


def columns():
    """{"own:" and code: Column}."""
    return {f"{OWN}{one.code}": Column(str(one), _WIDGETS[one.kind](one)) for one in kept(OwnField)}


def headings():
    """{heading as it is compared: "own:" and code}, by labels and codes."""
    names = [(name, one.code) for one in kept(OwnField) for name in (one.label_zh, one.label_en, one.code)]
    return {plain_heading(name): f"{OWN}{code}" for name, code in names}


class _Stored(Widget):
    """The value as a record stores it; None where the cell says nothing."""

    def __init__(self, definition):
        super().__init__()
        self.definition = definition

    def clean(self, value, row=None, **known):
        text = cells.something(value) if value is not None else ""
        try:
            return self.stored(text, **known) if text else None
        except ValidationError:
            raise ValidationError(WARNINGS["own_field"], code="own_field", params=quoted(text)) from None


class _Text(_Stored):
    def stored(self, text, **known):
        if len(text) > own_fields.LONGEST:
            raise ValidationError(text)
        return clean(text)


class _Number(_Stored):
    def stored(self, text, **known):
        return own_fields.as_stored(self.definition, amounts.read(text))


class _Day(_Stored):
    remembered, told = Day.remembered, Day.told

    def stored(self, text, *, date1904=False, order=None, **known):
        return str(dates.read(text, date1904=date1904, order=order))


class _Choice(_Stored):
    def __init__(self, definition):
        super().__init__(definition)
        self._options = {plain_word(option): option for option in definition.options}

    def stored(self, text, **known):
        if (found := self._options.get(plain_word(text))) is None:
            raise ValidationError(text)
        return found


class _YesNo(_Stored):
    def stored(self, text, **known):
        if (word := plain_word(text)) not in _YES | _NO:
            raise ValidationError(text)
        return word in _YES


_WIDGETS = {
    OwnField.Kind.TEXT: _Text,
    OwnField.Kind.NUMBER: _Number,
    OwnField.Kind.DATE: _Day,
    OwnField.Kind.CHOICE: _Choice,
    OwnField.Kind.YES_NO: _YesNo,
}
