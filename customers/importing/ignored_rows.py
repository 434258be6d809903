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
# Simplified characters of the patterns below, each with its traditional one.
_PAIRS = (
    "页頁 计計 总總 数數 汇匯 户戶 额額 个個 条條 张張 笔筆 顾顧 单單 业業 记記 录錄 据據 资資 "
    "线線 联聯 审審 报報 复複 负負 责責 统統 导導 对對 经經 办辦 时時 间間 签簽 盖蓋 写寫 说說 "
    "备備 项項 传傳 为為 仅僅 请請 厂廠 团團 于於 号號 当當 现現 续續 样樣 无無 选選 择擇 过過 "
    "内內 机機 制製 注註 转轉 结結 绝絕 权權"
)
_BOTH = {pair[0]: pair for pair in _PAIRS.split()}


def _look(pattern, flags=0):
    """A pattern of simplified characters, for traditional ones as well: folding every row would take longer."""
    signs, in_class = [], False
    for sign in pattern:
        in_class = sign == "[" or (in_class and sign != "]")
        both = _BOTH.get(sign, sign)
        signs.append(both if in_class or both == sign else f"[{both}]")
    return re.compile("".join(signs), flags)


_TOTAL = _look(
    "(?:本页|本表|本日|本月|本季|本年|全年|全部|以上|各店|分店)?(?:合计|小计|总计|共计|累计|总数|总和|汇总|总合计|合计数|总计数|平均值?|平均数)"
    "(?:[(（][^()（）]{1,6}[)）])?[:：]?(?:人数|户数|家数|数量|金额)?[:：]?"
    r"[\d,.]*(?:家|户|个|人|条|元|位|张|份|名)?|"
    r"(?:本页|本表|以上|总|一)?共(?:有|计)?[\d,]+(?:家|户|个|人|条|位|笔|行|页|张|份|名)"
    r"(?:客户|顾客|单位|公司|企业|记录|数据|资料|名片|线索|联系人)?|"
    r"(?:grand|sub|page|report)?-?totals?(?:records?|rows|customers?)?(?:\(\d+(?:records?|rows|customers?)?\))?[:：]?[\d,.]*"
    r"(?:records?|rows|customers?)?|(?:记录|客户|总记录|总)(?:总数|总户数|户数|笔数|条数|数)[:：]?[\d,]+[家户个人条笔]?|"
    r"(?:sum|average|avg)[:：]?|(?:record|row)?count[:：]?\d*|\d+(?:records?|rows|customers?)",
    re.IGNORECASE,
)
# 北京朝阳分店小计：3家
_PART_TOTAL = _look(r".{1,20}(?:小计|合计|总计|共计)[:：]?[\d,.]*(?:家|户|个|人|条|元|位)?")
_NOTE = _look(
    "(?:制表|审核|填表|填报|复核|批准|打印|制单|主管|单位负责人|统计|导出|核对|经办|报表|汇总)(?:人|日期|时间|单位)?"
    "(?:签字|签名|盖章)?[:：].*|第?\\d+页?[/共]第?\\d+页|第 ?\\d+ ?页.*|"
    "(?:填表|填写)?(?:说明|备注|注|附|附注|注意(?:事项)?)[:：].*|以下空白|"
    # 以上传媒 is a name
    "以上(?:[为均是都已皆由仅请如需未].*|(?!.*(?:公司|[厂店行社]|集团|中心|科技|传媒|工作室)$).*)"
)
# Of those that are alone in their row.
_LONE_NOTE = _look(
    r"(?:数据|资料|统计|信息)?截[止至](?:[到于至]|日期|时间|[:：\s])*"
    r"(?:[\d〇零].*|[一二三四五六七八九十年月日号]{2,}.*|[今本上去昨当][天日月年周].*|目前.*|现在.*|为止)?|"
    r"日期[:：].*|第[一二三四五六七八九十]+页|[-—–]+ ?\d+ ?[-—–]+|"
    r"[(（]?[续接][上下]?[表页][)）]?|(?:示例|样例|例)(?:[:：].*)?|.{0,20}必填.{0,20}|以下(?:为空|无.*)|空白|签字|签章|盖章|"
    r"page \d+(?: of \d+)?|[(]continued[)]|end of (?:report|list)|note: .*|"
    r"(?:report )?(?:generated|exported|printed|prepared|created)(?: (?:by|on|at)\b|:).*|"
    r"page:? ?\d+(?: ?/ ?\d+)?|\d{1,4} ?/ ?\d{1,4}|共 ?\d+ ?页.*|(?:转|接|续)[上下]?页|"
    r"(?:导出|打印|列印|生成|制表|统计|更新)(?:日期|时间)? ?\d.*|本表(?:由|一式|仅|为|共).*|版权所有.*|"
    r"内部资料.*|[机绝]密|"
    r"[-—*=(（ ]*(?:以下空白|以下无正文|报表结束|数据结束|结束|完|end|the end)[-—*=)） ]*|"
    r"confidential(?: (?:information|-).*)?|copyright (?:[(][cC][)]|©|\d).*",
    re.IGNORECASE,
)
# What templates write under their headings.
_HINT = _look(
    "[(（]?(?:必填|选填|必选|可选|非必填|请选择|下拉(?:选择|框)?|单选|多选|文本|文字|数字|数值|日期|字符串?|"
    "(?:不超过)?\\d+[位字](?:以内|手机号|数字)?|required|optional|text|string|number|date)[)）]?",
    re.IGNORECASE,
)
_SECTION = re.compile("[(（]?[一二三四五六七八九十]{1,3}(?:、|[)）]).+|【[^【】]*】|.+[:：]")  # alone in its row
# 会计：李四, Source: ERP. No name of a customer has a colon behind its first words.
_LABEL = re.compile(r"[^:：\d]{1,20}[:：].*")
_NOTES = _NOTE, _LONE_NOTE, _SECTION
_STROKES = re.compile(r"[-‐-―—–_=*~·./\\\s]+")
_WHOLE_NUMBER = re.compile(r"[\d\s+()（）-]{7,}")
_RUNNING_NUMBER = re.compile(r"[A-Za-z]{0,6}[-_.#]?\d+[.、]?")
_COUNT = re.compile(r"[\d,.]+\s*(?:家|户|个|人|条|元|位|万元?|%)?")
_OF_FIGURES = frozenset((None, "number", "quantity", "unit_price", "amount"))
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
    if len(filled) > 3 and _is_wide_total(filled, fields):
        return "total"
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
        if (not known or fields[at] == "name") and _LABEL.fullmatch(text) and not is_number_of_data(text):
            return "title"
    elif len(filled) <= 6:
        is_note = _NOTE.fullmatch(text) and not any(_is_reachable(cell) for _place, cell in others)
        return "title" if is_note or _are_notes(filled) else ""
    return ""


def _are_notes(filled):
    """会计：李四 | 出纳：张三, and 复核： with a name beside it."""
    texts = [clean(cell) for _at, cell in filled if type(cell) is str]
    if len(texts) < len(filled) or any(map(is_number_of_data, texts)):
        return False
    notes = [text for text in texts if any(look.fullmatch(text) for look in (_NOTE, _LONE_NOTE, _LABEL))]
    return texts[0] in notes and 2 * len(notes) >= len(texts)


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


def _is_wide_total(filled, fields):
    """Figures in columns of figures, and perhaps one word for a total: of months side by side."""
    words_of_it = 0
    for at, cell in filled:
        text = "".join(clean(cell).split())
        if type(cell) is str and (_TOTAL.fullmatch(text) or _PART_TOTAL.fullmatch(text)):
            words_of_it += 1
        elif (at < len(fields) and fields[at] not in _OF_FIGURES) or not (
            type(cell) is float or _COUNT.fullmatch(text)
        ):
            return False
    return words_of_it <= 1


def _is_number(cell):
    return type(cell) is not str or bool(_RUNNING_NUMBER.fullmatch(clean(cell)))


def begins_total(cells):
    first = next(cell for cell in cells if cell is not None)
    if type(first) is float:
        first = next((cell for cell in cells if type(cell) is str), "")
    if type(first) is not str or len(first) > words.LONGEST_HEADING:
        return False
    text = "".join(first.split())
    return bool(_TOTAL.fullmatch(text) or (("计" in text or "計" in text) and _PART_TOTAL.fullmatch(text)))
