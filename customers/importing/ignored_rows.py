"""Rows of a sheet that are no data, by their look: blank ones, notes, totals. Source: REC-15; import.md step 2."""

import re

from django.utils.translation import gettext_lazy as _

from customers.values.text import clean

from . import headings as words
from .cells import FAULTS, is_number_of_data, written

IGNORED = {
    "blank": _("blank row"),
    "title": _("title or note"),
    "header": _("repeated header"),
    "total": _("total"),
}
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
    "(?:填表|填写)?(?:说明|备注|注|附|附注|注意(?:事项)?)[:：].*|以下空白|"
    # 以上传媒 is a name
    "以上(?:[为均是都已皆由仅请如需未].*|(?!.*(?:公司|[厂店行社]|集团|中心|科技|传媒|工作室)$).*)"
)
# Of those that are alone in their row.
_LONE_NOTE = re.compile(
    r"(?:数据|资料|统计|信息)?截[止至](?:[到于至]|日期|时间|[:：\s])*"
    r"(?:[\d〇零].*|[一二三四五六七八九十年月日号]{2,}.*|[今本上去昨当][天日月年周].*|目前.*|现在.*|为止)?|"
    r"日期[:：].*|第[一二三四五六七八九十]+页|[-—–]+ ?\d+ ?[-—–]+|"
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
_COUNT = re.compile(r"[\d,.]+\s*(?:家|户|个|人|条|元|位|万元?|%)?")
MOST_IN_TOTAL = 6  # cells; a row with more is a total only where it begins with the word


def why_ignored(filled, fields, titles, who):
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
    is_part_total = len(filled) <= MOST_IN_TOTAL and _PART_TOTAL.fullmatch("".join(text.split()))
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
    return bool(_COUNT.fullmatch(clean(cell))) and not is_number_of_data(written(cell))


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


def _is_number(cell):
    return type(cell) is not str or bool(_RUNNING_NUMBER.fullmatch(clean(cell)))


def begins_total(cells):
    first = next(cell for cell in cells if cell is not None)
    if type(first) is float:
        first = next((cell for cell in cells if type(cell) is str), "")
    return type(first) is str and len(first) <= words.LONGEST_HEADING and bool(_TOTAL.fullmatch("".join(first.split())))
