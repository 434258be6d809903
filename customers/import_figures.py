"""The figures of an import, each with the choice of rows behind it. Source: REC-15; import.md "Row outcomes"."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.importing import error_workbook
from customers.importing.ignored_rows import IGNORED
from customers.models import Import, ImportRow

Outcome = ImportRow.Outcome
REJECTED = {
    "no_name": _("no customer name"),
    "no_contact": _("no phone, e-mail or address"),
    "credit_code": _("wrong credit code"),
    "date": _("not a date"),
    "branch": _("no such unit"),
}
REJECTED_PURCHASES = {
    "no_customer": _("names no customer"),
    "customer": _("customer not found for sure"),
    "date": _("no day of sale"),
    "amount": _("no amount"),
    "branch": _("no such unit"),
    "locked": _("month is locked"),
}
MARKS = {
    "virtual": pgettext_lazy("import row", "looks invented"),
    "suspect": pgettext_lazy("import row", "may be there already"),
    "warning": pgettext_lazy("import row", "taken with a warning"),
}
UNCHANGED = pgettext_lazy("import row", "unchanged")
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
            _figure(job, code, label, rejected[code], outcome="rejected", reason=code)
            for code, label in reasons(job).items() if rejected.get(code)
        ],
        "marks": [
            _figure(job, code, label, marks[code], mark=code) for code, label in MARKS.items() if marks.get(code)
        ],
        "unchanged": _unchanged(job),
        "in_workbook": error_workbook.of(job) is not None,
        "undone": counts.get("undone") or {},
        "sheets": _sheets(job),
        "skipped": [table["sheet"] for table in job.tables if table["header_row"] is None],
    }  # fmt: skip


def reasons(job):
    """{code: why a row is not taken}, in the order in which they count."""
    return (REJECTED_PURCHASES if job.kind == Import.Kind.PURCHASES else REJECTED) | IGNORED


def _rows_of_file(job):
    """Counted apart from the outcomes: the rows are numbered through all sheets."""
    return job.rows.order_by("-place").values_list("place", flat=True).first() or 0


def _by_outcome(counts):
    found = {outcome: counts.get(outcome.value) or 0 for outcome in Outcome}
    return found | {Outcome.REJECTED: sum((counts.get("rejected") or {}).values())}


def _unchanged(job):
    """Updates that write nothing, as far as there are any."""
    number = job.counts.get("unchanged")
    return _figure(job, "unchanged", UNCHANGED, number, mark="unchanged") if number else None


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
