"""The blocks of a record as forms, each edited in place. Source: REC-01."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers import own_fields
from customers.models import BusinessType, CompanySize, Industry, Kind, Source

from .fields import CleanLinesField, CleanTextField, NameField
from .place import AddressFields
from .reasons import ReasonField
from .registration import BUSINESS, IDENTITY, CreditCodeMixin, NeedsField

PLACE = {"country", "province", "city", "district"}


class BlockForm(forms.Form):
    """A block that is being edited. `version` is the record's when the block was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = ReasonField(label=_("Why it changes"), required=False)  # a proposal always says why
    columns = ()

    def __init__(self, data=None, *, customer, proposing=False):
        values = {name: getattr(customer, name) for name in self.columns}
        super().__init__(data, initial={**values, "version": customer.version})
        self.customer = customer
        self.fields["reason"].required = proposing
        for name, field in self.fields.items():
            # What stood here when the block was opened travels along, so that a stale form knows what was touched.
            field.show_hidden_initial = name not in ("version", "needs", "reason")

    def take_over(self, current):
        """Bring a stale form up to date: fields that were not touched say what is stored now."""
        touched = set(self.changed_data)
        if touched & PLACE:
            touched |= PLACE  # a district alone, of another province, would say nothing
        data = self.data.copy()
        data["version"] = current.version
        for field in type(self)(customer=current).visible_fields():
            now = "" if field.value() is None else field.value()
            data[self.add_initial_prefix(field.name)] = now
            if field.name not in touched:
                data[field.name] = now
        self.data = data

    def fields_to_save(self):
        return {name: self.cleaned_data[name] for name in self.columns}

    def touched_fields(self):
        """What a proposal says: the fields that were written anew, whatever others stored meanwhile."""
        touched = set(self.changed_data)
        if touched & PLACE:
            touched |= PLACE
        return {name: value for name, value in self.fields_to_save().items() if name in touched}

    def changes_against(self, current):
        """(label, stored now, typed) of each field that was typed anew and is stored otherwise by now."""
        rows = []
        for name, typed in self.fields_to_save().items():
            stored = getattr(current, name)
            if stored != typed and name in self.changed_data:
                rows.append((self.fields[name].label, self._shown(current, name), self._shown_typed(name, typed)))
        return rows

    @staticmethod
    def _shown(current, name):
        display = getattr(current, f"get_{name}_display", None)
        return display() if display else getattr(current, name)

    def _shown_typed(self, name, typed):
        return dict(getattr(self.fields[name], "choices", ())).get(typed, typed) if isinstance(typed, str) else typed


class IdentityForm(CreditCodeMixin, AddressFields, BlockForm):
    columns = IDENTITY

    name = NameField(label=_("Customer name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    address = CleanTextField(label=_("Street and number"), max_length=200, required=False)
    different_because = CleanTextField(label=_("Why this is another customer"), max_length=200, required=False)

    def __init__(self, data=None, *, customer, **options):
        super().__init__(data, customer=customer, **options)
        self.abroad_possible = customer.is_international
        if not customer.is_international:
            self.fields["country"].widget = forms.HiddenInput()
        self.offer_address()

    def clean(self):
        data = super().clean()
        if not self.customer.is_international:
            data["country"] = "CN"
        unchanged = getattr(data.get("credit_code"), "value", "") == self.customer.credit_code
        if unchanged:
            data["credit_code_confirmed"] = True
        return self.place_abroad(self.confirm_credit_code(data))


class BusinessForm(BlockForm):
    columns = (*BUSINESS, "source")

    industry = forms.ModelChoiceField(Industry.objects.all(), label=_("Industry"), required=False)
    size = forms.ModelChoiceField(CompanySize.objects.all(), label=_("Size"), required=False)
    business_type = forms.ModelChoiceField(BusinessType.objects.all(), label=_("Type of business"), required=False)
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices)
    needs = NeedsField(label=_("New needs"), required=False, help_text=_("One need a line"))

    def __init__(self, data=None, *, customer, **options):
        super().__init__(data, customer=customer, **options)
        for name in BUSINESS:
            # A retired entry is offered to the records that bear it already.
            field = self.fields[name]
            field.empty_label = _("choose")
            field.queryset = field.queryset.filter(Q(retired=False) | Q(pk=getattr(customer, f"{name}_id")))


class InteractionForm(BlockForm):
    columns = ("preferences", "remarks")

    preferences = CleanLinesField(label=_("Behaviour and preferences"), max_length=2000, required=False)
    remarks = CleanLinesField(label=_("Remarks"), max_length=2000, required=False)


class OwnFieldsForm(BlockForm):
    """The company's own fields. Each has a name of its own on the form; the record keeps them in one column."""

    columns = ("custom",)

    def __init__(self, data=None, *, customer, proposing=False):
        super().__init__(data, customer=customer, proposing=proposing)
        self.definitions = {f"own-{field.code}": field for field in own_fields.offered(customer.custom)}
        for name, definition in self.definitions.items():
            value = customer.custom.get(definition.code)
            self.fields[name] = own_fields.form_field(definition, value)
            self.fields[name].show_hidden_initial = True
            self.initial[name] = own_fields.as_initial(value)

    def _written(self, names):
        return {
            self.definitions[name].code: own_fields.as_stored(self.definitions[name], self.cleaned_data.get(name))
            for name in names
        }

    def fields_to_save(self):
        return {"custom": own_fields.merged(self.customer.custom, self._written(self.definitions))}

    def touched_fields(self):
        written = self._written(name for name in self.definitions if name in self.changed_data)
        return {"custom": written} if written else {}

    def changes_against(self, current):
        typed, rows = self.fields_to_save()["custom"], []
        for name, definition in self.definitions.items():
            now, then = current.custom.get(definition.code), typed.get(definition.code)
            if now != then and name in self.changed_data:
                rows.append((str(definition), own_fields.shown(now), own_fields.shown(then)))
        return rows


BLOCKS = {"identity": IdentityForm, "business": BusinessForm, "interaction": InteractionForm, "own": OwnFieldsForm}
