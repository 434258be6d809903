"""Opening hours as people write them: "09:00-12:00, 13:30-18:00". Feeds clocks.md, kinds 2-4."""

import re
import unicodedata
from datetime import time
from itertools import groupby, pairwise

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

PERIOD = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")


def read(text):
    """The periods of one day in order, as ((opens, closes), ...); nothing for a closed day.

    Full-width signs, 至 and dashes of any kind are taken as written by an input method. Raises ValidationError.
    """
    plain = re.sub(r"\s*(?:[-~‐‑‒–—−]+|至|到|to)\s*", "-", unicodedata.normalize("NFKC", text).strip())
    plain = plain.replace("点", ":00").replace("、", ",")
    periods = sorted(_period(part) for part in re.split(r"[\s,;]+", plain) if part)
    for first, second in pairwise(periods):
        if second[0] < first[1]:
            raise ValidationError(
                _("%(first)s and %(second)s overlap."), params={"first": shown([first]), "second": shown([second])}
            )
    return tuple(periods)


def _period(part):
    match = PERIOD.fullmatch(part)
    if not match:
        message = _("“%(part)s” does not read as opening hours. Write them like 09:00-12:00, 13:30-18:00.")
        raise ValidationError(message, params={"part": part})
    hours = match.groups(default="00")
    opens, closes = _time(*hours[:2]), _time(*hours[2:])
    if closes <= opens:
        message = _("“%(part)s”: the closing time is not after the opening time.")
        raise ValidationError(message, params={"part": shown([(opens, closes)])})
    return opens, closes


def _time(hour, minute):
    try:
        return time(int(hour), int(minute))
    except ValueError:
        message = _("%(time)s is no time of the day: it runs from 00:00 to 23:59.")
        raise ValidationError(message, params={"time": f"{hour}:{minute}"}) from None


def shown(periods):
    """Periods of one day as `read` takes them."""
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in periods)


def week(periods):
    """The seven days of OpeningPeriod rows, as `read` gives each."""
    days = [[] for _day in range(7)]
    for period in sorted(periods, key=lambda period: period.opens):
        days[period.weekday].append((period.opens, period.closes))
    return [tuple(day) for day in days]


def in_words(periods):
    """(days, hours) for the reader, equal days together: ("Monday - Friday", "09:00-18:00"); "" when closed."""
    found = []
    for hours, run in groupby(enumerate(week(periods)), key=lambda day: day[1]):
        days = [number for number, _hours in run]
        names = str(WEEKDAYS[days[0]]) if len(days) == 1 else f"{WEEKDAYS[days[0]]} - {WEEKDAYS[days[-1]]}"
        found.append((names, shown(hours)))
    return found
