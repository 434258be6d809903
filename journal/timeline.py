"""The history of a record, read from the event tables that triggers write. Source: SEC-05.

A record's story is made of its own events and those of every tracked row that points at it: contacts, needs, forms...
Events of one transaction's context are one entry. Nothing here knows a model by name; a tracked model may say
`history_hidden` (columns that tell a reader nothing) and `history_value(name, value)` (how to show one, for masking).
A model whose history is a page of its own says `history_page = True` and has a manager with `visible_to`.
"""

from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from pghistory.models import Event

from staff.models import Person
from staff.verbs import PositionCode

MOMENTS = 30  # on one page
ALWAYS_HIDDEN = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by", "submission"})


@dataclass(frozen=True)
class Change:
    """One column: what it said before and after, as readers see it."""

    label: str
    before: str
    after: str


@dataclass
class Entry:
    """What one person did at one moment to one record and its parts."""

    at: object
    person: Person | None
    position: str
    reason: str
    request_id: str
    parts: list = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One row that was made, changed or removed."""

    what: str  # "insert", "update" or "delete"
    label: str  # of the model
    changes: list
    own: bool  # of the record itself, not of a row that points at it


@cache
def _tables(model):
    """{event model: columns} of each tracked model that is the given one or points at it."""
    found = {}
    for event in apps.get_models():
        if not (issubclass(event, Event) and hasattr(event, "pgh_tracked_model") and event._meta.managed):
            continue
        if event.pgh_tracked_model is model:
            found[event] = ["pgh_obj_id"]
            continue
        fields = event.pgh_tracked_model._meta.fields
        kept = {field.attname for field in event._meta.fields}
        pointing = [f.attname for f in fields if isinstance(f, models.ForeignKey) and f.related_model is model]
        pointing = [name for name in pointing if name in kept]
        if pointing:
            found[event] = pointing
    return found


def timeline(subject, *, before=None):
    """(entries, older): the newest changes of a record first; `older` is the instant to ask for more by, or None.

    All events of one transaction bear one instant. A page is made of whole instants, so no transaction is cut in two.
    """
    tables = [_rows(table, columns, subject, before) for table, columns in _tables(type(subject)).items()]
    instants = _newest_instants(tables)
    older = instants[MOMENTS - 1] if len(instants) > MOMENTS else None
    events = []
    for rows in tables:
        events += rows.filter(pgh_created_at__gte=older) if older else rows
    events.sort(key=lambda event: (event.pgh_created_at, event.pgh_id), reverse=True)
    return _entries(events, type(subject)), older


def _rows(table, columns, subject, before):
    """Events of one table that belong to the record, of rows that pointed or point at it."""
    belongs = Q(*((column, subject.pk) for column in columns), _connector=Q.OR)
    return table.objects.filter(belongs, **({"pgh_created_at__lt": before} if before else {}))


def _newest_instants(tables):
    """The instants of a page and, if there is an older one, that too; in one query."""
    length = MOMENTS + 1
    newest, *others = (
        rows.order_by("-pgh_created_at").values_list("pgh_created_at", flat=True).distinct()[:length] for rows in tables
    )
    return list(newest.union(*others).order_by("-pgh_created_at")[:length] if others else newest)


def _entries(events, model):
    before = _states_before(events)
    labels = _related_labels([*events, *before.values()])
    people = Person.objects.in_bulk({_context(event).get("person") for event in events} - {None})
    positions = dict(PositionCode.choices)
    moments = {}
    for event in events:
        moments.setdefault((event.pgh_created_at, event.pgh_context_id), []).append(event)
    entries = []
    for group in moments.values():
        context = _context(group[0])
        code = context.get("position", "")
        entry = Entry(
            at=group[0].pgh_created_at,
            person=people.get(context.get("person")),
            position=str(positions.get(code, code)),
            reason=context.get("reason", "") or context.get("job", ""),
            request_id=context.get("request", ""),
        )
        for event in reversed(group):
            if part := _part(event, before.get(event), labels, model):
                entry.parts.append(part)
        entry.parts.sort(key=lambda part: not part.own)
        if entry.parts:
            entries.append(entry)
    return entries


def _context(event):
    return event.pgh_context or {}


def _states_before(events):
    """{event: the event of the same row just before it}, for changes; two queries for each table that has some."""
    changed = [event for event in events if event.pgh_label not in ("insert", "delete")]
    result = {}
    for table, group in groupby(sorted(changed, key=lambda event: event._meta.label), key=type):
        wanted = {event.pgh_id: event for event in group}
        earlier = table.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        just_before = Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
        pairs = dict(table.objects.filter(pgh_id__in=wanted).values_list("pgh_id", just_before))
        states = table.objects.in_bulk([pk for pk in pairs.values() if pk is not None])
        result |= {wanted[pk]: states[previous] for pk, previous in pairs.items() if previous in states}
    return result


def _columns(event):
    tracked = event.pgh_tracked_model
    hidden = ALWAYS_HIDDEN | set(getattr(tracked, "history_hidden", ()))
    own = {column.name for column in event._meta.fields}
    return [column for column in tracked._meta.fields if column.name in own and column.name not in hidden]


def _related_labels(events):
    """{(model, pk): text} of every row that the events point at."""
    wanted = {}
    for event in events:
        for column in _columns(event):
            if isinstance(column, models.ForeignKey) and (pk := getattr(event, column.attname)) is not None:
                wanted.setdefault(column.related_model, set()).add(pk)
    return {
        (model, pk): str(row) for model, pks in wanted.items() for pk, row in model._base_manager.in_bulk(pks).items()
    }


def _part(event, before, labels, model):
    changes = []
    for column in _columns(event):
        old = getattr(before, column.attname) if before is not None else None
        new = getattr(event, column.attname) if event.pgh_label != "delete" else None
        if event.pgh_label == "delete":
            old = getattr(event, column.attname)
        if event.pgh_label == "insert":
            old = None
        if (old or None) != (new or None):
            label = str(column.verbose_name)
            changes.append(Change(label, _shown(column, old, labels, event), _shown(column, new, labels, event)))
    if not changes:
        return None
    tracked = event.pgh_tracked_model
    return Part(event.pgh_label, str(tracked._meta.verbose_name), changes, own=tracked is model)


def _shown(column, value, labels, event):
    if value in (None, ""):
        return ""
    if custom := getattr(event.pgh_tracked_model, "history_value", None):
        value = custom(column.name, value)
    if isinstance(column, models.ForeignKey):
        return labels.get((column.related_model, value), f"#{value}")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DateTimeField):
        return formats.date_format(timezone.localtime(value), "Y-m-d H:i")
    if isinstance(column, models.BooleanField):
        return _("yes") if value else _("no")
    return str(value)
