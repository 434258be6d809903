"""The file of an official year: CSV or JSON with date, works, name. Every bad line is named. Source: clocks.md."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 200_000  # bytes
NAME_LENGTH = 60
COLUMNS = {"date": "date", "日期": "date", "works": "works", "上班": "works", "name": "name", "名称": "name"}
WORKS = dict.fromkeys(("1", "true", "yes", "y", "是", "班", "上班", "work"), True)
WORKS |= dict.fromkeys(("0", "false", "no", "n", "否", "休", "放假", "off"), False)
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))  # an official year without these is incomplete


@dataclass(frozen=True)
class Day:
    date: date
    works: bool
    name: str


def read(content):
    """(days in order, notice) of one year. Raises ValidationError with a sentence for each bad line."""
    if len(content) > LARGEST:
        raise ValidationError(_("The file is too large: a year has about forty lines."))
    rows, notice = _rows(_text(content))
    days, errors = [], []
    for place, row in rows:
        try:
            days.append(_day(row))
        except ValidationError as error:
            errors.append(_("Line %(line)s: %(problem)s") % {"line": place, "problem": error.messages[0]})
    if not errors:
        errors = list(_faults(days))
    if errors:
        raise ValidationError(errors)
    return sorted(days, key=lambda day: day.date), notice


def _text(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The file is neither UTF-8 nor GB 18030 text. Save it as CSV or JSON."))


def _rows(text):
    """((line or entry number, row), ...) and the notice; rows have texts under date, works, name."""
    if text.lstrip()[:1] in ("{", "["):
        return _json(text)
    reader = csv.reader(io.StringIO(text))
    try:
        header = [COLUMNS.get(cell.strip().lower()) for cell in next(reader, [])]
        if not {"date", "works"} <= set(header):
            raise ValidationError(_("The first line must name the columns: date,works,name (or 日期,上班,名称)."))
        return [
            (reader.line_num, {column: cell for column, cell in zip(header, cells, strict=False) if column})
            for cells in reader
            if any(cell.strip() for cell in cells)
        ], ""
    except csv.Error as error:
        raise ValidationError(
            _("Line %(line)s: %(problem)s") % {"line": reader.line_num, "problem": _("cannot be read as CSV")}
        ) from error


def _json(text):
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("The file begins like JSON but cannot be read as JSON.")) from error
    notice = ""
    if isinstance(content, dict):
        content, notice = content.get("days"), str(content.get("notice", ""))
    if not isinstance(content, list):
        raise ValidationError(_("The JSON file needs a list of days, each with date, works and name."))
    return list(enumerate(content, start=1)), notice


def _day(row):
    if not isinstance(row, dict):
        raise ValidationError(_("needs date, works and name"))
    try:
        day = date.fromisoformat(str(row.get("date", "")).strip().replace("/", "-"))
    except ValueError:
        raise ValidationError(_("“%(text)s” is no date, write 2027-10-01") % {"text": row.get("date", "")}) from None
    works = WORKS.get(str(row.get("works", "")).strip().lower())
    if works is None:
        raise ValidationError(_("“%(text)s”: write 1 for worked or 0 for off") % {"text": row.get("works", "")})
    name = str(row.get("name") or "").strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise ValidationError(_("the name of the day is missing or longer than %(most)s") % {"most": NAME_LENGTH})
    return Day(day, works, name)


def _faults(days):
    if not days:
        yield _("The file has no days.")
        return
    dates = [day.date for day in days]
    for twice in sorted({day for day in dates if dates.count(day) > 1}):
        yield _("%(day)s stands there more than once.") % {"day": twice}
    years = sorted({day.year for day in dates})
    if len(years) > 1:
        yield _("The file has days of several years: %(years)s.") % {"years": ", ".join(map(str, years))}
        return
    off = {day.date for day in days if not day.works}
    for month, number in ALWAYS_OFF:
        day = date(years[0], month, number)
        if day not in off:
            yield _("%(day)s is missing as a day off: the official calendar is not complete.") % {"day": day}
