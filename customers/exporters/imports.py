"""Imports as a file. Source: GEN-03, REC-15."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from customers.models import Import
from journal.exports import Column, Exporter
from staff.verbs import Verb


def _import_state(choices):
    state = choices.get("state")
    return {"state": state} if state in Import.State.values else {}


def _counted(name):
    """A count, of imports whose rows are in the register or may come to be."""

    def count(job):
        if job.is_withdrawn:
            return None
        return job.rejected if name == "rejected" else job.counts.get(name)

    return count


IMPORTS = Exporter(
    "imports", _("Imports"), "customers:imports",
    (
        Column("file", _("File"), lambda job: job.name, 36),
        Column("holds", _("What it holds"), lambda job: job.get_kind_display(), 24),
        Column("state", _("State"), lambda job: job.get_state_display()),
        Column("by", _("Uploaded by"), lambda job: job.asked_by and job.asked_by.name),
        Column("at", _("Uploaded at"), lambda job: job.asked_at, 18),
        Column("taken", _("Taken over at"), lambda job: job.committed_at, 18),
        Column("undone", _("Undone at"), lambda job: job.undone_at, 18),
        Column("rows", pgettext_lazy("spreadsheet", "Rows"), lambda job: job.counts.get("rows"), 10),
        Column("new", pgettext_lazy("figure", "New"), _counted("new"), 10),
        Column("updated", pgettext_lazy("figure", "Updated"), _counted("update"), 10),
        Column("duplicates", pgettext_lazy("figure", "Duplicates"), _counted("duplicate"), 10),
        Column("rejected", pgettext_lazy("figure", "Rejected"), _counted("rejected"), 10),
        Column("ignored", pgettext_lazy("figure", "Ignored"), _counted("ignored"), 10),
    ),
    keep=lambda person, query: _import_state(query),
    rows=lambda person, choices: Import.objects.visible_to(person).filter(**_import_state(choices))
    .select_related("asked_by").order_by("-pk"),
    words=lambda person, choices: [(gettext("State"), str(Import.State(choices["state"]).label))]
    if _import_state(choices) else [],
    verbs=(Verb.IMPORT_RUN,),
)  # fmt: skip
