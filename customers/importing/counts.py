"""How many rows had which outcome; they must add up to the rows of the file. Source: REC-15, import.md."""

from django.db.models import Count, Q

from customers.models import ImportRow

NUMBERS = ("rows", "new", "update", "duplicate", "ignored", "unchanged")
Outcome = ImportRow.Outcome
# Updates that write nothing: as it was decided before the commit, as it was after it.
UNCHANGED = Q(outcome=Outcome.UPDATE, made__has_key="unchanged", take=[]) & ~Q(made__has_key="entry")


def of(job):
    """{"rows", "new", "update", "duplicate", "ignored", "rejected": {reason: n}, "marks": {...}, "unchanged",
    "by_table": [...]}.

    A commit that was given up adds "stopped_at", the place it came to, and an undoing "undone".

    `rows` are all rows of the file, ignored ones too; `new` includes those that bear a mark, `update` the unchanged.
    """
    by_table = {}
    grouped = ImportRow.objects.filter(job=job).order_by().values_list("table", "outcome", "reason")
    for table, outcome, reason, number in grouped.annotate(number=Count("pk")):
        counted = by_table.setdefault(table, _nothing())
        counted["rows"] += number
        if outcome == Outcome.REJECTED:
            counted["rejected"][reason] = counted["rejected"].get(reason, 0) + number
        else:
            counted[outcome] += number
    marks = (
        ImportRow.objects.filter(job=job).order_by().values_list("table").annotate(
            virtual=Count("pk", Q(virtual=True, outcome=Outcome.NEW)),
            suspect=Count("pk", Q(suspect=True, outcome=Outcome.NEW)),
            warning=Count("pk", Q(warned=True) & ~Q(outcome=Outcome.REJECTED)),
            unchanged=Count("pk", UNCHANGED),
        )
    )  # fmt: skip
    for table, *numbers, unchanged in marks:
        by_table[table]["unchanged"] = unchanged
        by_table[table]["marks"] = dict(zip(("virtual", "suspect", "warning"), numbers, strict=True))
    total = _nothing()
    for counted in by_table.values():
        _add(total, counted)
    return total | {"by_table": [by_table.get(at, _nothing()) for at in range(len(job.tables))]}


def unchanged(job):
    return ImportRow.objects.filter(UNCHANGED, job=job).count()


def taken(counted):
    """Rows that are, or would be, in the register: new ones, updates and those merged into an earlier row."""
    return sum(counted.get(name, 0) for name in ("new", "update", "duplicate"))


def rejected(counted):
    return sum(counted["rejected"].values())


def adds_up(counted, rows):
    """Whether every row that the file has went somewhere, and only once. `rows` is counted by itself."""
    outcomes = sum(counted[name] for name in ("new", "update", "duplicate", "ignored"))
    return outcomes + rejected(counted) == counted["rows"] == rows


def _nothing():
    marks = {"virtual": 0, "suspect": 0, "warning": 0}
    return dict.fromkeys(NUMBERS, 0) | {"rejected": {}, "marks": marks}


def _add(total, counted):
    for name in NUMBERS:
        total[name] += counted[name]
    for group in ("rejected", "marks"):
        for name, number in counted[group].items():
            total[group][name] = total[group].get(name, 0) + number
