"""The history of a record, read from the event tables that triggers write. Source: SEC-05.

A record's story is made of its own events and those of every tracked row that points at it: contacts, needs, forms...
Events of one transaction's context are one entry. Nothing here knows a model by name; a tracked model may say
`history_hidden` (columns that tell a reader nothing) and `history_value(name, value)` (how to show one, for masking).
"""

from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from django.apps import apps
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from pghistory.models import Event

from staff.models import Person
from staff.verbs import PositionCode

LENGTH = 40  # events looked at per table and page
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
    """(event model, column) for each tracked model that is the given one or points at it."""
    found = []
    for event in apps.get_models():
        if not (issubclass(event, Event) and hasattr(event, "pgh_tracked_model") and event._meta.managed):
            continue
        if event.pgh_tracked_model is model:
            found.append((event, "pgh_obj_id"))
            continue
        for column in event.pgh_tracked_model._meta.fields:
            if isinstance(column, models.ForeignKey) and column.related_model is model:
                found.append((event, column.attname))
                break
    return found


def timeline(subject, *, before=None):
    """(entries, older): the newest changes of a record first; `older` is the instant to ask for more by, or None."""
    events = []
    for table, column in _tables(type(subject)):
        rows = table.objects.filter(**{column: subject.pk})
        if before:
            rows = rows.filter(pgh_created_at__lt=before)
        events += rows.order_by("-pgh_created_at", "-pgh_id")[:LENGTH]
    events.sort(key=lambda event: (event.pgh_created_at, event.pgh_id), reverse=True)
    shown, older = events[:LENGTH], events[LENGTH:]
    entries = _entries(shown, subject)
    return entries, (shown[-1].pgh_created_at if older else None)


def _entries(events, subject):
    before = _states_before(events)
    labels = _related_labels([*events, *before.values()])
    people = Person.objects.in_bulk({_context(event).get("person") for event in events} - {None})
    positions = dict(PositionCode.choices)
    entries = []
    for _key, group in groupby(events, key=lambda event: (event.pgh_created_at, event.pgh_context_id)):
        group = list(group)
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
            if part := _part(event, before.get(event), labels, type(subject)):
                entry.parts.append(part)
        entry.parts.sort(key=lambda part: not part.own)
        if entry.parts:
            entries.append(entry)
    return entries


def _context(event):
    return event.pgh_context or {}


def _states_before(events):
    """{event: the event of the same row just before it}, one query per table at most."""
    result = {}
    for table, group in groupby(sorted(events, key=lambda e: e._meta.label), key=type):
        group = list(group)
        rows = table.objects.filter(pgh_obj_id__in={event.pgh_obj_id for event in group}).order_by("pgh_id")
        last = {}
        wanted = {event.pgh_id: event for event in group}
        for row in rows:
            if row.pgh_id in wanted and row.pgh_obj_id in last:
                result[wanted[row.pgh_id]] = last[row.pgh_obj_id]
            last[row.pgh_obj_id] = row
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
