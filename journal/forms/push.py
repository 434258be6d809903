from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from journal import kinds
from journal.kinds import Group
from journal.models import ChannelPreference, Notification, PushSettings
from staff.forms.records import RecordForm


class PushForm(RecordForm):
    """How a person wants to be told outside of Keke."""

    class Meta:
        model = PushSettings
        fields = ["language", "quiet_from", "quiet_until", "hold_important"]
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "quiet_until": _(
                "What comes in quiet hours is pushed at their end; they may pass midnight. Important news comes "
                "through, unless you hold it back too."
            ),
        }

    def __init__(self, *args, preferences=None, **kwargs):
        super().__init__(*args, **kwargs)
        for group in Group:
            self.fields[f"email_{group}"] = forms.ChoiceField(
                choices=ChannelPreference.Email.choices,
                label=format_lazy(_("E-mail: {group}"), group=group.label),
                initial=(preferences or {}).get(group.value, ChannelPreference.Email.IMPORTANT),
            )

    def clean(self):
        start, end = self.cleaned_data.get("quiet_from"), self.cleaned_data.get("quiet_until")
        if (start is None) != (end is None) and not {"quiet_from", "quiet_until"} & set(self.errors):
            raise ValidationError({"quiet_until": _("Quiet hours need a beginning and an end.")})
        if start is not None and start == end:
            raise ValidationError({"quiet_until": _("Quiet hours end at another time than they begin.")})
        return self.cleaned_data

    def chosen(self):
        """Arguments of preferences.save."""
        settings = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {"settings": settings, "emails": {g.value: self.cleaned_data[f"email_{g}"] for g in Group}}


class BellFilter(forms.Form):
    """The row of choices over one's notifications. Unknown values are passed over."""

    state = forms.ChoiceField(
        choices=[("", _("all news")), ("unread", _("unread only"))], required=False, label=_("State")
    )
    group = forms.ChoiceField(choices=[("", _("of any kind")), *Group.choices], required=False, label=_("Kind"))

    @property
    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def rows(self, person, at):
        """What the person sees of the own notifications with these choices."""
        rows = Notification.objects.of(person, at)
        if "state" in self.chosen:
            rows = rows.unread()
        if group := self.chosen.get("group"):
            rows = rows.filter(kind__in=kinds.codes(group=group))
        return rows
