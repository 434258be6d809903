"""Forms about books of blanks. Source: REC-04."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers import books
from staff.models import Branch, Person

from .fields import CleanTextField


def _plain(**attrs):
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})


class BindForm(forms.Form):
    """Arguments of books.bind."""

    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Unit"), empty_label=_("choose"))
    first = CleanTextField(
        label=_("First serial"), max_length=19, widget=_plain(autofocus=True),
        help_text=_("As it is to be printed, for example 0000751"),
    )  # fmt: skip
    last = CleanTextField(label=_("Last serial"), max_length=19, widget=_plain())

    def __init__(self, data=None, *, units):
        super().__init__(data, initial={"branch": units[0].pk if len(units) == 1 else None})
        self.fields["branch"].queryset = units
        if len(units) == 1:
            self.fields["branch"].empty_label = None


class IssueForm(forms.Form):
    """Arguments of books.issue."""

    to = forms.ModelChoiceField(Person.objects.none(), label=_("Issued to"), empty_label=_("choose"))

    def __init__(self, data=None, *, people):
        super().__init__(data)
        self.fields["to"].queryset = people


class SpoilForm(forms.Form):
    """Arguments of books.spoil."""

    serial = CleanTextField(label=_("Serial"), max_length=19, widget=_plain())
    reason = CleanTextField(
        label=_("What happened"), max_length=200, widget=_plain(),
        help_text=_("For example: misprinted, torn out, written on by mistake"),
    )  # fmt: skip

    def __init__(self, data=None, *, account, initial=None):
        super().__init__(data, initial=initial)
        self.account = account

    def clean_serial(self):
        book, parts = self.account.book, books.split(self.cleaned_data["serial"])
        number = parts and parts[1]
        if not parts or parts[0] != book.prefix or not book.first <= number <= book.last:
            raise forms.ValidationError(_("This book has the serials %(book)s."), params={"book": book})
        if number in self.account.entered:
            raise forms.ValidationError(_("The form with this serial is entered; it is not spoiled."))
        return book.serial(number)

    def number(self):
        return books.split(self.cleaned_data["serial"])[1]
