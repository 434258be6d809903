"""The rows behind every figure of an import, what is decided about them, and those that come back. Source: REC-15."""

from pathlib import Path

from django import forms
from django.contrib import messages
from django.db.models import Count, F, Func, Q, TextField
from django.http import FileResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from customers.import_figures import MARKS, UNCHANGED, reasons
from customers.importing import counts, error_workbook, jobs
from customers.models import Import, ImportRow
from journal.actions import record as record_access
from journal.models import AccessLog
from staff.access import answers_only, position_required
from staff.paging import COUNTED, Order, asked, capped_count, links, page
from staff.verbs import Verb

from . import frame
from .reading import label_of, read

IN_ORDER = Order("place")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State, Outcome = Import.State, ImportRow.Outcome
MARKED = {
    "virtual": Q(virtual=True, outcome=Outcome.NEW),
    "suspect": Q(suspect=True, outcome=Outcome.NEW),
    "warning": Q(warned=True) & ~Q(outcome=Outcome.REJECTED),
    "unchanged": counts.UNCHANGED,
    "kept": Q(made__has_key="kept"),
}  # as customers.importing.counts counts them


class RowFilter(forms.Form):
    """Which rows a list shows. What an address says and nobody knows counts as not said."""

    outcome = forms.ChoiceField(choices=[("", gettext_lazy("all outcomes")), *Outcome.choices], required=False,
                                label=gettext_lazy("Outcome"))  # fmt: skip
    reason = forms.ChoiceField(required=False, label=gettext_lazy("Reason"))
    mark = forms.ChoiceField(choices=[("", gettext_lazy("any mark")), *MARKS.items(), ("unchanged", UNCHANGED)],
                             required=False, label=gettext_lazy("Mark"))  # fmt: skip
    table = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=gettext_lazy("Sheet"))

    def __init__(self, data, *, job):
        super().__init__(data)
        self.fields["reason"].choices = [("", _("any reason")), *reasons(job).items()]
        if job.state == State.UNDONE:
            self.fields["mark"].choices = [*self.fields["mark"].choices, ("kept", _("kept although undone"))]
        tables = [(at, table["sheet"]) for at, table in enumerate(job.tables) if table["header_row"] is not None]
        self.fields["table"].choices = [("", _("all sheets")), *tables]
        if len(tables) < 2:
            del self.fields["table"]
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name) for name in self.fields}

    def narrow(self, rows):
        for name, value in self.chosen.items():
            if value not in ("", None):
                rows = rows.filter(MARKED[value] if name == "mark" else Q(**{name: value}))
        return rows


@require_safe
@position_required(Verb.IMPORT_RUN)
def import_rows(request, pk):
    job = frame.find(request, pk)
    form = RowFilter(request.GET, job=job)
    rows = form.narrow(job.rows.all())
    found = page(rows.select_related("branch"), IN_ORDER, within=job.rows.all(), **asked(request))
    deciding = job.state == State.CHECKED
    read(job, found.rows, request.user, changes=deciding)
    request.records_shown += sum(row.shows_record for row in found.rows)
    context = {
        "form": form,
        "rows": found.rows,
        "count": capped_count(rows),
        "counted": COUNTED,
        "narrowed": any(value not in ("", None) for value in form.chosen.values()),
        "several_sheets": "table" in form.fields,
        "deciding": deciding and any(row.clashes for row in found.rows),
        "columns": _disputed(job) if deciding and form.chosen["outcome"] == Outcome.UPDATE else [],
        "here": request.GET.urlencode(),
    }
    return render(request, "customers/imports/rows.html", frame.context(job, **context) | links(request, found))


class _Keys(Func):
    function = "jsonb_object_keys"
    set_returning = True
    output_field = TextField()


def _disputed(job):
    """Every column in which rows differ from their records, and in how many rows."""
    rows = job.rows.filter(outcome=Outcome.UPDATE).exclude(conflicts={})
    numbers = rows.annotate(column=_Keys(F("conflicts"))).values_list("column").annotate(Count("pk")).order_by("column")
    return [{"name": column, "label": label_of(column, job), "number": number} for column, number in numbers]


@require_POST
@position_required(Verb.IMPORT_RUN)
def import_decide(request, pk):
    """Whose value stands where file and record differ: of the rows that were shown, or of all rows by column."""
    job = frame.find(request, pk)
    try:
        if request.POST.get("all"):
            take, _sep, column = request.POST["all"].partition(":")
            jobs.decide(job, rows=None, columns=[column], take=take == "take")
        else:
            _decide_shown(job, request.POST.getlist("shown"), set(request.POST.getlist("take")))
    except jobs.WrongStep as late:
        messages.warning(request, late.messages[0])
        return redirect("customers:import", pk)
    messages.success(request, _("Your decisions are saved."))
    choices = QueryDict(request.POST.get("here", "")).urlencode()
    return redirect(f"{reverse('customers:import_rows', args=[pk])}?{choices}".rstrip("?"))


def _decide_shown(job, shown, taken):
    """`shown` and `taken` are "place:column"."""
    by_column = {}
    for said in shown:
        place, _sep, column = said.partition(":")
        if place.isdecimal():
            by_column.setdefault((column, said in taken), []).append(int(place))
    for (column, take), places in by_column.items():
        jobs.decide(job, rows=places, columns=[column], take=take)


@answers_only
@require_POST
@position_required(Verb.IMPORT_RUN)
def import_errors(request, pk):
    """The rejected rows as a workbook, to be corrected. It is taken out of the register's reach, so it is logged."""
    job = frame.find(request, pk)
    workbook = error_workbook.of(job) if job.state in (State.CHECKED, State.DONE, State.UNDONE) else None
    if workbook is None:
        return redirect("customers:import", pk)
    file = workbook.open("rb")  # the answer closes it
    record_access(
        AccessLog.Action.EXPORT, by=request.user, at=timezone.now(), subjects=[job], request=request,
        detail={"purpose": _("rows of an import to be corrected")},
    )  # fmt: skip
    name = _("%(file)s - to be corrected.xlsx") % {"file": Path(job.name).stem}
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
