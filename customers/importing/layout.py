"""Where in a sheet the header stands, and which rows are no data. Source: REC-15; import.md "Several sheets".

    for table in tables(read(source)):
        table.sheet, table.header_row, table.headings, table.fields
        for row in table:                      # in order, before the next table
            row.number, row.cells, row.ignored  # "" or one of IGNORED

A sheet without a recognisable header gives a table without headings and rows: it is skipped and named. A second header
further down with other columns begins another table of the same sheet.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from customers.values.text import clean

from . import headings as words
from .cells import FAULTS, written

IGNORED = {
    "blank": _("blank row"),
    "title": _("title or note"),
    "header": _("repeated header"),
    "total": _("total"),
}
LOOKED_THROUGH = 100  # rows in which a header is looked for
_TOTAL = re.compile(
    "(?:本页|本表|全部|以上|各店|分店)?(?:合计|小计|总计|共计|累计|总数|总和|汇总|总合计|合计数|总计数)"
    "(?:[(（][^()（）]{1,6}[)）])?[:：]?(?:人数|户数|家数|数量|金额)?[:：]?"
    r"[\d,.]*(?:家|户|个|人|条|元|位)?|(?:本页|本表|以上|总|一)?共(?:有|计)?[\d,]+(?:家|户|个|人|条|位|笔|行|页)(?:客户|单位|企业|记录|数据)?|"
    r"(?:grand|sub|page|report)?-?totals?(?:records?|rows|customers?)?(?:\(\d+(?:records?|rows|customers?)?\))?[:：]?[\d,.]*|"
    r"sum[:：]?|(?:record|row)?count[:：]?\d*|\d+(?:records?|rows|customers?)",
    re.IGNORECASE,
)
# 北京朝阳分店小计：3家
_PART_TOTAL = re.compile(r".{1,20}(?:小计|合计|总计|共计)[:：]?[\d,.]*(?:家|户|个|人|条|元|位)?")
_NOTE = re.compile(
    "(?:制表|审核|填表|填报|复核|批准|打印|制单|主管|单位负责人|统计|导出|核对|经办|报表|汇总)(?:人|日期|时间|单位)?"
    "(?:签字|签名|盖章)?[:：].*|第?\\d+页?[/共]第?\\d+页|第 ?\\d+ ?页.*|"
    "(?:填表|填写)?(?:说明|备注|注|附|附注|注意(?:事项)?)[:：].*|以上.*|以下空白"
)
# Of those that are alone in their row.
_LONE_NOTE = re.compile(
    r"(?:数据|资料)?截[止至].*|日期[:：].*|第[一二三四五六七八九十]+页|[-—–]+ ?\d+ ?[-—–]+|"
    r"[(（]?[续接][上下]?[表页][)）]?|(?:示例|样例|例)(?:[:：].*)?|.{0,20}必填.{0,20}|以下(?:为空|无.*)|空白|签字|签章|盖章|"
    r"page \d+(?: of \d+)?|[(]continued[)]|end of (?:report|list)|note: .*|"
    r"(?:report )?(?:generated|exported|printed|prepared|created)(?: (?:by|on|at)\b|:).*|"
    r"confidential (?:information|-).*|copyright (?:[(][cC][)]|©|\d).*",
    re.IGNORECASE,
)
# What templates write under their headings.
_HINT = re.compile(
    "[(（]?(?:必填|选填|必选|可选|非必填|请选择|下拉(?:选择|框)?|单选|多选|文本|文字|数字|数值|日期|字符串?|"
    "(?:不超过)?\\d+[位字](?:以内|手机号|数字)?|required|optional|text|string|number|date)[)）]?",
    re.IGNORECASE,
)
_SECTION = re.compile("[(（]?[一二三四五六七八九十]{1,3}(?:、|[)）]).+|【[^【】]*】|.+[:：]")  # alone in its row
_NOTES = _NOTE, _LONE_NOTE, _SECTION
_STROKES = re.compile(r"[-‐-―—–_=*~·./\\\s]+")
_WHOLE_NUMBER = re.compile(r"[\d\s+()（）-]{7,}")
_RUNNING_NUMBER = re.compile(r"[A-Za-z]{0,6}[-_.#]?\d+[.、]?")
_DIGITS = re.compile(r"\d{3}").search
_NUMBER_OF_DATA = re.compile(r"\d{5}|@").search
_COUNT = re.compile(r"[\d,.]+\s*(?:家|户|个|人|条|元|位|万元?|%)?")
_FEWEST_KNOWN = 2
_MOST_IN_TOTAL = 6  # cells; a row with more is a total only where it begins with the word
_SAME_HEADER = 0.8  # of the cells


class Row(NamedTuple):
    """`number` is the row's number in its sheet from 1; cells are at least as many as headings."""

    number: int
    cells: list
    ignored: str = ""


@dataclass
class Table:
    """Rows under one header. Iterate once, in turn. `header_row` is None for a sheet that is skipped."""

    sheet: object  # reading.Sheet
    header_row: int | None = None
    headings: list[str] = field(default_factory=list)
    fields: list = field(default_factory=list)
    rows: object = ()
    known: words.Known = words.CUSTOMERS

    def __iter__(self):
        return iter(self.rows)

    @property
    def fingerprint(self):
        return words.fingerprint(self.headings)


def tables(batches, *, header_rows=None, guess=None, remembered=None, known=words.CUSTOMERS):
    """Tables of all sheets in order. `header_rows` corrects: {sheet position: row number, or None to skip the sheet}.
    `known` are the headings of the kind of file; `guess` gives the fields of a list of headings; a caller with a memory
    of mappings passes its own, and `remembered`: which of several lists of headings it has met, or None."""
    corrected = header_rows or {}
    source = _Lines(batches)
    while (sheet := source.next_sheet()) is not None:
        yield from _tables_of_sheet(sheet, source, corrected, guess or known.guess, remembered, known)


def _tables_of_sheet(sheet, source, corrected, guess, remembered, known):
    if sheet.position in corrected:
        at = corrected[sheet.position]
        top = source.take(max(LOOKED_THROUGH, at or 0))
        at = at - 1 if at and at <= len(top) else None
    else:
        top = source.take(LOOKED_THROUGH)
        at = find_header(top, known)
        if at is not None and at + 1 < len(top) and _is_form(top[at], top[at + 1], known):
            at = None
        if at is None and remembered:
            at = remembered([_ending([clean(cell) for cell in cells]) for cells in top])
    if at is None:
        yield Table(sheet)
        return
    first, last, headings = _whole_header(top, at, known)
    above = [Row(number, cells, "title" if _filled(cells) else "blank") for number, cells in enumerate(top[:first], 1)]
    source.put_back(top[last + 1 :], last + 2)
    header_row = at + 1
    while header_row:
        table = Table(sheet, header_row, headings, guess(headings), known=known)
        rows = _Rows(table, source, above)
        table.rows = rows
        yield table
        for _row in rows:  # whatever the caller left
            pass
        header_row, above = None, []
        if rows.other_header:
            header_row, headings = rows.other_header
            above = [Row(header_row, [], "header")]


class _Lines:
    """(number, cells) of one sheet after the other; rows that were looked at can be put back."""

    def __init__(self, batches):
        self._batches = iter(batches)
        self._coming = next(self._batches, None)
        self._sheet = None
        self._waiting = []

    def next_sheet(self):
        for _line in self.lines():
            pass
        self._sheet = self._coming.sheet if self._coming else None
        return self._sheet

    def lines(self):
        """The lines of the sheet from here on."""
        while True:
            while self._waiting:
                yield self._waiting.pop()
            if self._coming is None or self._coming.sheet is not self._sheet:
                return
            batch, self._coming = self._coming, None
            self._coming = next(self._batches, None)
            lines = list(enumerate(batch.rows, batch.first))
            self._waiting = lines[::-1]

    def take(self, count):
        """Cells of the first rows, from row 1."""
        taken = []
        for number, cells in self.lines():
            while len(taken) < number - 1:
                taken.append([])
            taken.append(cells)
            if len(taken) >= count:
                break
        return taken

    def put_back(self, rows, number):
        self._waiting += list(enumerate(rows, number))[::-1]


class _Rows:
    """The rows of a table, each judged by its look."""

    def __init__(self, table, source, above):
        self.other_header = None
        self._rows = self._read(table, source, above)

    def __iter__(self):
        return self._rows

    def _read(self, table, source, above):
        yield from above
        titles = {clean(_filled(row.cells)[0][1]) for row in above if len(_filled(row.cells)) == 1}
        fields, known = table.fields, table.known
        header = [words.plain(heading) for heading in table.headings]
        merged = _Merged(table.sheet.merges)
        width = len(header)
        names = fields.index("name") if "name" in fields else 0
        for number, cells in source.lines():
            if len(cells) < width:
                cells = cells + [None] * (width - len(cells))
            if _is_plainly_data(cells, cells[names], table.headings[names]):
                yield Row(number, merged.filled_down(number, cells))
                continue
            filled = _filled(cells)
            ignored = _look(filled, fields, titles, known.who)
            if not ignored and len(filled) >= _FEWEST_KNOWN:
                if _is_same_header(filled, header):
                    ignored = "header"
                elif not _has_digits(cells) and _score(cells, known) > _FEWEST_KNOWN:
                    self.other_header = number, _ending([clean(cell) for cell in cells])
                    return
            yield Row(number, cells if ignored else merged.filled_down(number, cells), ignored)


def _is_plainly_data(cells, name, heading):
    """Quick, for most rows: too full for a title or total, and nothing like the heading where the name should be."""
    return (
        len(cells) - cells.count(None) > _MOST_IN_TOTAL
        and type(name) is str
        and heading[:1] not in name
        and _has_digits(cells)
        and not _begins_total(cells)
    )


def _has_digits(cells):
    """Whether any cell has figures in it: a row of data nearly always, a header (电话2) hardly ever."""
    return any(type(cell) is float or (cell and _DIGITS(str(cell))) for cell in cells)


def _begins_total(cells):
    first = next(cell for cell in cells if cell is not None)
    if type(first) is float:
        first = next((cell for cell in cells if type(cell) is str), "")
    return type(first) is str and len(first) <= words.LONGEST_HEADING and bool(_TOTAL.fullmatch("".join(first.split())))


def _look(filled, fields, titles, who):
    """Why a row is none of data, by its cells alone: blank, title, total or ""."""
    filled = [
        (at, cell) for at, cell in filled if at >= len(fields) or fields[at] != "number" or not _is_number(cell)
    ]  # a form numbered in advance
    if all(type(cell) is str and (cell in FAULTS or _STROKES.fullmatch(cell)) for _at, cell in filled):
        return "blank"
    if len(filled) > 1 and (all(map(_is_hint, filled)) or _counts_columns(filled)):
        return "title"
    at, first = filled[0]
    if type(first) is not str:
        return "total" if len(filled) <= 3 and _is_total(filled, fields, who) else ""
    text = clean(first)
    if len(text) <= words.LONGEST_HEADING and _TOTAL.fullmatch("".join(text.split())):
        return "total"
    others = [(place, cell) for place, cell in filled[1:] if place < len(fields) and fields[place] in who]
    is_part_total = len(filled) <= _MOST_IN_TOTAL and _PART_TOTAL.fullmatch("".join(text.split()))
    if is_part_total and all(_is_count(cell) for _place, cell in others):
        return "total"
    if len(filled) <= 3 and _is_total(filled, fields, who):
        return "total"
    if len(filled) == 1:
        known = at < len(fields) and fields[at] in who
        if text in titles or any(look.fullmatch(text) for look in _NOTES) or (not known and at == 0):
            return "title"
    elif len(filled) <= 6 and _NOTE.fullmatch(text) and not any(_is_reachable(cell) for _place, cell in others):
        return "title"
    return ""


def _is_hint(place_and_cell):
    return type(place_and_cell[1]) is str and bool(_HINT.fullmatch(clean(place_and_cell[1])))


def _counts_columns(filled):
    """1, 2, 3 ... below the headings of a form."""
    numbers = [clean(cell).strip("()（）") for _at, cell in filled]
    first = int(numbers[0]) if len(numbers) > 2 and numbers[0] in ("1", "2") else None
    return first is not None and numbers == [str(number) for number in range(first, first + len(numbers))]


def _is_reachable(cell):
    """A number or address that stands alone in its cell: 以上传媒 with a phone is a customer, 以上均已核对 is none."""
    return type(cell) is not str or bool(_WHOLE_NUMBER.fullmatch(clean(cell))) or "@" in cell


def _is_count(cell):
    """3 or 3家, and no number of a phone."""
    return bool(_COUNT.fullmatch(clean(cell))) and not _NUMBER_OF_DATA(written(cell))


def _is_total(filled, fields, who):
    """A few figures without any who: 合计 somewhere among them, or nothing but numbers."""
    others = 0
    for at, cell in filled:
        text = clean(cell)
        if _TOTAL.fullmatch("".join(text.split())):
            return len(filled) == 1 or at < len(fields)
        if at < len(fields) and fields[at] in who:
            return False
        others += type(cell) is float or bool(_COUNT.fullmatch(text))
    return others == len(filled)


def _is_same_header(filled, header):
    same = sum(at < len(header) and words.plain(cell) == header[at] for at, cell in filled if type(cell) is str)
    return same >= _SAME_HEADER * len(filled)


def find_header(rows, known=words.CUSTOMERS):
    """The index of the row that has most of the headings known here; None where no row has a name and one more.

    Where a header with fewer of them has data below it, the better one begins a table of its own."""
    scores = [_score(cells, known) for cells in rows]
    if max(scores, default=0) < _FEWEST_KNOWN:  # two columns may be known of a hundred
        scores = [_score(cells, known, share=0) for cells in rows]
    best = max(scores, default=0)
    if best < _FEWEST_KNOWN:
        return _lone_header(rows, known)
    at = scores.index(best)
    first = next(place for place, score in enumerate(scores) if score >= _FEWEST_KNOWN)
    between = zip(rows[first + 1 : at], scores[first + 1 : at], strict=True)
    has_data = any(not score and len(_filled(cells)) > 1 and _has_digits(cells) for cells, score in between)
    return first if has_data else at


def _is_form(upper, lower, known):
    """Whether headings and values stand side by side, of one customer: 客户名称 | 远山 | 联系人 | 李娜."""
    told = [{at: known.fields_of(cell) for at, cell in _filled(cells)} for cells in (upper, lower)]
    headings = [{at for at, fields in line.items() if fields} for line in told]
    both = headings[0] & headings[1]
    has_values = all(len(line) > len(its) for line, its in zip(told, headings, strict=True))
    return len(both) >= _FEWEST_KNOWN and has_values and all(told[0][at] != told[1][at] for at in both)


def _lone_header(rows, known):
    """The header of a sheet that has one column, of names, and nothing else."""
    filled = [(at, _filled(cells)) for at, cells in enumerate(rows) if _filled(cells)]
    if len(filled) < 2 or len({tuple(place for place, _cell in cells) for _at, cells in filled}) > 1:
        return None
    at, [(_place, cell), *others] = filled[0]
    is_name = type(cell) is str and len(words.plain(cell)) > 2 and known.fields_of(cell) == ("name",)
    return at if is_name and not others else None


def _score(cells, known, share=1 / 3):
    """How many different fields the cells of a row mean; 0 for a row that can be no header, as where they are a smaller
    share of the cells. Without a share, cells with numbers or addresses tell a row of data."""
    filled = _filled(cells)
    texts = [cell for _at, cell in filled if type(cell) is str and len(cell) <= words.LONGEST_HEADING]
    if len(texts) < _FEWEST_KNOWN or len(texts) < 0.8 * len(filled):
        return 0
    # 单位：| 朝阳店 | 日期：| ... is a line of a form, not a header.
    labels = sum(clean(text).endswith((":", "：")) for text in texts)
    fields = {name for name in known.guess(texts) if name} - {"number"}
    if fields.isdisjoint(known.anchors) or len(fields) <= labels:
        return 0
    if not share and any(map(_NUMBER_OF_DATA, texts)):
        return 0
    return len(fields) - labels if len(fields) >= len(texts) * share else 0


def _whole_header(rows, at, known):
    """(first row, last row, headings) of a header at this index, which may have two lines."""
    headings = [clean(cell) for cell in rows[at]]
    first = last = at
    below = rows[at + 1] if at + 1 < len(rows) else []
    if _is_second_line(below, headings, known):
        last = at + 1
        headings = _joined(headings, [clean(cell) for cell in below])
    elif at and "" in headings:
        above = rows[at - 1]
        given = [(place, cell) for place, cell in _filled(above) if place < len(headings) and not headings[place]]
        if given and len(_filled(above)) > 1 and all(known.fields_of(cell) for _place, cell in given):
            first = at - 1
            for place, cell in given:
                headings[place] = clean(cell)
    return first, last, _ending(headings)


def _ending(headings):
    """Without the empty ones behind the last."""
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _is_second_line(cells, headings, known):
    """Words of headings below: in gaps of the first line, or dividing one of it (联系方式 over 手机 and 座机)."""
    filled = _filled(cells)
    if not filled or any(type(cell) is not str or not known.fields_of(cell) for _at, cell in filled):
        return False
    free = [at for at, _cell in filled if at >= len(headings) or not headings[at]]
    same = sum(at < len(headings) and words.plain(cell) == words.plain(headings[at]) for at, cell in filled)
    return bool(free) and not same


def _joined(upper, lower):
    size = max(len(upper), len(lower))
    upper, lower = upper + [""] * (size - len(upper)), lower + [""] * (size - len(lower))
    return [below or above for above, below in zip(upper, lower, strict=True)]


def _filled(cells):
    return [(at, cell) for at, cell in enumerate(cells) if cell is not None and cell != "" and not _is_space(cell)]


def _is_number(cell):
    return type(cell) is not str or bool(_RUNNING_NUMBER.fullmatch(clean(cell)))


def _is_space(cell):
    return type(cell) is str and (cell.isspace() or (not cell.isalnum() and not clean(cell)))


class _Merged:
    """Cells merged over several rows hold their value in the first; it is meant for all of them."""

    def __init__(self, merges):
        self._starts = {}
        for (top, left), (bottom, _right) in merges:
            self._starts.setdefault(top + 1, []).append((left, bottom + 1))
        self._open = {}  # column -> (last row, value)

    def filled_down(self, number, cells):
        if not self._starts:
            return cells
        for at, (last, value) in list(self._open.items()):
            if number > last:
                del self._open[at]
            elif at < len(cells) and cells[at] is None:
                cells[at] = value
        for left, last in self._starts.get(number, ()):
            if left < len(cells) and cells[left] is not None:
                self._open[left] = (last, cells[left])
        return cells
