"""How long something may take, as people and parameters write it: 30min, 24h, 3workdays, 2openinghours, sameday.

Source: clocks.md, "Kinds of time".
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Kind(models.TextChoices):
    ELAPSED = "elapsed", _("elapsed time")
    WORKDAYS = "workdays", _("working days")
    OPENING_HOURS = "openinghours", _("opening hours")
    SAME_DAY = "sameday", _("same day")


WRITTEN = re.compile(r"(\d{1,6})\s*(min|h|workdays?|openinghours?|openingmin)", re.ASCII)
MINUTES = {"min": 1, "h": 60, "openingmin": 1, "openinghour": 60}
LONGEST = {Kind.ELAPSED: 10 * 366 * 24 * 60, Kind.OPENING_HOURS: 2000 * 60, Kind.WORKDAYS: 1000}


@dataclass(frozen=True)
class Term:
    """`amount` is minutes of elapsed or opening time, or a number of working days; 0 for the same day."""

    kind: Kind
    amount: int = 0

    @classmethod
    def parse(cls, text):
        """Read a term as written. Raises ValidationError with a sentence."""
        plain = unicodedata.normalize("NFKC", str(text)).strip().lower()
        if plain == "sameday":
            return cls(Kind.SAME_DAY)
        match = WRITTEN.fullmatch(plain)
        if not match:
            message = _("“%(text)s” is no term: write 30min, 24h, 3workdays, 2openinghours or sameday.")
            raise ValidationError(message, params={"text": text})
        number, unit = int(match[1]), match[2]
        if unit.startswith("workday"):
            term = cls(Kind.WORKDAYS, number)
        else:
            kind = Kind.OPENING_HOURS if unit.startswith("opening") else Kind.ELAPSED
            term = cls(kind, number * MINUTES[unit.rstrip("s")])
        if not 0 < term.amount <= LONGEST[term.kind]:
            message = _(
                "“%(text)s” is out of range: at least 1, at most ten years, 1000 workdays or 2000 openinghours."
            )
            raise ValidationError(message, params={"text": text})
        return term

    def __str__(self):
        """As `parse` reads it: the shortest way to write it."""
        if self.kind == Kind.SAME_DAY:
            return "sameday"
        if self.kind == Kind.WORKDAYS:
            return f"{self.amount}workdays"
        opening = "opening" if self.kind == Kind.OPENING_HOURS else ""
        if self.amount % 60:
            return f"{self.amount}{opening}min"
        return f"{self.amount // 60}{'openinghours' if opening else 'h'}"

    @property
    def duration(self):
        """Length of elapsed or opening time."""
        return timedelta(minutes=self.amount)

    @property
    def counts_days(self):
        """Whether the calendar has a say in it."""
        return self.kind != Kind.ELAPSED

    @property
    def in_words(self):
        """For the reader: "3 working days"."""
        if self.kind == Kind.SAME_DAY:
            return _("the same day, by closing time")
        if self.kind == Kind.WORKDAYS:
            return ngettext("%(count)d working day", "%(count)d working days", self.amount) % {"count": self.amount}
        if self.amount % 60:
            time = ngettext("%(count)d minute", "%(count)d minutes", self.amount) % {"count": self.amount}
        else:
            hours = self.amount // 60
            time = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
        return _("%(time)s of opening time") % {"time": time} if self.kind == Kind.OPENING_HOURS else time
