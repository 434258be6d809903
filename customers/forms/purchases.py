"""Purchases: the lines of a document, one row of an open month, corrections, and which of them a list shows."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers import search
from customers.filters import entries, reach
from customers.models import Customer, Product, PurchaseAdjustment, kept
from customers.policies import staff_of, units_with
from customers.purchases import Line
from customers.values import amounts
from staff.forms.selects import PlainSelect
from staff.models import Branch, Person
from staff.searches import FIELD
from staff.verbs import Verb

from .fields import CleanTextField
from .receipts import day_input

OFFERED = 10  # customers found by a text


class AmountField(forms.CharField):
    """An amount in yuan as people write it; a return is negative."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_length": 30, "widget": widget} | options)

    def clean(self, value):
        text = super().clean(value)
        return amounts.read(text) if text else None

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else f"{value:.2f}"


class ProductField(CleanTextField):
    """A product by its name or code in the list, or as free text; gives (text, product or None)."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"list": "products", "autocomplete": "off"})
        super().__init__(**{"max_length": 120, "widget": widget, "label": _("Product")} | options)

    def clean(self, value):
        text = super().clean(value)
        for product in kept(Product):
            if not product.retired and text.lower() in (product.name.lower(), product.code):
                return product.name, product
        return text, None


def quantity_field():
    number = forms.NumberInput(attrs={"inputmode": "decimal", "autocomplete": "off", "step": "any"})
    return forms.DecimalField(label=_("Quantity"), max_digits=14, decimal_places=3, required=False, widget=number)


def document_field():
    text = forms.TextInput(attrs={"autocomplete": "off"})
    return CleanTextField(label=_("Document number"), max_length=40, widget=text)


class BoughtOnField(forms.DateField):
    def __init__(self, **options):
        super().__init__(**{"label": _("Bought on"), "widget": day_input()} | options)

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class PurchaseForm(forms.Form):
    """One document of one customer; its lines are a formset. The customer is found by a search, or known already."""

    about = CleanTextField(
        label=_("Customer"), max_length=100, error_messages={"required": _("Write who bought.")},
        help_text=_("Name, pinyin, phone tail or credit code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "data-settles": True}),
    )  # fmt: skip
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Unit of sale"), empty_label=None)
    bought_on = BoughtOnField()
    document_number = document_field()
    seller = forms.ModelChoiceField(
        Person.objects.none(), label=_("Seller"), required=False, empty_label=_("nobody named")
    )
    remarks = CleanTextField(label=_("Remarks"), max_length=200, required=False)

    def __init__(self, data=None, *, person, known=None):
        today = timezone.localdate()
        units = units_with(person, Verb.PURCHASE_ENTER)
        branch = known.branch_id if known and any(unit.pk == known.branch_id for unit in units) else None
        super().__init__(data, initial={"bought_on": today, "branch": branch})
        self.customers, self.known = Customer.objects.visible_to(person, verb=Verb.PURCHASE_ENTER).in_use(), known
        self.fields["bought_on"].widget.attrs["max"] = today.isoformat()
        self.fields["branch"].queryset = units
        if len(units) == 1:
            self.fields["branch"].widget = forms.HiddenInput()
            self.initial["branch"] = units[0].pk
        self.fields["seller"].queryset = staff_of(units, on=today).filter(disabled_at__isnull=True)
        if known:
            del self.fields["about"]
            self.initial["customer"] = known.pk
            self.fields["document_number"].widget.attrs["autofocus"] = True
        self.matches = self.found((data or {}).get("about", "")) if not known else []

    def found(self, text):
        """Customers of the person's units that a text may mean."""
        rows = search.matching(self.customers, text[:100]).select_related("branch").order_by("-pk")
        return list(rows[:OFFERED])

    def clean(self):
        data = super().clean()
        if self.known:
            data["customer"] = self.known
            return data
        chosen = data.get("customer")
        named = next((match for match in self.matches if match.pk == chosen), None)
        if named is None and len(self.matches) == 1:
            [named] = self.matches
        data["customer"] = named
        if named is None and "about" not in self.errors:
            if self.matches:
                self.add_error("about", _("Several customers match. Choose which one is meant."))
            else:
                self.add_error("about", _("No customer of your unit matches. Write another part of the name."))
        return data

    @property
    def entry(self):
        """What the action wants to know, besides the lines."""
        names = ("customer", "branch", "bought_on", "document_number", "seller", "remarks")
        return {name: self.cleaned_data[name] for name in names}


class LineForm(forms.Form):
    product = ProductField()
    quantity = quantity_field()
    amount = AmountField(label=_("Amount in yuan"))

    @property
    def line(self):
        text, product = self.cleaned_data["product"]
        return Line(text, self.cleaned_data["amount"], self.cleaned_data["quantity"], product)


class BaseLineFormSet(forms.BaseFormSet):
    """The lines of one document; one in which nothing is written is no line."""

    def clean(self):
        if any(self.errors):
            return
        seen = {}
        for number, form in enumerate(self.kept_forms(), start=1):
            text, _product = form.cleaned_data["product"]
            if text in seen:
                message = _("This product stands on line %(line)s already. Add the two together.")
                form.add_error("product", ValidationError(message, params={"line": seen[text]}))
            seen.setdefault(text, number)

    def kept_forms(self):
        return [form for form in self.forms if form not in self.deleted_forms and form.has_changed()]

    def lines(self):
        return [form.line for form in self.kept_forms()]


_LineFormSet = forms.formset_factory(
    LineForm, formset=BaseLineFormSet, extra=0, min_num=1, validate_min=True, can_delete=True, max_num=50,
    absolute_max=60,
)  # fmt: skip


def line_forms(data=None):
    return _LineFormSet(data, prefix="lines", error_messages={"too_few_forms": _("Write at least one line.")})


class RowForm(forms.Form):
    """One purchase of an open month, corrected."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=16)
    bought_on = BoughtOnField()
    document_number = document_field()
    product = ProductField()
    quantity = quantity_field()
    amount = AmountField(label=_("Amount in yuan"))
    seller = forms.ModelChoiceField(
        Person.objects.none(), label=_("Seller"), required=False, empty_label=_("nobody named")
    )
    remarks = CleanTextField(label=_("Remarks"), max_length=200, required=False)

    def __init__(self, data=None, *, purchase):
        said = {name: getattr(purchase, name) for name in self.base_fields if hasattr(purchase, name)}
        if purchase.quantity is not None:
            said["quantity"] = f"{purchase.quantity.normalize():f}"
        super().__init__(data, initial=said | {"product": purchase.shown_product, "seller": purchase.seller_id})
        self.purchase = purchase
        today = timezone.localdate()
        staff = staff_of(Branch.objects.filter(pk=purchase.branch_id), on=today).filter(disabled_at__isnull=True)
        past = Person.objects.filter(pk=purchase.seller_id)  # who has left since stays named
        ids = {*staff.values_list("pk", flat=True), *past.values_list("pk", flat=True)}
        self.fields["seller"].queryset = Person.objects.filter(pk__in=ids).order_by("staff_number")
        self.fields["bought_on"].widget.attrs["max"] = today.isoformat()
        # An import may have brought a row without; one that has a number keeps one.
        self.fields["document_number"].required = bool(purchase.document_number)

    @property
    def changes(self):
        data = self.cleaned_data
        text, product = data["product"]
        fields = {name: data[name] for name in ("bought_on", "document_number", "quantity", "amount", "remarks")}
        fields |= {"product_text": text, "product": product, "seller": data["seller"]}
        if text == self.purchase.shown_product:  # as written by the file, and its product
            fields |= {"product_text": self.purchase.product_text, "product": self.purchase.product}
        if data["seller"] is not None:
            fields["seller_text"] = ""
        return fields


class RemoveForm(forms.Form):
    mark = forms.CharField(widget=forms.HiddenInput, max_length=16)
    reason = CleanTextField(label=_("Why it is deleted"), max_length=200)

    def __init__(self, data=None, *, purchase):
        super().__init__(data, initial={"mark": purchase.mark})


class CorrectionForm(forms.Form):
    """What a purchase of a locked month should count with, and why."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=16)
    amount = AmountField(label=_("Right amount in yuan"), help_text=_("0 if nothing was bought at all"))
    reason = CleanTextField(label=_("Reason"), max_length=200)

    def __init__(self, data=None, *, purchase):
        super().__init__(data, initial={"mark": purchase.mark})


class DecisionForm(forms.Form):
    word = CleanTextField(label=_("Answer"), max_length=200, required=False)

    def __init__(self, data=None):
        super().__init__(data)
        self.declines = bool(data and "decline" in data)
        if self.declines:
            self.fields["word"].required = True
            self.fields["word"].error_messages["required"] = _("Say in a word why not.")


SORTS = [
    ("", _("last bought first")),
    ("oldest", _("first bought first")),
    ("amount", _("largest amount first")),
    ("smallest", _("smallest amount first")),
]
STATES = [
    ("", _("all purchases")),
    ("waiting", _("correction waits for a decision")),
    ("decide", _("correction is mine to decide")),
    ("corrections", _("corrections only")),
    ("returns", _("returns only")),
]


class PurchaseFilter(forms.Form):
    """Which purchases a list shows; what cannot be read counts as not said."""

    q = forms.CharField(
        label=_("Customer"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("customer"), "autocomplete": "off"}),
    )  # fmt: skip
    customer = forms.IntegerField(label=_("No."), required=False, widget=forms.HiddenInput)
    branch = forms.ChoiceField(label=_("Unit of sale"), required=False, widget=PlainSelect)
    since = forms.DateField(label=_("From"), required=False, widget=day_input())
    until = forms.DateField(label=_("Until"), required=False, widget=day_input())
    product = forms.ChoiceField(label=_("Product"), required=False, widget=PlainSelect)
    seller = forms.ChoiceField(label=_("Seller"), required=False, widget=PlainSelect)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False, widget=PlainSelect)
    sort = forms.ChoiceField(label=_("Sort"), choices=SORTS, required=False, widget=PlainSelect)

    def __init__(self, data, *, person):
        super().__init__(data)
        self.person = person
        units, staff = reach(person)
        self.fields["branch"].choices = [("", _("all units")), *((pk, name) for pk, name, _channel in units)]
        self.fields["seller"].choices = [("", _("any seller")), *staff]
        self.fields["product"].choices = [("", _("any product")), *entries(Product)()]
        if len(units) < 2:
            del self.fields["branch"]
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name) for name in self.fields}

    @property
    def narrowed(self):
        return any(value for name, value in self.chosen.items() if name != "sort")

    def narrow(self, rows):
        """Those of the rows, which are all that the person may see, that the choices leave."""
        chosen = self.chosen
        equal = {name: chosen[name] for name in ("customer", "branch", "product", "seller") if chosen.get(name)}
        bounds = {f"bought_on__{end}": chosen[name] for name, end in (("since", "gte"), ("until", "lte"))
                  if chosen[name]}  # fmt: skip
        rows = rows.filter(**equal, **bounds)
        if text := chosen[FIELD]:
            rows = rows.filter(customer__in=search.matching(Customer.objects.visible_to(self.person), text))
        if chosen["state"] == "waiting":
            return rows.waiting()
        if chosen["state"] == "decide":
            return rows.filter(pk__in=PurchaseAdjustment.objects.to_decide(self.person).values("purchase"))
        if chosen["state"] == "corrections":
            return rows.filter(adjusts__isnull=False)
        return rows.filter(amount__lt=0, adjusts__isnull=True) if chosen["state"] == "returns" else rows
