"""Any list as a file, written in the background. Source: GEN-03, SEC-06.

An app says in its `exporters` which lists it gives out. An exporter takes the same choices as the list's page and
gives the same rows, as `visible_to` lets the person see them when the file is written. Floors below this one are
declared in journal/exporters.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from staff import searches
from staff.access import PermissionDenied, who_can_help

_exporters: dict[str, "Exporter"] = {}


@dataclass(frozen=True)
class Column:
    """One column of a file. `value(row)` is a text, number, date, instant, truth value or None."""

    code: str
    label: object
    value: Callable
    width: int = 16  # characters


@dataclass(frozen=True)
class Rows:
    """A short list that no query gives, with what is asked of a queryset here."""

    rows: tuple

    def count(self):
        return len(self.rows)

    def order_by(self, *_names):
        return self

    def __getitem__(self, part):
        return Rows(self.rows[part])

    def iterator(self, chunk_size=None):
        return iter(self.rows)


def no_words(person, choices):
    return []


def nothing_more(person, rows):
    pass


@dataclass(frozen=True)
class Exporter:
    """How one list becomes a file.

    `back`: URL name of the list. `keep(person, query)`: what the list's address chooses, as JSON keeps it.
    `rows(person, choices)`: the queryset behind it, or Rows, in the list's order, scoped. `words`: the choices as
    (label, text) pairs. `prepare(person, rows)`: what some hundred rows need together, so that no row asks a query of
    its own. `suggested(person, query)`: codes of the columns that are ticked at first, all without it. `verbs`: one of
    them opens the list; without any everybody does. `more_columns()`: columns that are not known before the program
    runs.
    """

    code: str
    label: object
    back: str
    columns: tuple[Column, ...]
    keep: Callable
    rows: Callable
    words: Callable = no_words
    prepare: Callable = nothing_more
    suggested: Callable | None = None
    verbs: tuple = ()
    more_columns: Callable = tuple

    @property
    def every_column(self):
        return [*self.columns, *self.more_columns()]

    def open_to(self, person):
        return person.is_active and (not self.verbs or any(person.can(verb) for verb in self.verbs))

    def refuse_others(self, person):
        """Raises PermissionDenied, with a sentence that says who can help."""
        if not self.open_to(person):
            raise PermissionDenied(who_can_help(self.verbs))

    def chosen(self, codes):
        """The columns of these codes in the exporter's order; all of them when none is known."""
        return [column for column in self.every_column if column.code in codes] or list(self.columns)


def register(*more):
    """Add exporters. A code belongs to one list for good: rows name it."""
    for exporter in more:
        if _exporters.setdefault(exporter.code, exporter) is not exporter:
            raise ValueError(f"The exporter {exporter.code} is registered twice.")


def get(code):
    """The exporter of that code; None for one that is not (any more) there."""
    return _exporters.get(code)


def all_exporters():
    return list(_exporters.values())


def nothing_chosen(person, query):
    """`keep` of a list without choices."""
    return {}


def choices_of(form_class):
    """`keep` of a list whose choices are a plain form: what is filled in, as text."""

    def keep(person, query):
        query = searches.opened(person, query)
        return {name: query[name] for name in form_class.base_fields if query.get(name)}

    return keep


def in_words(form):
    """(label, text) of what is chosen in a form of choices; one that is no choice is passed over, as by the list."""
    form.is_valid()
    pairs = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if value not in (None, ""):
            shown = dict(_flat(getattr(field.field, "choices", ()))).get(str(value), value)
            pairs.append((str(field.label), str(shown)))
    return pairs


def _flat(choices):
    return ((str(value), label) for value, label in choices)
