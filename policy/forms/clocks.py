"""Choices over the list of clocks, and the waiver. Source: clocks.md."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClockFilter(forms.Form):
    """The row of choices over the list. Unknown values are passed over, never an error page."""

    STATES = [
        ("", _("running and over time")),
        ("running", _("running")),
        ("breached", _("over time")),
        ("met", _("done in time")),
        ("late", _("done late")),
        ("waived", _("waived")),
    ]
    MINE, UNIT = "", "unit"

    whose = forms.ChoiceField(label=_("Whose"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)

    def __init__(self, data, *, manages):
        super().__init__(data)
        self.fields["whose"].choices = [(self.MINE, _("my clocks")), (self.UNIT, _("all clocks I answer for"))]
        if not manages:
            del self.fields["whose"]
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name, "") for name in ("whose", "state")}


class WaiverForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Stays with this clock for good; the breach goes on counting")
    )
