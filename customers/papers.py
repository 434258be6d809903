"""Files and notes of a record: added, changed by their author, hidden, never deleted. Source: SEC-04."""

import pghistory

from journal import attachments
from staff.history import action

from .models import CustomerFile, CustomerNote


@action
def add_files(customer, *, uploads, by, at):
    """`uploads`: checked files as (file, kind)."""
    for upload, kind in uploads:
        CustomerFile.objects.create(
            customer=customer, file=upload, name=attachments.shown_name(upload.name, kind),
            content_type=attachments.TYPES[kind], size=upload.size, sha256=attachments.sha256(upload),
            added_at=at, added_by=by,
        )  # fmt: skip


@action
def remove_file(file, *, because, by, at):
    """Hide a file, with a reason. Repeated: no change."""
    pghistory.context(reason=because)
    CustomerFile.objects.kept().filter(pk=file.pk).update(removed_at=at, removed_by=by, removed_because=because)


@action
def write_note(customer, *, text, by, at):
    return CustomerNote.objects.create(customer=customer, text=text, written_at=at, author=by)


@action
def edit_note(note, *, text, by, at):
    """Change one's own note; the history keeps what it said."""
    if text != note.text:
        CustomerNote.objects.filter(pk=note.pk, author=by).update(text=text, edited_at=at)
