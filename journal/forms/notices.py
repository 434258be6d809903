from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal import attachments
from journal.forms.uploads import Uploads
from journal.models import Notice
from staff.forms.records import RecordForm
from staff.models import Branch
from staff.verbs import UNIT_POSITIONS, PositionCode, Verb


class NoticeForm(RecordForm):
    positions = forms.MultipleChoiceField(
        choices=PositionCode.choices, required=False, label=_("Positions"), widget=forms.CheckboxSelectMultiple
    )
    units = forms.ModelMultipleChoiceField(
        Branch.objects.none(), required=False, label=_("Units"), widget=forms.CheckboxSelectMultiple
    )
    files = Uploads(
        required=False, label=_("Files"), widget=Uploads.Widget(attrs={"accept": attachments.ACCEPT}),
        help_text=_("PDF, PNG, JPEG, Word, Excel or PowerPoint, at most 5 files of 10 MB"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Notice
        fields = ["title", "kind", "body", "audience", "positions", "expires_on"]
        widgets = {
            "title": forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
            "body": forms.Textarea(attrs={"rows": 12}),
            "expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"expires_on": _("After this day it stands among the old ones. Empty: no end.")}

    field_order = ["title", "kind", "body", "audience", "positions", "units", "files", "removed", "expires_on"]

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = _units_of(person)
        if not _everywhere(person):
            self.fields["audience"].choices = [(Notice.Audience.UNITS, Notice.Audience.UNITS.label)]
            self.initial.setdefault("audience", Notice.Audience.UNITS)
            self.initial.setdefault("units", list(self.fields["units"].queryset))
            del self.fields["positions"]
        if self.instance.pk:
            self.initial["units"] = list(self.instance.units.all())
            if there := self.instance.attachments.all():
                self.fields["removed"] = forms.ModelMultipleChoiceField(
                    there, required=False, label=_("Remove files"), widget=forms.CheckboxSelectMultiple
                )
        self.initial["version"] = self.instance.version
        self.order_fields(self.field_order)

    def clean(self):
        chosen = self.cleaned_data
        audience = chosen.get("audience")
        if audience == Notice.Audience.POSITIONS and not chosen.get("positions") and "positions" not in self.errors:
            raise ValidationError({"positions": _("Choose at least one position.")})
        if audience == Notice.Audience.UNITS and not chosen.get("units") and "units" not in self.errors:
            raise ValidationError({"units": _("Choose at least one unit.")})
        return chosen

    def notice(self):
        """Arguments of notices.write and notices.edit. What the chosen audience does not use is dropped."""
        chosen = self.cleaned_data
        audience = chosen["audience"]
        return {
            "title": chosen["title"],
            "kind": chosen["kind"],
            "body": chosen["body"],
            "audience": audience,
            "positions": chosen["positions"] if audience == Notice.Audience.POSITIONS else [],
            "units": chosen["units"] if audience == Notice.Audience.UNITS else [],
            "uploads": chosen["files"],
            "expires_on": chosen["expires_on"],
        }


def _writing(person):
    return person.positions_granting(Verb.NOTICE_WRITE)


def _everywhere(person):
    """Headquarters writes for the whole company, a branch manager for the own unit."""
    return any(position.code not in UNIT_POSITIONS for position in _writing(person))


def _units_of(person):
    units = Branch.objects.filter(closed_on__isnull=True)
    if _everywhere(person):
        return units
    return units.filter(pk__in={position.branch_id for position in _writing(person)})


class WithdrawForm(forms.Form):
    because = forms.CharField(max_length=200, label=_("Reason"), widget=forms.TextInput(attrs={"autocomplete": "off"}))


class NoticeFilter(forms.Form):
    """The row of choices over the notices. Unknown values are passed over."""

    STATES = [("", _("current notices")), ("unread", _("not read yet")), ("expired", _("old ones"))]
    WRITER = [("mine", _("written by me"))]

    state = forms.ChoiceField(choices=[*STATES, *WRITER], required=False, label=_("State"))
    kind = forms.ChoiceField(choices=[("", _("of any kind")), *Notice.Kind.choices], required=False, label=_("Kind"))

    def __init__(self, *args, writer=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not writer:
            self.fields["state"].choices = self.STATES

    @property
    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def rows(self, person, on):
        """The notices chosen, each with `seen`; in no order."""
        state, kind = self.chosen.get("state"), self.chosen.get("kind")
        if state == "mine":
            rows = Notice.objects.filter(author=person)
        else:
            meant = Notice.objects.for_audience(person)
            rows = meant.exclude(pk__in=meant.in_force(on)) if state == "expired" else meant.in_force(on)
        rows = rows.with_read(person).select_related("author")
        if state == "unread":
            rows = rows.filter(seen=False)
        return rows.filter(kind=kind) if kind else rows
