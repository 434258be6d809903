"""What the subjects of log rows are called, for somebody who reads the log. Source: SEC-05, SEC-06."""

from django.apps import apps


def names_of(rows, person):
    """{(type, id): what it is called}, one query per type; of rows outside the reader's scope only type and number."""
    wanted = {}
    for row in rows:
        if row.subject_type and row.subject_id:
            wanted.setdefault(row.subject_type, set()).add(row.subject_id)
    names = {}
    for label, keys in wanted.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            names |= {(label, pk): f"{label} {pk}" for pk in keys}
            continue
        queryset = model._default_manager.all()
        seen = queryset.visible_to(person).in_bulk(keys) if hasattr(queryset, "visible_to") else {}
        title = model._meta.verbose_name
        names |= {(label, pk): f"{title} {seen.get(pk, f'#{pk}')}" for pk in keys}
    return names


def name(rows, person):
    """Give each row a `subject`: what its record is called, or nothing."""
    names = names_of(rows, person)
    for row in rows:
        row.subject = names.get((row.subject_type, row.subject_id), "")
