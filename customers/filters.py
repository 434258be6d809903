"""The filters of the customer list: a row of small selects that reads as a sentence. Source: REC-08."""

import django_filters
from django.utils.translation import gettext_lazy as _

from staff.models import Branch, Channel, Person
from staff.verbs import Verb

from . import own_fields
from .models import BusinessType, CompanySize, Customer, Industry, OwnField, Source, Stage, Tier, kept
from .policies import units_with

NOBODY = "none"


def entries(table):
    """Choices of a code table, asked for with each page."""
    return lambda: [(entry.pk, str(entry)) for entry in kept(table)]


class CustomerFilters(django_filters.FilterSet):
    """Choices are scoped: a person is offered the units and owners of rows that the person may see."""

    branch = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Branch.objects.none(), empty_label=_("all units")
    )
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices, empty_label=_("all channels"))
    source = django_filters.ChoiceFilter(label=_("Source"), choices=Source.choices, empty_label=_("any source"))
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, empty_label=_("any tier"))
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=Stage.choices, empty_label=_("any stage"))
    industry = django_filters.ChoiceFilter(
        label=_("Industry"), choices=entries(Industry), empty_label=_("any industry")
    )
    size = django_filters.ChoiceFilter(label=_("Size"), choices=entries(CompanySize), empty_label=_("any size"))
    business_type = django_filters.ChoiceFilter(
        label=_("Type of business"), choices=entries(BusinessType), empty_label=_("any business")
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("In charge"), queryset=Person.objects.none(),
        empty_label=_("anybody in charge"), null_label=_("nobody in charge"), null_value=NOBODY,
    )  # fmt: skip
    entered = django_filters.ChoiceFilter(
        label=_("Entered"), choices=[("today", _("entered today"))],
        method="filter_entered", empty_label=_("entered at any time"),
    )  # fmt: skip

    class Meta:
        model = Customer
        fields = []

    def __init__(self, *args, person, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self._offer_own_fields()
        units = units_with(person, Verb.CUSTOMER_VIEW)
        self.filters["branch"].queryset = units
        staff = Person.objects.filter(positions__branch__in=units).distinct().order_by("name")
        self.filters["owner"].queryset = staff
        if len(units) < 2:
            del self.filters["branch"]
        if len({unit.channel for unit in units}) < 2:
            del self.filters["channel"]

    def _offer_own_fields(self):
        """Own fields of which one value is chosen narrow the list too."""
        for definition in own_fields.offered():
            choices = {
                OwnField.Kind.CHOICE: [(option, option) for option in definition.options],
                OwnField.Kind.YES_NO: own_fields.YES_NO[1:],
            }.get(definition.kind)
            if choices:
                name = f"own-{definition.code}"
                self.filters[name] = django_filters.ChoiceFilter(
                    label=str(definition), choices=choices, field_name=definition.code, method="filter_own",
                    empty_label=f"{definition}: {_('any')}",
                )  # fmt: skip
                self.filters[name].parent = self

    def filter_own(self, queryset, code, value):
        return queryset.filter(custom__contains={code: own_fields.STORED.get(value, value)})

    def filter_entered(self, queryset, name, value):
        return queryset.filter(created_at__gte=self.today)
