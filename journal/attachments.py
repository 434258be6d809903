"""Files that come with a notice or a customer: what they are is read from their bytes, not believed from their names.

Accepted: PDF, PNG, JPEG, and Word, Excel and PowerPoint files without macros. All are served as downloads.
Source: GEN-04, reliability §6.
"""

import hashlib
import zipfile
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024  # bytes of one file
AT_MOST = 5  # files of one notice, or added at once to a customer
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
}
ACCEPT = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx"
STARTS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
ENTRIES, UNPACKED, RATIO = 1000, 200 * 1024 * 1024, 100  # what an honest office file stays below


def check(upload):
    """The kind of an uploaded file ("pdf"). Raises ValidationError with what is wrong."""
    if upload.size > LARGEST:
        raise ValidationError(
            _("%(name)s is larger than %(size)s MB.") % {"name": upload.name, "size": LARGEST // 1024 // 1024}
        )
    kind = _kind(upload)
    if kind is None:
        raise ValidationError(
            _("%(name)s is not a PDF, PNG, JPEG, Word, Excel or PowerPoint file (without macros).")
            % {"name": upload.name}
        )
    return kind


def _kind(upload):
    upload.seek(0)
    head = upload.read(8)
    upload.seek(0)
    for start, kind in STARTS.items():
        if head.startswith(start):
            return kind
    return _office(upload) if head.startswith(b"PK\x03\x04") else None


def _office(upload):
    """Which office file a zip is; None for any other, for one with macros and for one that unpacks to too much."""
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    finally:
        upload.seek(0)
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    bomb = len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * max(upload.size, 1)
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if bomb or macros or "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in PARTS.items() if part in names), None)


def shown_name(name, kind):
    """A harmless file name whose ending tells what the file is."""
    stem = get_valid_filename(PurePath(name.replace("\\", "/")).stem.strip(". ") or "file")
    return f"{stem[:100]}.{kind}"


def download(row):
    """The file of an attachment's row, as a download that no browser interprets; 404 if it is gone from the disk."""
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def sha256(upload):
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
