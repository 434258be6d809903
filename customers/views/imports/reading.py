"""Rows of an import as somebody reads them: what is wrong, what changes, which record and which other row is meant.

What a file says is shown as it says it: whoever imports it has the file. Of records nothing is shown but what a row
of the file would change, and never a phone or an address that stands there. Source: REC-15, SEC-06.
"""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from customers import own_fields
from customers.duplicates.find import REASONS as LIKENESS
from customers.forms.imports import CHOICES, CODE_TABLES, column_name
from customers.import_figures import reasons
from customers.importing import headings, merging, sentences
from customers.importing.cells import tidy
from customers.models import Customer, Import, ImportRow, OwnField, kept
from customers.values.text import person_name
from staff.models import District

from . import purchases

SHOWN = 6  # cells of an ignored row
Outcome = ImportRow.Outcome
OF_ROWS = ("row", "like_row")  # kinds of suspects that are rows of the same file; the others are records


def read(job, rows, person, *, changes=False):
    """Put onto the rows of a page what their table shows, with a few questions for all of them. `changes`: also what
    rows would do to the records that they update."""
    customers, others = _customers(rows, person), _others(job, rows)
    of_purchases, why = job.kind == Import.Kind.PURCHASES, reasons(job)
    for row in rows:
        table = job.tables[row.table] if row.table < len(job.tables) else None
        row.sheet = table["sheet"] if table else ""
        row.target = customers.get(row.customer_id)
        row.reason_label = why.get(row.reason, row.reason)
        row.says = sorted(
            (_problem(job, table, row, *problem) | {"rejects": problem[1] in why} for problem in row.problems),
            key=lambda said: not said["rejects"],  # what is only a warning comes after why the row is not taken
        )
        row.kept_because = sentences.kept(job, row.made)
        row.same_as = others.get(row.duplicate_of)
        row.alike = [_alike(customers, others, *suspect) for suspect in row.suspects]
        row.clashes, row.filled = [], []
        row.summary = []
        if row.outcome == Outcome.IGNORED:
            row.summary = [text for cell in row.cells[:SHOWN] if (text := tidy(cell))]
        elif of_purchases:
            row.summary = purchases.summary(row)
        elif row.outcome == Outcome.NEW:
            row.summary = _summary(row)
    updates = [row for row in rows if row.outcome == Outcome.UPDATE and row.target] if changes else []
    if updates and of_purchases:
        purchases.tell_changes(updates, person)
    elif updates:
        _tell_changes(job, updates)
    for row in rows:
        row.shows_record = bool(row.clashes or row.filled)
    return rows


def _summary(row):
    """What a new record would be like, as the file says it."""
    data = row.data
    said = [row.branch and row.branch.name]
    for person in merging.people_of(data):
        said += [person.get("contact"), *(way[-1] for way in merging.ways_of(person))]
    said.append(data.get("address"))
    return [text for text in said if text]


def _meant(rows, *, rows_of_file):
    return {other for row in rows for other, kind, _reasons in row.suspects if (kind in OF_ROWS) == rows_of_file}


def _customers(rows, person):
    """{id: record} of those that the rows mean and the person may see."""
    ids = {row.customer_id for row in rows if row.customer_id} | _meant(rows, rows_of_file=False)
    seen = Customer.objects.visible_to(person).filter(pk__in=ids).select_related("branch") if ids else ()
    return {customer.pk: customer for customer in seen}


def _others(job, rows):
    """{place: row} of the other rows of the file that are meant."""
    places = {row.duplicate_of for row in rows if row.duplicate_of} | _meant(rows, rows_of_file=True)
    found = job.rows.filter(place__in=places).only("place", "number", "name") if places else ()
    return {row.place: row for row in found}


def _problem(job, table, row, column, *said):
    """Which cell, what stands in it, and what is wrong with it."""
    sentence = sentences.sentence(job, *said)
    if column is None or table is None:
        return {"column": "", "written": "", "sentence": sentence}
    written = row.cells[column] if column < len(row.cells) else None
    written = "" if written is None else str(written)
    written = "" if not tidy(written) or written in sentence else written
    return {"column": column_name(table, column), "written": written, "sentence": sentence}


def _alike(customers, others, other, kind, reasons):
    found = others.get(other) if kind in OF_ROWS else customers.get(other)
    words = [LIKENESS.get(reason, reason) for reason in reasons]
    return {"row" if kind in OF_ROWS else "customer": found, "reasons": words}


def _tell_changes(job, rows):
    """Before and after: blanks that are filled, contact ways that are added, and what is to be decided."""
    records = merging.load({row.target.pk for row in rows})
    plans = [(row, merging.plan(records[row.target.pk], row, take=row.take)) for row in rows]
    say = _Saying(plan for _row, plan in plans)
    for row, plan in plans:
        row.clashes = [
            {"column": name, "label": label_of(name, job), "stands": say.value(name, stands),
             "said": say.value(name, said), "taken": name in row.take}
            for name, (stands, said) in row.conflicts.items()
        ]  # fmt: skip
        row.filled = [
            {"label": label_of(name, job), "value": say.value(name, value), "was_empty": True}
            for name, value in plan.columns.items()
            if name not in row.conflicts
        ]
        added = [(kind, written) for kind, _value, _extension, written in plan.ways]
        added += [("needs", text) for text in plan.needs]
        row.filled += [{"label": label_of(name, job), "value": text, "was_empty": False} for name, text in added]
        row.others = _others_named(records[row.target.pk], plan, row)
        row.changes_nothing = not (plan or plan.conflicts or row.others or records[row.target.pk].archived)


def _others_named(record, plan, row):
    """Names of a row that become no contact, as others have their phones; the record tells them with the file."""
    if record.archived:
        return []
    named = {person_name(name).casefold() for name in _names(record, plan)}
    said = [person["contact"] for person in merging.people_of(row.data) if person.get("contact")]
    return [name for name in said if person_name(name).casefold() not in named]


def _names(record, plan):
    return [one["name"] for one in record.contacts] + [person.name for person in plan.people]


def label_of(name, job):
    """What a column of a record is called."""
    if job.kind == Import.Kind.PURCHASES:
        return purchases.label_of(name)
    if name.startswith(merging.OWN):
        code = name.removeprefix(merging.OWN)
        return next((str(field) for field in kept(OwnField) if field.code == code), code)
    known = headings.FIELDS.get(name.removesuffix("_id"))
    return capfirst(str(known)) if known else name


class _Saying:
    """Values of columns in words; places are asked for once."""

    def __init__(self, plans):
        pairs = [(name, values) for plan in plans for name, values in (*plan.columns.items(), *plan.conflicts.items())]
        ids = {pk for name, values in pairs if name == "district_id"
               for pk in (values if isinstance(values, list) else [values])}  # fmt: skip
        self._districts = District.objects.in_bulk(ids) if ids else {}

    def value(self, name, value):
        plain = name.removesuffix("_id")
        if name.startswith(merging.OWN):
            return own_fields.shown(value)
        if plain == "district":
            return str(self._districts.get(value, value))
        if plain == "owner":
            return _("the person in charge that the file names")
        if plain in CODE_TABLES:
            return str(next((entry for entry in kept(CODE_TABLES[plain]) if entry.pk == value), value))
        return str(dict(CHOICES.get(plain, ())).get(value, value))
