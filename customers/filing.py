"""The filing standard 客户档案管理办法 as dated lines, and how a new version of one is set. Source: REC-21."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.history import action

from .completeness import ITEMS, labels
from .models import FilingStandard


@action
def set_line(*, channel="", source="", items, starts_on, reason, by, at):
    """From a day on, today or later, records of a channel and a source need these items; None: those of the more
    general line. Versions set before stay, and records entered under them keep being judged by them."""
    if starts_on < timezone.localdate(at):
        raise ValidationError({"starts_on": _("The past cannot be changed: today or later.")})
    if items is None and not (channel or source):
        raise ValidationError({"items": _("The line for all customers has its own items.")})
    if items is not None and (unknown := set(items) - ITEMS.keys()):
        raise ValidationError({"items": _("There is no such item: %(items)s") % {"items": ", ".join(sorted(unknown))}})
    kept = None if items is None else [code for code in ITEMS if code in items]
    return FilingStandard.objects.create(
        channel=channel, source=source, items=kept, starts_on=starts_on, reason=reason, set_by=by, set_at=at
    )


@dataclass(frozen=True)
class Line:
    """One line for readers: its version in force and the one that comes next, if any."""

    channel: str
    source: str
    now: FilingStandard | None
    coming: FilingStandard | None

    @property
    def title(self):
        return title(self.now or self.coming)

    @property
    def labels(self):
        return None if self.now is None or self.now.items is None else labels(self.now.items)


def title(row):
    """Which records a line is about, in words."""
    return " · ".join(
        [
            row.get_channel_display() if row.channel else _("all channels"),
            row.get_source_display() if row.source else _("all sources"),
        ]
    )


def lines(*, on):
    """All lines that ever were, as they stand on a day, the most general first."""
    found = {}
    for row in FilingStandard.objects.select_related("set_by").order_by("starts_on", "set_at", "pk"):
        now, coming = found.get((row.channel, row.source), (None, None))
        if row.starts_on <= on:
            now = row
        elif coming is None or row.starts_on == coming.starts_on:
            coming = row
        found[row.channel, row.source] = (now, coming)
    kept = {pair: rows for pair, rows in found.items() if rows[1] or (rows[0] and rows[0].items is not None)}
    return [Line(*pair, *kept[pair]) for pair in sorted(kept, key=lambda pair: (bool(pair[0]), bool(pair[1]), pair))]


def versions():
    """Every version, the latest first."""
    return FilingStandard.objects.select_related("set_by").order_by(F("starts_on").desc(), F("set_at").desc(), "-pk")
