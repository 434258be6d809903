"""The lists of this floor as files. Source: GEN-03, clocks.md, AUD-16."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journal.exports import Column, Exporter, Rows, choices_of, in_words, nothing_chosen, register
from staff.verbs import Verb

from . import handbook
from .forms.clocks import ClockFilter
from .parameters import everywhere
from .views.calendar import counted_days, year_of
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


def _parameter_rows(person, choices):
    titles = {clause.pk: clause.title for clause in handbook.clauses()}
    return Rows(tuple((titles.get(row.rule.clause, ""), row) for row in everywhere(on=timezone.localdate())))


PARAMETERS = Exporter(
    "parameters", _("Parameters"), "policy:rules",
    (
        Column("clause", _("Clause"), lambda pair: pair[1].rule.clause, 10),
        Column("title", _("Title"), lambda pair: str(pair[0]), 36),
        Column("parameter", _("Parameter"), lambda pair: str(pair[1].rule.label), 48),
        Column("value", _("In force"), lambda pair: str(pair[1].in_words)),
        Column("for", _("Holds for"), lambda pair: str(pair[1].unit or gettext("the whole company")), 18),
        Column("since", _("Since"), lambda pair: pair[1].row and pair[1].row.starts_on, 12),
        Column("by", _("Set by"), lambda pair: pair[1].row and pair[1].row.set_by.name),
        Column("reason", _("Reason"), lambda pair: pair[1].row and pair[1].row.reason, 36),
    ),
    keep=nothing_chosen, rows=_parameter_rows, verbs=(Verb.RULES_MANAGE,),
)  # fmt: skip


CALENDAR = Exporter(
    "calendar", _("Working calendar"), "policy:calendar",
    (
        Column("date", _("Date"), lambda day: day.date, 12),
        Column("weekday", _("Weekday"), lambda day: date_format(day.date, "l"), 12),
        Column("name", _("Name"), lambda day: day.name, 24),
        Column("works", _("This day is"), lambda day: gettext("worked") if day.works else gettext("a day off"), 12),
        Column("for", _("Holds for"), lambda day: str(day.branch or gettext("the whole company")), 18),
        Column("origin", _("Origin"), lambda day: day.get_origin_display(), 12),
    ),
    keep=lambda person, query: {"year": year_of(query.get("year", ""), timezone.localdate())},
    rows=lambda person, choices: counted_days(person, choices.get("year") or timezone.localdate().year),
    words=lambda person, choices: [(gettext("Year"), str(choices["year"]))] if "year" in choices else [],
)  # fmt: skip

register(CLOCKS, PARAMETERS, CALENDAR)
