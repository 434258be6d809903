"""Registration form LC 16.06.302.01 on screen, in the order of the paper. Source: REC-04."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.actions import FormEntry
from customers.books import as_printed
from customers.models import BusinessType, CompanySize, Consent, Industry, Kind, Source
from customers.models import RegistrationForm as Entered
from customers.policies import possible_owners, staff_of, units_to_register_for, units_with
from staff.models import Branch, Channel, Person
from staff.verbs import Verb

from .fields import CleanLinesField, CleanTextField, CreditCodeField, NameField
from .place import AddressFields

IDENTITY = ("name", "kind", "credit_code", "country", "district", "address")
BUSINESS = ("industry", "size", "business_type")
PINNABLE = ("branch", "received_at", "received_by", "source", "industry", "size", "business_type")
WRONG_CHECK_DIGIT = ValidationError(
    _("The last character does not fit the rest. Compare with the licence; if it does read so, tick."),
    code="check_digit",
)
NO_TO = {"no-marketing": Consent.Purpose.MARKETING, "no-survey": Consent.Purpose.SURVEY}  # may be declined
NEEDS_AT_MOST = 20
NEED_LENGTH = 500


class CreditCodeMixin(forms.Form):
    """The credit code, and the question whether it really reads so when its check digit is wrong (GB 32100)."""

    credit_code = CreditCodeField(label=_("Unified social credit code"), max_length=40, required=False)
    credit_code_confirmed = forms.BooleanField(
        label=_("The code reads exactly so on the licence"), required=False, widget=forms.HiddenInput
    )

    def confirm_credit_code(self, data):
        code = data.get("credit_code")
        if code and not code.check_digit_ok:
            self.fields["credit_code_confirmed"].widget = forms.CheckboxInput()
            if not data.get("credit_code_confirmed"):
                self.add_error("credit_code", WRONG_CHECK_DIGIT)
        data["credit_code"] = code.value if code else ""
        return data


class LookForm(forms.Form):
    """What tells who a customer is, as far as it is typed: not judged yet, only looked for. Source: REC-18."""

    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    credit_code = CreditCodeField(max_length=40, required=False)
    country = forms.CharField(max_length=2, required=False, empty_value="CN")
    serial = CleanTextField(max_length=20, required=False)


class NeedsField(CleanLinesField):
    """First needs, one a line; gives a list of texts."""

    def clean(self, value):
        needs = [line for line in super().clean(value).splitlines() if line.strip()]
        if len(needs) > NEEDS_AT_MOST:
            raise ValidationError(_("At most %(number)s needs at once."), params={"number": NEEDS_AT_MOST})
        if any(len(need) > NEED_LENGTH for need in needs):
            raise ValidationError(_("One need has at most %(number)s characters."), params={"number": NEED_LENGTH})
        return needs


class RegistrationForm(CreditCodeMixin, AddressFields):
    sent = None  # the DeskForm that is being confirmed; typed from paper there is none
    serial = CleanTextField(label=_("Paper serial"), max_length=20, required=False)
    received_at = forms.DateTimeField(
        label=_("Received at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Write the date and time like 2026-11-25 14:30.")},
    )
    received_by = forms.ModelChoiceField(Person.objects.none(), label=_("Received by"))
    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Unit"))
    name = NameField(label=_("Customer name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.COMPANY)
    industry = forms.ModelChoiceField(Industry.objects.filter(retired=False), label=_("Industry"), required=False)
    size = forms.ModelChoiceField(CompanySize.objects.filter(retired=False), label=_("Size"), required=False)
    business_type = forms.ModelChoiceField(
        BusinessType.objects.filter(retired=False), label=_("Type of business"), required=False
    )
    source = forms.ChoiceField(label=_("Source"), choices=[("", _("choose")), *Source.choices])
    address = CleanTextField(label=_("Street and number"), max_length=200, required=False)
    needs = NeedsField(label=_("First needs"), required=False, help_text=_("One need a line"))
    preferences = CleanLinesField(label=_("Behaviour and preferences"), max_length=2000, required=False)
    remarks = CleanLinesField(label=_("Remarks"), max_length=2000, required=False)
    consents = forms.MultipleChoiceField(  # a yes, a no, or neither: not asked
        label=_("Consents"),
        choices=[
            *Consent.Purpose.choices,
            ("no-marketing", _("no news and offers")),
            ("no-survey", _("no satisfaction surveys")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    owner = forms.ModelChoiceField(Person.objects.none(), label=_("Person in charge"), required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput)
    different_because = CleanTextField(label=_("Why this is another customer"), max_length=200, required=False)

    def __init__(self, data=None, *, person, initial=None):
        units = units_to_register_for(person).select_related("district")
        super().__init__(data, initial=_defaults(person, units) | (initial or {}))
        self.person = person
        for name, label in (("branch", None), ("industry", _("choose")), ("size", _("choose")),
                            ("business_type", _("choose")), ("received_by", _("choose"))):  # fmt: skip
            self.fields[name].empty_label = label if label or len(units) == 1 else _("choose")
        self.fields["branch"].queryset = units
        self.fields["received_by"].queryset = self._receivers(units)
        self._offer_owners()
        self.offer_address()
        self._furnish()
        self.abroad_possible = any(unit.channel == Channel.INTERNATIONAL for unit in units)

    def _furnish(self):
        """What the keyboard needs: where to start, which fields look for duplicates, which can be pinned."""
        self.fields["serial"].widget.attrs |= {"autofocus": True, "autocomplete": "off", "data-settles": True}
        for name in ("name", "credit_code"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "data-settles": True}
        for name in PINNABLE:
            self.fields[name].widget.attrs["data-pin"] = True

    def _offer_owners(self):
        """Only a manager chooses who will be in charge."""
        self.assignable = units_with(self.person, Verb.CUSTOMER_ASSIGN)
        if self.assignable:
            self.fields["owner"].queryset = possible_owners(self.assignable)
            self.fields["owner"].empty_label = _("nobody yet")
        else:
            del self.fields["owner"]

    def _receivers(self, units):
        """People of the units today, and on the day that the form says: who has left since may have received it."""
        today = staff_of(units, on=timezone.localdate())
        try:
            received_at = self.fields["received_at"].clean(self["received_at"].value()) if self.is_bound else None
        except ValidationError:
            received_at = None
        return today | self._on_duty(units, received_at) if received_at else today

    @staticmethod
    def _on_duty(units, at):
        units = [units] if isinstance(units, Branch) else units
        return staff_of(units, on=timezone.localdate(at))

    def clean_received_at(self):
        received_at = self.cleaned_data["received_at"]
        if received_at > timezone.now():
            raise ValidationError(_("This time has not come yet. Write when the form was handed in."))
        return received_at

    def clean_submission(self):
        """Sent twice by its writer, a sheet is one. Under the id of somebody else's it is a new one: to answer with the
        customer of that one would tell whose it is. Source: SEC-06."""
        submission = self.cleaned_data["submission"]
        of_others = Entered.objects.filter(submission=submission).exclude(entered_by=self.person)
        return uuid.uuid4() if of_others.exists() else submission

    def clean_consents(self):
        """The purposes agreed to; `declined` are those that the customer said no to."""
        ticked = self.cleaned_data["consents"]
        declined = [purpose for code, purpose in NO_TO.items() if code in ticked]
        if both := [purpose for purpose in declined if purpose in ticked]:
            message = _("Yes and no at once to: %(purposes)s. Tick one of the two.")
            raise ValidationError(message, params={"purposes": gettext(", ").join(str(p.label) for p in both)})
        self.cleaned_data["declined"] = declined
        return [purpose for purpose in ticked if purpose not in NO_TO]

    def _forget_offered_place(self):
        """Province and city are offered as a start; left as they were without a district, they say nothing."""
        place = {name: self.cleaned_data.get(name) for name in ("province", "city")}
        if not self.cleaned_data.get("district") and place.items() <= self.initial.items():
            self.cleaned_data |= {"province": "", "city": ""}

    def clean(self):
        self._forget_offered_place()
        data = self.confirm_credit_code(super().clean())
        branch, received_by, received_at = data.get("branch"), data.get("received_by"), data.get("received_at")
        owner = data.get("owner")
        data["serial"] = as_printed(branch, data.get("serial", ""))
        if branch and branch.channel != Channel.INTERNATIONAL and data.get("country", "CN") != "CN":
            self.add_error("country", _("Customers outside mainland China belong to the international unit."))
        if branch and received_by and received_at and not self._on_duty(branch, received_at).contains(received_by):
            self.add_error("received_by", _("This person did not work in the unit chosen on that day."))
        if owner and branch and not (self.assignable.contains(branch) and possible_owners([branch]).contains(owner)):
            self.add_error("owner", _("This person cannot be in charge of customers of the unit chosen."))
        return self.place_abroad(data)

    def customer_fields(self):
        names = (*IDENTITY, *BUSINESS, "branch", "source", "preferences", "remarks")
        return {name: self.cleaned_data[name] for name in names}

    def form_entry(self):
        data = self.cleaned_data
        return FormEntry(data["received_at"], data["received_by"], data["serial"], data["submission"])


def _defaults(person, units):
    """What a clerk would write most often: my unit, my name, now, the unit's own district."""
    unit = units[0] if len(units) == 1 else None
    return {
        "submission": uuid.uuid4(),
        "received_at": timezone.localtime().replace(second=0, microsecond=0),
        "branch": unit.pk if unit else None,
        "province": unit.district.province if unit and unit.district else "",
        "city": unit.district.city if unit and unit.district else "",
    }
