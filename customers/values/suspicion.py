"""Names and numbers that somebody invented to get past a required field. Source: REC-07, AUD-08.

A hit is a mark beside the record, not a proof: forms ask, imports warn. Real names come first; on 60,000 real short
names the rules below never fire (a test holds us to it).
"""

import re
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from .folding import folded
from .names import core

REASONS = {
    "no_letters": _("the name has only digits or punctuation"),
    "placeholder": _("the name is a placeholder, not a name"),
    "test": _("the name looks like a test entry"),
    "anonymous": _("the name hides who it is (某)"),
    "repeated": _("the name is one character repeated"),
    "keyboard": _("the name is a run of keys"),
    "same_digit": _("the number is one digit repeated"),
    "sequence": _("the number counts up or down"),
    "well_known": _("the number is a well-known example"),
}

_PUNCTUATION = re.compile(r"[\W_]+")
# Words that stand where a name should; each may be followed by a running number or letter (客户1, 公司A, 散客88).
_PLACEHOLDERS = (
    "无|無|没有|暂无|暂缺|暂定|空|空白|缺|待定|待补|待补充|待填|待查|不详|不祥|不明|不清楚|不知道|不知名|未知|未填|未填写|未定|"
    "未登记|无名|无名称|无名氏|无公司|无单位|匿名|保密|略|同上|其他|其它|个人|私人|自己|本人|散客|散户|零散客户|零售客户|零售|现金客户|"
    "路人|过路客|陌生人|客户|顾客|客人|新客户|老客户|公司|新公司|小公司|单位|个体|个体户|企业|用户|会员|名称|名字|姓名|客户名称|"
    "公司名称|单位名称|联系人|先生|女士|小姐|老板|(?:临时|未知|不明|无名|匿名)(?:客户|顾客|客人|公司|单位|企业|用户)|"
    "na|nil|none|null|nan|unknown|tbd|tba|noname|anonymous|undefined|customer|client|company|name|x{2,}"
)
_PLACEHOLDER = re.compile(f"(?:{_PLACEHOLDERS})(?:[0-9]*|[a-z]|[甲乙丙丁一二三四五六七八九十]+)")
_TEST = re.compile(
    "(?:测试|測試|test|testing|demo|演示|试用|样例|示例)+"
    "(?:客户|公司|单位|用户|账号|帐号|数据|资料|名称|人员|专用|一下|用|中|的|customer|company|user|data|name)*[0-9a-z]?[0-9]*"
)
_TEST_AFTER = re.compile("(?:客户|公司|单位|用户|数据|这是|仅供|我的|新)(?:测试|test)[0-9]*")
# One sign repeated: four of any, three where it is a letter or a sound (龙龙龙 and 马马马 are real names).
_REPEATED = re.compile("(.)\\1{3,}|([a-z啊阿哈呵嘿嘻哦嗯呃额无空啦吧的是])\\2{2,}")
_KEYBOARD = re.compile(
    "(?:asdf|asd|asdfg|asdfgh|asdfghjkl|sdf|sdfg|fgh|jkl|hjkl|qwe|qwer|qwert|qwerty|qaz|qazwsx|zxc|zxcv|zxcvb|zxcvbn|"
    "abc|abcd|abcde|abcdef|aaa+|bbb+)[0-9]*|[0-9]+(?:abc|asd|qwe|aaa)"
)
_WELL_KNOWN = "13800138000"  # the operators' own example number
_UP, _DOWN = "01234567890123456789", "98765432109876543210"


def virtual_name(name):
    """The code of the reason (see REASONS) why this name looks invented, or None."""
    return _virtual_name(folded(name))


@lru_cache(maxsize=4096)
def _virtual_name(name):
    text = _PUNCTUATION.sub("", name)
    if not text or text.isdecimal():
        return "no_letters"
    stem = core(name)
    if stem.isdecimal():
        return "no_letters"
    if "某" in text:
        return "anonymous"
    if _REPEATED.fullmatch(text) or _REPEATED.fullmatch(stem):  # AAA公司 is no better than AAA
        return "repeated"
    if _KEYBOARD.fullmatch(text):
        return "keyboard"
    for candidate in (text, stem):
        if _TEST.fullmatch(candidate) or _TEST_AFTER.fullmatch(candidate):
            return "test"
        if _PLACEHOLDER.fullmatch(candidate):
            return "placeholder"
    return None


def virtual_phone(phone):
    """The code of the reason (see REASONS) why this number looks invented, or None.

    Takes a Phone or its normal form. Hotlines and foreign numbers are never suspected.
    """
    e164 = phone if isinstance(phone, str) else phone.e164
    if not e164.startswith("+86"):
        return None
    national = e164[3:]
    if national == _WELL_KNOWN:
        return "well_known"
    tail = national[-8:] if len(national) >= 11 else national[-7:]
    if len(set(tail)) == 1:
        return "same_digit"
    if tail in _UP or tail in _DOWN:
        return "sequence"
    return None
