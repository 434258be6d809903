"""The filters of the customer list: a row of small selects that reads as a sentence. Source: REC-08."""

from urllib.parse import urlencode

import django_filters
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from staff.days import midnight
from staff.forms.selects import PlainSelect
from staff.models import Channel, Person
from staff.verbs import Verb

from . import own_fields
from .completeness import ITEMS
from .models import BusinessType, CompanySize, Customer, Industry, OwnField, Source, Stage, Tier, kept
from .policies import units_with

NOBODY = "none"
OWN = "own-"  # before the code of an own field
REACHED = {"branch", "channel", "owner"}
KEPT = 30  # seconds
COMPLETE, INCOMPLETE = "complete", "incomplete"


def entries(table):
    """Choices of a code table, asked for with each page."""
    return lambda: [(entry.pk, str(entry)) for entry in kept(table)]


def completeness_choices():
    """Complete, something missing, or one item that is missing. Source: REC-21."""
    lacks = [(code, _("lacks: %(item)s") % {"item": item.label}) for code, item in ITEMS.items()]
    return [(COMPLETE, _("complete")), (INCOMPLETE, _("something missing")), *lacks]


def _key(name, person):
    """Of what is kept for a person as long as the positions stay the same."""
    held = ",".join(f"{position.code}{position.branch_id or ''}" for position in person.current_positions)
    return f"{name}:{person.pk}:{held}"


def reach(person):
    """Units of which a person may see customers, as (id, name, channel), and their staff, as (id, name). Kept for a
    moment: only offers depend on it, rows are asked for anew."""
    key = _key("filters", person)
    if (found := cache.get(key)) is None:
        units = units_with(person, Verb.CUSTOMER_VIEW)
        staff = Person.objects.filter(positions__branch__in=units).distinct().order_by("name")
        found = list(units.values_list("pk", "name", "channel")), list(staff.values_list("pk", "name"))
        cache.set(key, found, KEPT)
    return found


class CustomerFilters(django_filters.FilterSet):
    """Choices are scoped: a person is offered the units and owners of rows that the person may see."""

    branch = django_filters.ChoiceFilter(label=_("Unit"), empty_label=_("all units"))
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
    owner = django_filters.ChoiceFilter(
        label=_("In charge"), empty_label=_("anybody in charge"), null_label=_("nobody in charge"), null_value=NOBODY,
    )  # fmt: skip
    entered = django_filters.ChoiceFilter(
        label=_("Entered"), choices=[("today", _("entered today"))],
        method="filter_entered", empty_label=_("entered at any time"),
    )  # fmt: skip
    archive = django_filters.ChoiceFilter(
        label=_("Archive"), choices=[("archived", _("archived"))],
        method="filter_archive", empty_label=pgettext_lazy("customer record", "in use"),
    )  # fmt: skip
    completeness = django_filters.ChoiceFilter(
        label=_("Completeness"), choices=completeness_choices, method="filter_completeness",
        empty_label=_("complete or not"),
    )  # fmt: skip

    class Meta:
        model = Customer
        fields = []

    def __init__(self, *args, person, today, only=None, **kwargs):
        """`only`: names of those that are made; each costs, and what is not asked for narrows nothing."""
        if only is not None:
            self.base_filters = {name: asked for name, asked in self.base_filters.items() if name in only}
        super().__init__(*args, **kwargs)
        self.today = today
        if only is None or any(name.startswith(OWN) for name in only):
            self._offer_own_fields(only)
        if not self.filters.keys().isdisjoint(REACHED):
            self._offer_what_is_in_reach(person)
        for asked in self.filters.values():
            asked.extra["widget"] = PlainSelect

    def _offer_what_is_in_reach(self, person):
        units, staff = reach(person)
        choices = {"branch": [(pk, name) for pk, name, _channel in units], "owner": staff}
        for name in choices.keys() & self.filters.keys():
            self.filters[name].extra["choices"] = choices[name]
        if len(units) < 2:
            self.filters.pop("branch", None)
        if len({channel for _pk, _name, channel in units}) < 2:
            self.filters.pop("channel", None)

    def _offer_own_fields(self, only):
        """Own fields of which one value is chosen narrow the list too."""
        for definition in own_fields.offered():
            choices = {
                OwnField.Kind.CHOICE: [(option, option) for option in definition.options],
                OwnField.Kind.YES_NO: own_fields.YES_NO[1:],
            }.get(definition.kind)
            name = f"{OWN}{definition.code}"
            if choices and (only is None or name in only):
                self.filters[name] = django_filters.ChoiceFilter(
                    label=str(definition), choices=choices, field_name=definition.code, method="filter_own",
                    empty_label=f"{definition}: {_('any')}",
                )  # fmt: skip
                self.filters[name].parent = self

    def filter_own(self, queryset, code, value):
        return queryset.filter(custom__contains={code: own_fields.STORED.get(value, value)})

    def filter_queryset(self, queryset):
        """Archived records are shown to whoever asks for them, and to nobody else. Source: SEC-04."""
        asked = self.form.cleaned_data.get("archive") == "archived"
        return super().filter_queryset(queryset if asked else queryset.in_use())

    def filter_archive(self, queryset, name, value):
        return queryset.filter(archived_at__isnull=False)

    def filter_completeness(self, queryset, name, value):
        if value == COMPLETE:
            return queryset.filter(missing=[])
        return queryset.exclude(missing=[]) if value == INCOMPLETE else queryset.filter(missing__contains=[value])

    def filter_entered(self, queryset, name, value):
        return queryset.filter(created_at__gte=self.today)


def filters_for(person, query, *, now, rows=None, only=None):
    """The filters of the list for a person; `rows` are those that the person may see."""
    today = midnight(timezone.localdate(now))
    visible = Customer.objects.visible_to(person) if rows is None else rows
    return CustomerFilters(query, queryset=visible, person=person, today=today, only=only)


def narrowed(rows, person, query, *, now):
    """(rows that the filters of an address leave, {name: value} of those that are known). Without any, rows in use."""
    asked = {
        name
        for name, value in query.items()
        if value and (name in CustomerFilters.base_filters or name.startswith(OWN))
    }
    if not asked:
        return rows.in_use(), {}
    filters = filters_for(person, query, now=now, rows=rows, only=asked)
    return filters.qs, {name: query[name] for name in filters.filters if name not in filters.form.errors}


def many_kept_as(person, chosen):
    """The key of whether a choice has more rows than a list counts."""
    return _key(f"many:{urlencode(sorted(chosen.items()))}", person)


def chosen_filters(person, query, *, now):
    """{name: value} of the filters that are set and that the list knows."""
    form = filters_for(person, query, now=now, only=set(query)).form
    form.is_valid()
    return {name: query[name] for name in form.fields if query.get(name) and name not in form.errors}


def selects_kept_as(person):
    return _key(f"filter-selects:{get_language()}", person)


def selects(person, query, *, now, kept=cache):
    """{name: markup} of all filters with what is chosen. Kept for a moment without it: they cost what the rows cost."""

    def make():
        form = filters_for(person, {}, now=now).form
        return {field.html_name: render_to_string("staff/filter.html", {"field": field}) for field in form}

    found = kept.get_or_set(selects_kept_as(person), make, KEPT)
    return {name: _with_choice(markup, query.get(name)) for name, markup in found.items()}


def _with_choice(markup, value):
    if value:
        option = f'value="{escape(value)}"'
        markup = markup.replace(" selected>", ">", 1).replace(f"{option}>", f"{option} selected>", 1)
    return mark_safe(markup)  # noqa: S308 - made by a template, then kept
