"""What a pasted block says: who, how to reach them, where, and of which company. Source: ux section 2 (智能识别).

    recognise("李娜 138 0013 8000 江苏省南京市鼓楼区中山路1号", gazetteer)

Guesses, each with a word on how sure it is; nothing is asked of anybody and nothing is kept.
"""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from . import credit_codes, phones
from .gazetteer import Gazetteer
from .persons import is_addressed, is_name, is_title, leading_name, may_be_name, split_title
from .text import clean_lines

LONGEST = 2000  # characters; more is no block of one customer
BREAK = "\n"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RT-UW-Ya-hj-np-rt-uw-y]{18}(?![0-9A-Za-z])")
_MOBILE = r"(?:\+?\s?\(?86\)?|0086)?[\s-]*1[3-9]\d(?:[\s.-]*\d){8}"
_EXTENSION = r"(?:\s*(?:转|轉|分机号?|ext\.?|x|-|#)\s*\d{1,6}(?!\d))?"
_LANDLINE = rf"(?:\+?86[\s-]*)?\(?0\d{{2,3}}\)?[\s-]*\d{{3,4}}[\s-]?\d{{3,4}}(?!\d){_EXTENSION}"
_SERVICE = r"[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}"
_PHONE = re.compile(rf"(?<!\d)(?:{_MOBILE}(?!\d)|{_LANDLINE}|{_SERVICE}(?!\d))", re.IGNORECASE)
_LABELS = {
    "name": "收货人姓名|收件人姓名|联系人姓名|客户姓名|采购联系人|"
    "收货人|收件人|联系人|联络人|负责人|姓名|名字|称呼|Contact|Name",
    "company": "公司名称|单位名称|客户名称|企业名称|公司全称|开票单位|购买方|收货单位|抬头|单位|公司|企业|Company",
    "address": "公司地址|收货地址|收件地址|详细地址|联系地址|单位地址|街道地址|注册地址|办公地址|地址|住址|Address|Add",
    "area": "所在地区|所在区域|省市区|地区|区域",
    "title": "职务|职位|岗位|头衔|Title",
    "phone": "手机号码|手机号|联系电话|联系方式|电话号码|固定电话|办公电话|公司电话|单位电话|手机|电话|座机|热线|"
    "Mobile|Phone|Tel|Cell|M|T",
    "email": "电子邮箱|电子邮件|邮箱|邮件|E-?mail",
    "code": "统一社会信用代码|信用代码|纳税人识别号|税号",
    "skipped": "邮政编码|邮编|传真|微信号|微信|QQ号?|网址|官网|Fax|WeChat|Web|账号",
    "ignored": "备注|说明|来源|开户行|时间|数量",
}
_LABEL = re.compile(
    r"(?<![A-Za-z])(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")(?:\(必填\))?\s*(?:[:：]|(?:是|为)|(?<=[人名称位址号区箱务])[ \t]+(?=\S))\s*",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(r"(?:传真|Fax|QQ号?|账号|开户行)\s*[:：]?\s*[\d\s()+-]{5,}", re.IGNORECASE)
_STRONG = "有限责任公司|股份有限公司|有限公司|分公司|公司|集团|合伙企业"
_WEAK = (
    "(?:经营部|工作室|事务所|研究院|研究所|设计院|合作社|门市部|服务部|商行|商店|超市|酒店|宾馆|餐厅|饭店|学校|小学|中学|大学|学院|幼儿园|医院|诊所|药房|书店|文印店|图文店|花店|"
    "印刷厂|制品厂|加工厂|总厂|厂|店|协会|基金会|委员会|管理局|银行|支行|(?:快印|制作|设计|培训|服务|印刷|打印|图文)中心|印务|广告社|出版社|旅行社|俱乐部|影楼|个体户|坊|馆|行)"
)
_COMPANY = re.compile(
    rf"^(.{{2,}}?(?:{_STRONG}|{_WEAK})(?:[(（][^()（）]{{1,12}}[)）])?(?:.{{1,10}}(?:分公司|分店|支店|办事处|营业部))?)$"
)
_COMPANY_FIRST = re.compile(rf"^(.{{2,}}?(?:{_STRONG}))(?!.*(?:{_STRONG}))(.+)$")
_COMPANY_WEAK_FIRST = re.compile(rf"^(.{{3,}}?{_WEAK})(.{{2,4}})$")
_COMPANY_LATIN = re.compile(r"^[A-Z].*\b(?:Co\.?,? ?Ltd\.?|Inc\.?|LLC|Limited|GmbH|Corp\.?)$", re.IGNORECASE)
_HOUSE = (  # how the address in front of a company ends
    r"\d(?:号楼|号院|号|室|栋|幢|座|楼|层|单元|弄|[A-Z]座|F)?|[一二三四五六七八九十](?:号楼|号|楼|层|栋|幢|单元|室)"
)
_BESIDE_HOUSE = "(?:[(（][^()（）]{1,6}[)）]|旁边?|对面|门卫代收|代收点?|(?:菜鸟)?驿站)?"
_BEFORE_COMPANY = re.compile(rf"^(.*(?:{_HOUSE}){_BESIDE_HOUSE})([^\d]{{2,}}?(?:(?:{_STRONG}).*|{_WEAK}))$")
_STREET = re.compile(
    r"路|街|大道|巷|弄|胡同|里(?=\d)|道(?=\d)|村|镇|乡|号|室|栋|幢|大厦|广场|园区|工业园|产业园|科技园|小区|花园|楼|座|层|城|苑|"
    r"中心|公寓|国道|口|旁|对面"
)
_DETAIL_ENDS = re.compile(r"(?:\d|号|室|楼|层|栋|幢|座|单元|弄|村|店|旁|对面|口|铺|厦|场|园|中心|[A-Z])$")
_PLAIN = str.maketrans("，；：！", ",;:!")
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_NOISE = re.compile(
    r"^(?:\d{1,2}[.、)）](?!\d)|[\s,，、;；:：。.!！\-—_/|｜·()（）\[\]【】「」『』《》“”\"*#>])+|[\s,，、;；:：。!！\-—_/|｜\[\]【】「」『』《》“”\"*#>(（]+$"
)
_SOFT = re.compile(r"[\s,，、|｜:：]+|(?<=[^\d])/(?=[^\d])")
# Words around what matters: 您好, 我是..., 寄到..., ...收, and labels without a colon.
_CHATTER = re.compile(
    "^(?:您好|你好|麻烦|请|帮忙|谢谢|我是|我叫|这是|寄到|寄往|寄|发到|送到|送货到|新客户|客户|收货人|收件人|联系人|姓名|电话|手机|座机|地址|公司|单位|的)+"
    "|(?:的)?(?:(?<!代)收件?|电话|手机|座机|联系方式|谢谢|的)+$"
)
_TAIL_NAME = re.compile("^(.*(?:\\d|[号室楼层栋幢座]))([\\u3400-\\u9fff]{2,3})$")


@dataclass(frozen=True)
class Guess:
    """`sure` is False where a person should look again."""

    value: object
    sure: bool = True


@dataclass
class _Block:
    """What is found while a block is read; the first find of a field stays."""

    gazetteer: Gazetteer
    found: dict = field(default_factory=dict)

    def note(self, name, value, *, sure=True):
        if value and name not in self.found:
            self.found[name] = Guess(value, sure)

    def has(self, *names):
        return any(name in self.found for name in names)


def recognise(text, gazetteer):
    """{field: Guess} of name, title, phones (tuple of Phone), emails, credit_code, company, province, city, district,
    address. What is not there is left out. Never raises."""
    block = _Block(gazetteer)
    rest = _numbers(block, clean_lines(str(text)[:LONGEST]))
    parts = list(_labelled(rest))
    for kind, part in sorted(parts, key=lambda pair: pair[0] == ""):  # what says itself what it is comes first
        _read_part(block, kind, part)
    return block.found


def _numbers(block, text):
    """Take out what its form alone gives away; a break stays in its place."""
    text = _NO_PHONE.sub(BREAK, text)
    emails = tuple(dict.fromkeys(email.lower() for email in _EMAIL.findall(text)))
    block.note("emails", emails)
    text = _EMAIL.sub(BREAK, text)
    for match in _CREDIT_CODE.finditer(text):
        try:
            code = credit_codes.read(match[0])
        except ValidationError:
            continue
        if re.search("[A-Za-z]", match[0]) or code.check_digit_ok:
            block.note("credit_code", code.value, sure=code.check_digit_ok)
            text = text.replace(match[0], BREAK)
            break
    read = {}

    def taken(match):
        try:
            phone = phones.read(re.sub(r"[\s.]+", " ", match[0]))
        except ValidationError:
            return match[0]
        read[phone.e164, phone.extension] = phone
        return BREAK

    text = _PHONE.sub(taken, _plain(text))
    block.note("phones", tuple(read.values()))
    return text


def _plain(text):
    """Separators in one width. Brackets stay as a registered name has them; digits are half-width already."""
    return text.translate(_PLAIN)


def _labelled(text):
    """(kind of label or "", text) of every part; hard breaks and labels separate."""
    for line in re.split(r"[\n;；。]+", text):
        at, kind = 0, ""
        for match in _LABEL.finditer(line):
            yield kind, line[at : match.start()]
            at, kind = match.end(), match.lastgroup
        yield kind, line[at:]


def _read_part(block, kind, part):
    part = _trimmed(part)
    if not part or kind == "ignored":
        return
    if kind == "skipped":
        _read_free(block, *_SOFT.split(part, maxsplit=1)[1:])
        return
    if kind in ("phone", "email", "code"):
        _read_free(block, part)
        return
    if kind == "name":
        first, *rest = _SOFT.split(part, maxsplit=1)
        if re.fullmatch(r"[A-Za-z .]+", part):
            first, rest = part, []
        name, title = split_title(first)
        block.note("name", name, sure=len(name) <= 12)
        block.note("title", title)
        _read_free(block, *rest)
    elif kind == "title":
        block.note("title", part)
    elif kind == "company":
        runs_on = re.search(f"{_STRONG}|{_WEAK}", part) and not re.search("[A-Za-z]{3}", part)
        first, *rest = _SOFT.split(part, maxsplit=1) if runs_on else [part]
        block.note("company", first)
        _read_free(block, *rest)
    else:
        _read_free(block, part, address=kind in ("address", "area"))


def _trimmed(text):
    return _NOISE.sub("", text).strip()


def _read_free(block, *texts, address=False):
    for text in texts:
        _read_run(block, _POSTCODE.sub(" ", _trimmed(text)), address)


def _read_run(block, text, address):
    """A run without hard breaks: pieces that are a company, a person, a title; the rest is where they are."""
    pieces = [piece for piece in map(_trimmed, _SOFT.split(text)) if piece]
    left, open_place = [], False
    for place, piece in enumerate(pieces):
        piece = _without_chatter(piece)
        if not piece:
            continue
        if _COMPANY_LATIN.match(text) and place == 0:
            block.note("company", text)
            return
        company, person, rest = _pulled_apart(block, piece, following_place=open_place)
        if company:
            block.note("company", company[0], sure=company[1])
        if person and not (open_place and not _ended(left) and not address and block.has("name")):
            block.note("name", person[0], sure=person[2])
            block.note("title", person[1])
        elif person:
            rest = piece
        if rest:
            left.append(rest)
            open_place = open_place or block.gazetteer.find(rest) is not None or bool(_STREET.search(rest))
    if re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+", text):
        block.note("name", text, sure=False)
    elif left:
        _read_place(block, left, labelled=address)


def _without_chatter(piece):
    """Without the words of an ordinary message, unless the piece is one name that only looks like them."""
    if is_name(piece) and not re.search("[收的]$", piece):
        return piece
    return _CHATTER.sub("", piece)


def _ended(left):
    return not left or bool(_DETAIL_ENDS.search(left[-1]))


def _pulled_apart(block, piece, *, following_place):
    """((company, sure) or None, (name, title, sure) or None, what is left) of one piece."""
    if is_title(piece):
        block.note("title", piece)
        return None, None, ""
    name, title = split_title(piece)
    if _is_province(block, name):
        return None, None, piece
    if is_name(name) or is_addressed(name):
        return None, (name, title, not following_place or title != "" or len(name) == 3), ""
    expected = name != piece or following_place or not block.has("name")
    if expected and may_be_name(name) and not block.gazetteer.find(name):
        return None, (name, title, False), ""
    if (tail := _TAIL_NAME.match(piece)) and is_name(tail[2]) and _STREET.search(tail[1]):
        return None, (tail[2], "", False), tail[1]
    if tail := _BEFORE_COMPANY.match(piece):
        head, company = tail[1], tail[2]
        if block.gazetteer.find(head) or _STREET.search(head):
            return *_split_company(company), head
    if _COMPANY.match(piece) and not _is_house(block, piece):
        return (piece, bool(re.search(_STRONG, piece))), None, ""
    if first := _COMPANY_FIRST.match(piece):
        rest = first[2].removeprefix("的")
        who, title = split_title(rest)
        if is_name(who) or is_addressed(who):
            return (first[1], True), (who, title, True), ""
        return (first[1], True), None, rest
    if (first := _COMPANY_WEAK_FIRST.match(name)) and is_name(first[2]):
        return (first[1], False), (first[2], title, False), ""
    found = block.gazetteer.find(piece)
    if found and 2 <= found.start <= 4:
        who, title = split_title(piece[: found.start])
        if is_name(who) or is_addressed(who):
            return None, (who, title, len(who) <= 3), piece[found.start :]
    return None, None, piece


def _split_company(text):
    """((company, sure), person or None) of a company whose end may run into a name."""
    first = _COMPANY_FIRST.match(text)
    if first:
        who, title = split_title(first[2].removeprefix("的"))
        if is_name(who):
            return (first[1], True), (who, title, True)
    return (text, False), None


def _is_house(block, piece):
    """软件园创新中心, 中山路1号商行旁: an address that ends like the name of a firm."""
    if re.search(_STRONG, piece):
        return False
    place = block.gazetteer.at(piece, 0)
    return bool(re.search(r"\d+号|路\d|街\d", piece)) or bool(
        place and place.district and re.search("[路街道]", piece[place.end :])
    )


def _read_place(block, pieces, *, labelled):
    if len(pieces) > 2 and _is_place(block, pieces[-1]) and not block.gazetteer.at(pieces[0], 0):
        pieces = pieces[::-1]  # written from the house to the province
    text = " ".join(pieces)
    place = block.gazetteer.find(text) if not block.has("province") else None
    if place:
        before, after = _trimmed(text[: place.start]), _trimmed(text[place.end :])
        if before and not block.has("name"):
            name, title = split_title(before)
            if is_name(name):
                block.note("name", name, sure=False)
                block.note("title", title)
        for name in ("province", "city", "district"):
            block.note(name, getattr(place, name), sure=place.sure)
        looks_like_two = bool(re.search(f"{_WEAK}$", after))  # an address, and a firm that nothing divides from it
        if after and (_STREET.search(after) or re.search(r"\d", after) or labelled):
            block.note("address", _joined(after), sure=bool(place.district) and place.sure and not looks_like_two)
        return
    if labelled or _STREET.search(text):
        again = block.gazetteer.find(text)  # 详细地址 repeats what 所在地区 said
        if again and again.start == 0 and again.province == block.found["province"].value:
            text = _trimmed(text[again.end :]) or text
        block.note("address", _joined(text), sure=labelled)
    elif not block.has("name"):
        name, rest = leading_name(text)
        if name and not rest:
            block.note("name", name, sure=False)


def _is_province(block, piece):
    """江西, 安徽: surnames begin these too, but nobody pastes them as a name."""
    place = block.gazetteer.at(piece, 0)
    return place is not None and not place.city and place.end == len(piece)


def _is_place(block, piece):
    """Whether the piece names a place and nothing in it."""
    place = block.gazetteer.at(piece, 0)
    return place is not None and place.sure and place.end == len(piece)


def _joined(text):
    """An address as one writes it: no space between ideographs and numbers."""
    return re.sub(r"(?<=[\u3400-\u9fff\d号])\s+(?=[\u3400-\u9fff\d])", "", text)
