"""Choices over the outbox. Source: GEN-02."""

from django import forms
from django.utils.translation import gettext_lazy as _

from journal.models import CustomerMessage, Delivery, State

WAYS = {"notification": Delivery, "message": CustomerMessage}


class OutboxFilter(forms.Form):
    """Unknown values are passed over; without a choice: what waits for a decision."""

    STATES = [
        ("", _("to be decided")),
        (State.POSSIBLY_SENT, State.POSSIBLY_SENT.label),
        (State.DEAD, State.DEAD.label),
        (State.QUEUED, State.QUEUED.label),
        (State.INFLIGHT, State.INFLIGHT.label),
    ]
    way = forms.ChoiceField(
        choices=[("", _("to staff")), ("message", _("to customers"))], required=False,
        label=_("To"),
    )  # fmt: skip
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))

    @property
    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def chosen_way(self):
        return self.chosen.get("way", "notification")

    def rows(self):
        """Rows of the chosen way, with what a list shows of them."""
        rows, state = WAYS[self.chosen_way].objects, self.chosen.get("state")
        return (rows.filter(state=state) if state else rows.stuck()).select_related(*WAYS[self.chosen_way].SHOWN)
