"""The figures of an import, each with the choice of rows behind it. Source: REC-15; import.md "Row outcomes"."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.importing.layout import IGNORED
from customers.models import ImportRow

Outcome = ImportRow.Outcome
REJECTED = {
    "no_name": _("no customer name"),
    "no_contact": _("no phone, e-mail or address"),
    "credit_code": _("wrong credit code"),
    "date": _("not a date"),
    "branch": _("no such unit"),
}
REASONS = REJECTED | IGNORED
MARKS = {
    "virtual": pgettext_lazy("import row", "looks invented"),
    "suspect": pgettext_lazy("import row", "may be there already"),
    "warning": pgettext_lazy("import row", "taken with a warning"),
}
NOT_TAKEN = (Outcome.REJECTED, Outcome.IGNORED)


def of(job):
    """All figures of an import that has been looked through; of any other, zeros."""
    counts = job.counts
    rejected = counts.get("rejected") or {}
    numbers = _by_outcome(counts)
    total, added = _rows_of_file(job), sum(numbers.values())
    marks = counts.get("marks") or {}
    return {
        "total": total,
        "added": added,
        "adds_up": total == added,
        "taken": sum(number for outcome, number in numbers.items() if outcome not in NOT_TAKEN),
        "outcomes": [_figure(job, code, Outcome(code).label, number, outcome=code) for code, number in numbers.items()],
        "rejected": [
            _figure(job, code, REASONS.get(code, code), number, outcome="rejected", reason=code)
            for code, number in sorted(rejected.items(), key=lambda pair: _precedence(pair[0])) if number
        ],
        "marks": [
            _figure(job, code, label, marks[code], mark=code) for code, label in MARKS.items() if marks.get(code)
        ],
        "in_workbook": numbers[Outcome.REJECTED] or marks.get("warning") or marks.get("virtual"),
        "undone": counts.get("undone") or {},
        "sheets": _sheets(job),
        "skipped": [table["sheet"] for table in job.tables if table["header_row"] is None],
    }  # fmt: skip


def _precedence(reason):
    return list(REJECTED).index(reason) if reason in REJECTED else len(REJECTED)


def _rows_of_file(job):
    """Counted apart from the outcomes: the rows are numbered through all sheets."""
    return job.rows.order_by("-place").values_list("place", flat=True).first() or 0


def _by_outcome(counts):
    found = {outcome: counts.get(outcome.value) or 0 for outcome in Outcome}
    return found | {Outcome.REJECTED: sum((counts.get("rejected") or {}).values())}


def _sheets(job):
    """What became of each table, where there are several."""
    parts = job.counts.get("by_table") or []
    named = [
        (place, table["sheet"], _by_outcome(part))
        for place, (table, part) in enumerate(zip(job.tables, parts, strict=False))
        if table["header_row"] is not None
    ]
    if len(named) < 2:
        return []
    return [
        {
            "name": name,
            "total": sum(numbers.values()),
            "outcomes": [
                _figure(job, code, "", number, outcome=code, table=place) for code, number in numbers.items()
            ],
        }
        for place, name, numbers in named
    ]  # fmt: skip


def _figure(job, code, label, number, **choice):
    choice = {name: getattr(value, "value", value) for name, value in choice.items()}
    address = f"{reverse('customers:import_rows', args=[job.pk])}?{urlencode(choice)}"
    return {"code": str(getattr(code, "value", code)), "label": label, "number": number, "url": address}
