"""Who took a file out, when and what for: written into the file and into its name. Source: SEC-06."""

import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Mark:
    """`pairs` are (label, text); `line` is the mark in one sentence."""

    title: str
    by: str
    line: str
    pairs: list


def mark_of(job, exporter, at):
    """The mark of a job whose file is written now, in the active language."""
    person, title = job.person, str(exporter.label)
    by, when = f"{person.name} ({person.staff_number})", f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    values = {"title": title, "by": by, "when": when, "number": job.pk, "purpose": job.purpose}
    line = _("Export %(number)s: %(title)s, taken by %(by)s at %(when)s for: %(purpose)s") % values
    pairs = [
        (_("List"), title),
        *exporter.words(person, job.choices),
        (_("Taken by"), by),
        (_("Taken at"), when),
        (_("Purpose"), job.purpose),
        (_("Number of the export"), str(job.pk)),
        (_("Handling"), _("For internal use and this purpose only. Delete the file when it has served.")),
    ]
    return Mark(title, by, line, pairs)


def file_name(job, exporter, at):
    """Customers 2026-11-25 1430 E003.xlsx: list, moment, staff number."""
    stem = f"{exporter.label} {timezone.localtime(at):%Y-%m-%d %H%M} {job.person.staff_number}"
    harmless = re.sub(r"[^\w -]", "", stem)[:100]
    return f"{harmless}.{job.format}"
