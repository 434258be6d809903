"""How a lower floor tells upper ones that something happened, and how each of them answers it once."""

from django.db import transaction

from .models import Event, EventTaken

AT_ONCE = 500  # events in one transaction of a consumer


def tell(kind, *, subject, at, by=None, params=None):
    """Write an event about a saved record, as part of the caller's transaction."""
    return Event.objects.create(
        kind=kind, subject_type=subject._meta.label_lower, subject_id=subject.pk, at=at, by=by, params=params or {}
    )


@transaction.atomic
def take(consumer, kinds, answer, *, at):
    """Give a consumer's events of some kinds to `answer(events)`, at most AT_ONCE, oldest first; how many there were.

    All or nothing: what `answer` writes and that the events are taken is one transaction. Two takers at once get
    different events, or none.
    """
    rows = Event.objects.filter(kind__in=kinds).exclude(taken__consumer=consumer).order_by("pk")
    events = list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True)[:AT_ONCE])
    if events:
        EventTaken.objects.bulk_create(EventTaken(event=event, consumer=consumer, taken_at=at) for event in events)
        answer(events)
    return len(events)
