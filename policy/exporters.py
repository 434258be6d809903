"""The list of clocks as a file. Source: GEN-03, clocks.md."""

from django.utils.translation import gettext_lazy as _

from journal.exports import Column, Exporter, choices_of, in_words, register

from .forms.clocks import ClockFilter
from .views.clocks import NEEDED, STATES, choices, order_of, whose_clocks

STATE_NAMES = {
    "paused": _("paused"),
    "running": _("running"),
    "breached": _("over time"),
    "met": _("done in time"),
    "late": _("done late"),
    "waived": _("waived"),
    "over": _("over"),
}


def _rows(person, chosen):
    form = choices(person, chosen)
    whose, state = form.chosen["whose"], form.chosen["state"]
    rows = whose_clocks(person, whose).filter(STATES[state])
    return rows.select_related(*NEEDED).order_by(*order_of(state).by())


CLOCKS = Exporter(
    "clocks", _("Clocks"), "policy:clocks",
    (
        Column("title", _("What"), lambda clock: clock.title, 36),
        Column("clause", _("Clause"), lambda clock: clock.clause_id, 10),
        Column("state", _("State"), lambda clock: STATE_NAMES[clock.state], 12),
        Column("unit", _("Unit"), lambda clock: str(clock.department or clock.branch or ""), 18),
        Column("responsible", _("In charge"), lambda clock: clock.responsible and clock.responsible.name),
        Column("term", _("Term"), lambda clock: str(clock.term_in_words), 14),
        Column("started", _("Started"), lambda clock: clock.started_at, 18),
        Column("due", _("Due"), lambda clock: clock.due_at, 18),
        Column("met", _("Done"), lambda clock: clock.met_at, 18),
        Column("breached", _("Over time since"), lambda clock: clock.breached_at, 18),
        Column("waived", _("Waived"), lambda clock: clock.waived_at, 18),
    ),
    keep=choices_of(ClockFilter), rows=_rows, words=lambda person, chosen: in_words(choices(person, chosen)),
)  # fmt: skip

register(CLOCKS)
