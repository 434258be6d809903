"""Who signed in, who saw what, who was refused: for administrators. Source: SEC-05, SEC-06."""

from datetime import datetime, time, timedelta

from django import forms
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from journal import subjects
from journal.models import AccessLog
from staff.access import position_required
from staff.models import Person
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

NEWEST = Order("at", descending=True)
DETAILS = {
    "staff_number": _("typed: %(value)s"),
    "reason": _("reason: %(value)s"),
    "ended": _("ended: %(value)s"),
}
WORDS = {
    ("way", "one-time link"): _("by a one-time link"),
    ("way", "second step: app"): _("with a code of the app"),
    ("way", "second step: recovery"): _("with a recovery code"),
    ("way", "command on the server"): _("by a command on the server"),
    ("step", "second"): _("at the second step"),
}


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
    subjects.name(found.rows, request.user)
    for row in found.rows:
        row.details = [_detail(name, value) for name, value in row.detail.items()]
    context = {"form": chosen, "rows": found.rows}
    fragment = "#log" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"journal/access_log.html{fragment}", context | links(request, found))


def _detail(name, value):
    """A detail in the reader's words; one that nobody described stays as it was written."""
    if words := WORDS.get((name, str(value))):
        return words
    return DETAILS[name] % {"value": value} if name in DETAILS else f"{name}: {value}"
