"""Writing, publishing and reading notices. Source: GEN-04."""

from functools import wraps

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from . import attachments as files
from . import outbox
from .models import Notice, NoticeAttachment, NoticeRead, NoticeUnit
from .notifications import NOTICE

TELL = """
INSERT INTO journal_notification (person_id, kind, params, subject_type, subject_id, url_name, created_at, visible_at,
                                  push_at, dedupe_key, pushed)
SELECT p.id, %(kind)s, jsonb_build_object('title', %(title)s::text), 'journal.notice', %(notice)s, 'journal:notice',
       %(at)s, %(at)s, %(at)s, 'notice:' || %(notice)s || ':' || p.id, false
  FROM staff_person p WHERE p.id <> %(author)s AND p.id IN ({readers})
ON CONFLICT (dedupe_key) DO NOTHING
"""


class StaleNotice(Exception):
    """Somebody saved, published or withdrew the notice after the page was opened. `current`: as it stands now."""

    def __init__(self, current):
        super().__init__(str(current.pk))
        self.current = current


def _action(act):
    @wraps(act)
    @transaction.atomic
    def acted(*args, by, **kwargs):
        with pghistory.context(person=by.pk):
            return act(*args, by=by, **kwargs)

    return acted


@_action
def write(*, units=(), uploads=(), by, at, **fields):
    """A new draft. `uploads`: checked files as (file, kind)."""
    notice = Notice.objects.create(author=by, created_at=at, **fields)
    _set_units(notice, units)
    _attach(notice, uploads)
    return notice


@_action
def edit(notice, *, version, units=(), uploads=(), removed=(), by, at, **fields):
    """Change a draft. `removed`: attachments to take away. Raises StaleNotice, also when it was published meanwhile."""
    changed = Notice.objects.filter(pk=notice.pk, version=version, published_at__isnull=True).update(
        **fields, version=F("version") + 1
    )
    if not changed:
        raise StaleNotice(Notice.objects.get(pk=notice.pk))
    notice.refresh_from_db()
    _set_units(notice, units)
    for attachment in notice.attachments.filter(pk__in=[a.pk for a in removed]):
        attachment.delete()
        transaction.on_commit(lambda name=attachment.file.name, disk=attachment.file.storage: disk.delete(name))
    _attach(notice, uploads)
    return notice


def _set_units(notice, units):
    wanted = {unit.pk for unit in units}
    NoticeUnit.objects.filter(notice=notice).exclude(branch__in=wanted).delete()
    there = set(NoticeUnit.objects.filter(notice=notice).values_list("branch", flat=True))
    NoticeUnit.objects.bulk_create(NoticeUnit(notice=notice, branch_id=pk) for pk in sorted(wanted - there))


def _attach(notice, uploads):
    if notice.attachments.count() + len(uploads) > files.AT_MOST:
        message = _("A notice has at most %(count)s files.") % {"count": files.AT_MOST}
        raise ValidationError({"files": message})
    for upload, kind in uploads:
        NoticeAttachment.objects.create(
            notice=notice, file=upload, name=files.shown_name(upload.name, kind), content_type=files.TYPES[kind],
            size=upload.size, sha256=files.sha256(upload),
        )  # fmt: skip


@_action
def publish(notice, *, version, by, at):
    """Make a draft visible to its audience and tell everybody in it. Published again, it changes nothing.

    Raises StaleNotice if the draft was changed since the page was opened.
    """
    changed = Notice.objects.filter(pk=notice.pk, version=version, published_at__isnull=True).update(
        published_at=at, version=F("version") + 1
    )
    current = Notice.objects.get(pk=notice.pk)
    if changed:
        _tell(current, at)
    elif current.published_at is None:
        raise StaleNotice(current)
    return current


def _tell(notice, at):
    readers, more = notice.readers(timezone.localdate(at)).order_by().values("pk").query.sql_with_params()
    values = {"kind": NOTICE, "title": notice.title, "notice": notice.pk, "at": at, "author": notice.author_id}
    names = {f"reader{number}": value for number, value in enumerate(more)}
    statement = TELL.format(readers=readers % tuple(f"%({name})s" for name in names))
    with connection.cursor() as cursor:
        cursor.execute(statement, values | names)
    outbox.tell_deputies(at=at)
    outbox.nudge_on_commit()


@_action
def withdraw(notice, *, because, by, at):
    """Take a published notice back, with a reason; it stays for its author and in history. Repeated: no change."""
    Notice.objects.filter(pk=notice.pk, published_at__isnull=False, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=by, withdrawn_because=because, version=F("version") + 1
    )


@transaction.atomic
def confirm_read(notice, *, by, at):
    """The person has read it. The first time counts."""
    NoticeRead.objects.bulk_create([NoticeRead(notice=notice, person=by, at=at)], ignore_conflicts=True)
