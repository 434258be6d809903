"""Forms about campaigns and the grid in which cards of a fair are entered. Source: REC-11."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.actions import ContactEntry
from customers.campaigns import NAME_TAKEN
from customers.fair import Card
from customers.models import Campaign
from customers.values.text import person_name
from staff.models import Branch

from .fields import CleanTextField, EmailsField, NameField, PhonesField
from .receipts import day_input

ROWS = 12  # offered at once without JavaScript; with it, the grid grows by itself
AT_MOST = 100  # rows in one sheet
PREFIX = "cards"


class CampaignForm(forms.ModelForm):
    """Arguments of campaigns.set_up and correct."""

    class Meta:
        model = Campaign
        fields = ("name", "kind", "starts_on", "ends_on", "place")
        field_classes = {"name": CleanTextField, "place": CleanTextField}
        widgets = {
            "name": forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
            "starts_on": day_input(),
            "ends_on": day_input(),
        }
        error_messages = {"name": {"unique": NAME_TAKEN}}

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first one."))
        return data


class CampaignFilter(forms.Form):
    """Which campaigns a list shows. What cannot be read counts as not said."""

    STATES = [
        ("", _("open and closed")),
        ("open", pgettext_lazy("campaign", "open")),
        ("closed", pgettext_lazy("campaign", "closed")),
    ]
    kind = forms.ChoiceField(choices=[("", _("all kinds")), *Campaign.Kind.choices], required=False, label=_("Kind"))
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name) for name in self.fields}

    def narrow(self, rows):
        if kind := self.chosen["kind"]:
            rows = rows.filter(kind=kind)
        if state := self.chosen["state"]:
            rows = rows.filter(closed_at__isnull=state == "open")
        return rows


class MemberFilter(forms.Form):
    """Which members of a campaign a list shows."""

    came = forms.ChoiceField(
        choices=[("", _("all members")), ("new", _("new by it")), ("before", _("there before"))], required=False,
        label=_("How they came"),
    )  # fmt: skip

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name) for name in self.fields}

    def narrow(self, rows):
        return rows.filter(was_new=self.chosen["came"] == "new") if self.chosen["came"] else rows


class SheetForm(forms.Form):
    """The head of the grid: the unit that all rows are for unless they say another one."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.ModelChoiceField(
        Branch.objects.none(), label=_("Unit responsible"), required=False, empty_label=_("choose")
    )

    def __init__(self, data=None, *, units, usual=None):
        """`usual`: the unit of the sheet before, where it is one of these."""
        usual = units[0] if len(units) == 1 else next((unit for unit in units if str(unit.pk) == usual), None)
        super().__init__(data, initial={"submission": uuid.uuid4(), "unit": usual and usual.pk})
        self.fields["unit"].queryset = Branch.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["unit"].widget.choices = [("", _("choose")), *((unit.pk, unit.name) for unit in units)]
        if self.is_bound:
            self.is_valid()


def _cell(**attrs):
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})


class CardForm(forms.Form):
    """One row. `unit` is written, so that it can be pasted too; left empty, the unit of the sheet."""

    name = NameField(label=_("Company"), max_length=120, widget=_cell())
    contact = CleanTextField(label=_("Contact"), max_length=50, required=False, widget=_cell())
    title = CleanTextField(label=_("Job title"), max_length=50, required=False, widget=_cell())
    phones = PhonesField(label=_("Phones"), max_length=200, required=False, widget=_cell(inputmode="tel"))
    emails = EmailsField(label=_("E-mail"), max_length=254, required=False, widget=_cell(inputmode="email"))
    unit = CleanTextField(label=_("Unit"), max_length=60, required=False, widget=_cell(list="units"))
    need = CleanTextField(label=_("Need or interest"), max_length=500, required=False, widget=_cell())
    remark = CleanTextField(label=_("Remark"), max_length=500, required=False, widget=_cell())
    same = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    different_because = CleanTextField(label=_("Why it is another customer"), max_length=200, required=False)

    def __init__(self, *args, units, usual, **kwargs):
        """`units`: {name or code: unit} that a row may be for; `usual`: that of rows that say none."""
        super().__init__(*args, **kwargs)
        self.units, self.usual = units, usual
        self.placed, self.shown = None, ()
        for name in CELLS:
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    @property
    def cells(self):
        return [self[name] for name in CELLS]

    def clean_contact(self):
        return person_name(self.cleaned_data["contact"])

    def clean_unit(self):
        said = self.cleaned_data["unit"]
        unit = self.units.get(said.casefold()) if said else self.usual
        if unit is None and said:
            raise ValidationError(_("No unit is called “%(name)s”."), params={"name": said})
        if unit is None:
            raise ValidationError(_("Choose a unit above, or write one here."))
        return unit

    def clean(self):
        data = super().clean()
        wrong = {"contact", "phones", "emails"} & {*self.errors}
        if not wrong and data.get("title") and not (data["contact"] or data["phones"] or data["emails"]):
            self.add_error("contact", _("A job title alone is no contact. Write a name or a phone."))
        return data

    @property
    def is_blank(self):
        return not any((self.data.get(self.add_prefix(name)) or "").strip() for name in CELLS)

    def card(self, row):
        data = self.cleaned_data
        contact = ContactEntry(name=data["contact"], title=data["title"], phones=data["phones"], emails=data["emails"])
        return Card(
            row, data["name"], contact, data["unit"], data["need"], data["remark"], data["same"],
            data["different_because"],
        )  # fmt: skip


CELLS = ("name", "contact", "title", "phones", "emails", "unit", "need", "remark")
FIELDS = (*CELLS, "same", "different_because")


class BaseCardFormSet(forms.BaseFormSet):
    def cards(self):
        """The rows that can be read, as cards; the others tell in their cells what is wrong."""
        self.is_valid()
        return [form.card(row) for row, form in enumerate(self.forms) if not form.is_blank and not form.errors]

    def written(self):
        """Whether anything is written at all."""
        return any(not form.is_blank for form in self.forms)


CardFormSet = forms.formset_factory(
    CardForm, formset=BaseCardFormSet, extra=ROWS, max_num=AT_MOST, absolute_max=AT_MOST
)


def grid(data, *, units, before=None):
    """(head, rows) of a sheet: what was sent, or an empty one. `before`: the key of the unit of the sheet before."""
    head = SheetForm(data, units=units, usual=before)
    usual = head.cleaned_data.get("unit") if head.is_bound else None
    by_name = {word.casefold(): unit for unit in units for word in (unit.code, unit.name)}
    return head, CardFormSet(data, prefix=PREFIX, form_kwargs={"units": by_name, "usual": usual})


def rest_of(data, *, without, same_sheet=False):
    """({old row: new row}, sheet): the rows of a sheet that are not entered, closed up, and some empty ones. It is a
    new sheet, unless nothing of it has been entered."""
    rest, moved = QueryDict(mutable=True), {}
    for name in ("unit", "typed_by", "typed_on"):
        rest[name] = data.get(name, "")
    rest["submission"] = data.get("submission", "") if same_sheet else str(uuid.uuid4())
    total = min(_number(data.get(f"{PREFIX}-TOTAL_FORMS")), AT_MOST)
    for row in range(total):
        values = {name: data.get(f"{PREFIX}-{row}-{name}", "") for name in FIELDS}
        if row in without or not any(values[name].strip() for name in CELLS):
            continue
        moved[row] = len(moved)
        for name, value in values.items():
            rest[f"{PREFIX}-{moved[row]}-{name}"] = value
    rest[f"{PREFIX}-TOTAL_FORMS"] = str(min(len(moved) + ROWS, AT_MOST))
    rest[f"{PREFIX}-INITIAL_FORMS"] = "0"
    return moved, rest


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
