"""Who signed in, who saw what, who was refused: for administrators. Source: SEC-05, SEC-06."""

from datetime import datetime, time, timedelta

from django import forms
from django.apps import apps
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from journal.models import AccessLog
from staff.access import position_required
from staff.models import Person
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

NEWEST = Order("at", descending=True)


class AccessFilter(forms.Form):
    """Unknown values are passed over, never an error page."""

    q = forms.CharField(
        required=False, label=_("Name or staff number"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("name or staff number"),
                                      "autocomplete": "off", "maxlength": 50}),
    )  # fmt: skip
    action = forms.ChoiceField(choices=[("", _("any act")), *AccessLog.Action.choices], required=False, label=_("Act"))
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def rows(self):
        chosen, rows = self.chosen, AccessLog.objects.all()
        if "q" in chosen:
            rows = rows.filter(person__in=Person.objects.matching(chosen["q"]))
        if "action" in chosen:
            rows = rows.filter(action=chosen["action"])
        if "since" in chosen:
            rows = rows.filter(at__gte=_midnight(chosen["since"]))
        if "until" in chosen:
            rows = rows.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        return rows


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


@require_safe
@position_required(Verb.ACCESS_LOG_VIEW)
def access_log(request):
    chosen = AccessFilter(request.GET)
    found = page(chosen.rows().select_related("person"), NEWEST, **asked(request))
    names = _names(found.rows, request.user)
    for row in found.rows:
        row.subject = names.get((row.subject_type, row.subject_id), "")
    context = {"form": chosen, "rows": found.rows}
    fragment = "#log" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"journal/access_log.html{fragment}", context | links(request, found))


def _names(rows, person):
    """{(type, id): what it is called}, one query per type; of rows outside the reader's scope only type and number."""
    wanted = {}
    for row in rows:
        if row.subject_type and row.subject_id:
            wanted.setdefault(row.subject_type, set()).add(row.subject_id)
    names = {}
    for label, keys in wanted.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            names |= {(label, pk): f"{label} {pk}" for pk in keys}
            continue
        queryset = model._default_manager.all()
        seen = queryset.visible_to(person).in_bulk(keys) if hasattr(queryset, "visible_to") else {}
        title = model._meta.verbose_name
        names |= {(label, pk): f"{title} {seen.get(pk, f'#{pk}')}" for pk in keys}
    return names
