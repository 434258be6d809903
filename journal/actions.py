"""What other floors tell the journal. Each is part of the caller's transaction."""

import ipaddress
import json

from django.db import connection, transaction

from . import outbox
from .models import Notification

# Written while pages are read, so the ORM does not build it anew.
RECORD = """
INSERT INTO journal_accesslog (at, action, person_id, detail, address, request_id, subject_type, subject_id)
SELECT %s, %s, %s, %s::jsonb, %s::inet, %s, subject.* FROM unnest(%s::text[], %s::bigint[]) subject
"""


def record(action, *, at, by=None, subjects=(), request=None, detail=None):
    """Write one row of the access log for each subject, or a single one without. Source: SEC-06.

    `subjects` are saved model instances; `request` gives address and request id.
    """
    address, request_id = (address_of(request), getattr(request, "request_id", "")) if request else (None, "")
    named = [(subject._meta.label_lower, subject.pk) for subject in subjects] or [("", None)]
    types, ids = zip(*named, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            RECORD, [at, action, by and by.pk, json.dumps(detail or {}), address, request_id, list(types), list(ids)]
        )


def address_of(request):
    """Where the request came from, or None where nobody says, as on a unix socket.

    Behind our own proxy REMOTE_ADDR is what that proxy saw: the site's middleware puts it there.
    """
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))  # without an IPv6 zone
    except ValueError:
        return None


@transaction.atomic
def notify(
    *, kind, recipients, at, dedupe, subject=None, branch=None, url_name="", params=None, push_at=None, visible_at=None
):
    """Tell people something, in the transaction of the event itself; their deputies are told too while they are away.

    `kind`: code of a registered kind. `recipients`: people. `dedupe`: names the event; the same event told again to the
    same person does nothing. `url_name` leads to `subject`. `push_at`: other channels than the bell not before then.
    Source: GEN-02.
    """
    people = {person.pk: person for person in recipients}
    Notification.objects.bulk_create(
        [
            Notification(
                person=person,
                kind=kind,
                params=params or {},
                subject_type=subject._meta.label_lower if subject else "",
                subject_id=subject.pk if subject else None,
                branch=branch,
                url_name=url_name,
                created_at=at,
                visible_at=visible_at or at,
                push_at=push_at or at,
                dedupe_key=f"{dedupe}:{person.pk}",
            )
            for person in people.values()
        ],
        ignore_conflicts=True,
    )
    outbox.tell_deputies(at=at)
    outbox.nudge_on_commit()
