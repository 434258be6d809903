"""Headings of legacy spreadsheets and the fields they mean, in Chinese and English. Source: REC-15.

    guess(["*客户名称", "手 机", "电话（座机）", "颜色"])   # ["name", "phone", "phone", None]

A heading is compared without spaces, punctuation, stars, what stands in brackets and a number at its end, in simplified
characters and small letters. One that means nothing here is an extra attribute of the record.
"""

import hashlib
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from customers.values.folding import folded

from .resource import COLUMNS

# Columns of a second and a third contact beside the first: {field: (number of the contact, field of the first one)}.
FURTHER = {name: column.further for name, column in COLUMNS.items() if column.further}
# Columns of an error workbook: which row it was, and what was wrong with it.
REFERENCE, REASON = "reference", "reason"
REFERENCE_HEADING = "Keke"
SHORTEST_ENGLISH = 4  # letters
LONGEST_HEADING = 60  # characters; a longer cell is an explanation

VOCABULARY = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))


_REFERRED = re.compile("([0-9]{1,9})-([0-9]{1,9})")
_BRACKETS = re.compile(r"[(\[{【〔《<][^()\[\]{}【】〔〕《》<>]*[)\]}】〕》>]")
_NOISE = re.compile(r"[\W_]+")
# 1. 客户名称, ①客户名称, A、客户名称
_ITEM = re.compile(
    r"^\s*(?:[(（]?(?:[0-9]{1,2}|[A-Za-z]|[一二三四五六七八九十]{1,2})(?:[)）、．]|[.](?![0-9]))|[①-⑳])\s*(?=\S{2})"
)
_IN_ENGLISH = re.compile(
    r"(?P<first>[^A-Za-z]*[\u4e00-\u9fff])[\s:：*\-]*(?P<behind>[A-Za-z][\x20-\x7e\s]*)"
    r"|(?P<before>[A-Za-z][\x20-\x7e\s]*?)[\s:：*\-]*(?P<last>[\u4e00-\u9fff][^A-Za-z]*)"
)
# 客户信息-名称; what stands before the stroke is no other person or thing.
_GROUP = re.compile(
    r"^(?:客户|顾客|单位|公司|企业|基本|联系人?|联络|归属|建档|登记|其他)*(?:信息|资料|档案|情况)?\s*[-–—.·:：>_]+\s*(?=\S)"
)
_FIRST = re.compile(r"第?(?:一|(?<![0-9])1(?![0-9])|first|1st)(?=[^0-9])", re.IGNORECASE)  # 联系人1电话
_EITHER = re.compile(r"[/／|]|或者?|\bor\b")
_NUMBER_AT_END = re.compile("(?<=\\D)(?:[0-9]{1,2}|[一二三四五])$")
_REQUIRED = re.compile("^(?:必填|选填)|(?:必填|选填|必录)$")
_PERSON_NAME = re.compile("姓名|名字|fullname")
_GIVEN_NAME = re.compile("名字|name")  # beside a family name
_OF_A_PERSON = ("contact", "name")  # what 姓名 may mean
_ORDINAL = re.compile(r"第?([二三]|[23](?!\d)|second|third|2nd|3rd)")
_NUMBERS = {"2": 2, "二": 2, "second": 2, "2nd": 2, "3": 3, "三": 3, "third": 3, "3rd": 3}


def plain(heading):
    """The heading as it is compared."""
    return _plain("" if heading is None else str(heading)[:LONGEST_HEADING])


@lru_cache(maxsize=4096)
def _plain(heading):
    text = folded(heading)
    bare = _NOISE.sub("", _BRACKETS.sub("", text)) or _NOISE.sub("", text)
    return _REQUIRED.sub("", bare) or bare


class Known:
    """The headings of one kind of file and the fields they mean."""

    def __init__(self, columns, patterns, undecided, *, anchors, who):
        """`columns`: {field: widgets.Column}. `patterns`: {field: pattern of its headings}. `undecided`: (pattern,
        fields) of words whose meaning depends on what the other columns are called: the first field that nobody else
        has. `anchors`: one of these must be there for a row to be a header; `who`: a row that has one is no total."""
        self.columns, self.anchors, self.who = columns, anchors, who
        self.labels = {name: column.label for name, column in columns.items()}
        self.repeatable = frozenset(name for name, column in columns.items() if column.repeatable)
        self._exact, self._undecided = patterns, undecided
        self._remembered = lru_cache(maxsize=4096)(self._fields_of)

    def fields_of(self, heading):
        """The fields this heading may mean, likeliest first; () when none. Company / Account and State/Province mean
        what one of their words does; 客户名称 Customer Name, 1. 客户名称 and 客户信息-名称 what 客户名称 does."""
        if (found := self._remembered(plain(heading))) or type(heading) is not str:
            return found
        bare = folded(_ITEM.sub("", heading[:LONGEST_HEADING]))
        words = (
            bare,
            *_EITHER.split(bare),
            *self._of_two_languages(bare),
            *_GROUP.split(bare)[1:],
            _FIRST.sub("", bare),
        )
        return next(filter(None, (self._remembered(plain(word)) for word in words)), ())

    def _of_two_languages(self, heading):
        """The Chinese part of a heading that says it in English, too; the letters of QQ号码 are another thing."""
        parts = _IN_ENGLISH.fullmatch(_BRACKETS.sub("", heading).strip())
        if not parts:
            return ()
        english = plain(parts["before"] or parts["behind"])
        is_word = len(english) >= SHORTEST_ENGLISH or self._remembered(english)
        return (parts["first"] or parts["last"],) if is_word else ()

    def _fields_of(self, text):
        shorter = _NUMBER_AT_END.sub("", text)
        for candidate in dict.fromkeys((text, shorter)):
            for pattern, fields in self._undecided:
                if pattern.fullmatch(candidate):
                    return fields
            for field, pattern in self._exact.items():
                if pattern.fullmatch(candidate):
                    return (field,)
        return ()

    def guess(self, headings):
        """The field of each heading, or None. Each field once, but for the repeatable ones."""
        found = [self.fields_of(heading) for heading in headings]
        guessed, taken = [None] * len(found), set()
        for certain in (True, False):
            for at, fields in enumerate(found):
                if not fields or (len(fields) == 1 and not self._is_undecided(headings[at])) != certain:
                    continue
                free = next((field for field in fields if field in self.repeatable or field not in taken), None)
                # 姓名 is the customer itself where no column names one.
                if fields == _OF_A_PERSON and "name" not in taken:
                    free = "name"
                if free:
                    guessed[at] = free
                    taken.add(free)
        return guessed

    def _is_undecided(self, heading):
        return any(pattern.fullmatch(plain(heading)) for pattern, _fields in self._undecided)


class OfCustomers(Known):
    """With columns of further contacts: 联系人2, 电话2, 联系人2电话, Second contact; and with names in two columns."""

    def guess(self, headings):
        guessed = super().guess(headings)
        self._leave_others(headings, guessed)
        self._see_names(headings, guessed)
        numbered = {at: field for at, heading in enumerate(headings) if (field := self._further(heading))}
        people = {number for number, field in numbered.values() if field == "contact"}
        first = any(field == "contact" and at not in numbered for at, field in enumerate(guessed))
        taken = set()
        for at, (number, field) in numbered.items() if first else ():
            name = f"{field}{number}"
            if number in people and (name not in taken or name in self.repeatable):
                guessed[at] = name
                taken.add(name)
        return guessed

    @staticmethod
    def _leave_others(headings, guessed):
        """Where the heading of the name comes again, with others, another customer stands beside the first."""
        texts = [folded(str(heading)) for heading in headings]
        name = texts[guessed.index("name")] if "name" in guessed else None
        if texts.count(name) < 2:
            return
        again = texts.index(name, texts.index(name) + 1)
        for at in range(again, len(texts)):
            if texts[at] in texts[:again]:
                guessed[at] = None

    def _see_names(self, headings, guessed):
        """名字 or Name beside a family name is the given name; beside a whole name, neither is needed."""
        if "family_name" in guessed and "given_name" not in guessed:
            at = next((at for at, heading in enumerate(headings) if _GIVEN_NAME.fullmatch(plain(heading))), None)
            if at is not None:
                guessed[at] = "given_name"
        columns = zip(headings, guessed, strict=True)
        if "contact" in guessed or any(f == "name" and self.fields_of(h) == _OF_A_PERSON for h, f in columns):
            guessed[:] = [None if field in ("given_name", "family_name") else field for field in guessed]

    def _further(self, heading):
        """(number of the contact, field of the first one) where the heading may be a further contact's."""
        text = plain(heading)
        if not (found := _ORDINAL.search(text)):
            return None
        fields = self.fields_of(text[: found.start()] + text[found.end() :])
        field = fields[0] if fields else ""
        return (_NUMBERS[found[1]], field) if (_NUMBERS[found[1]], field) in FURTHER.values() else None


def patterns(fields):
    """{field: pattern of its headings} of lists of patterns with the placeholders of the vocabulary."""
    told = VOCABULARY["headings"]
    parts = {"<who>": f"(?:{'|'.join(told['who'])})", "<person>": f"(?:{'|'.join(told['person'])})?"}
    found = {}
    for name, its in fields.items():
        pattern = "|".join(its)
        for placeholder, words in parts.items():
            pattern = pattern.replace(placeholder, words)
        found[name] = re.compile(pattern)
    return found


def names_persons(headings, fields):
    """Whether the column that became the name is headed 姓名, or no column but 姓 and 名 has one: the customers of this
    sheet are individuals."""
    return ("family_name" in fields and "name" not in fields) or any(
        field == "name" and _PERSON_NAME.fullmatch(plain(heading))
        for heading, field in zip(headings, fields, strict=True)
    )


def fingerprint(headings):
    """Equal for sheets with the same headings in the same order: by this a corrected mapping is found again."""
    return hashlib.sha256("\x1f".join(map(plain, headings)).encode()).hexdigest()[:32]


def referred(text):
    """[import, place] of the row that a row of an error workbook corrects; None where the text is no reference."""
    found = _REFERRED.fullmatch(text)
    return [int(number) for number in found.groups()] if found else None


_UNDECIDED = [
    (re.compile("姓名|名字|(?:full)?name"), _OF_A_PERSON),
    (re.compile("(?:客户|顾客|单位|公司|企业)?简称|(?:associated|primary)company(?:name)?"), ("name",)),
    (re.compile("经办人|经手人|负责人|责任人|对接人"), ("contact", "owner", "author")),
    (re.compile("店长|经理|业务|顾问"), ("owner",)),
    (re.compile("(?:店铺?|商铺|机构)(?:名称?|全称)"), ("branch", "name")),  # beside 所属分店 it is the customer
    (re.compile("(?:负责人?|责任人?|业务员?)?(?:主属|所属|所在|归属)部门|(?:负责|责任|销售|业务)部门"), ("branch",)),
    (re.compile("日期|时间|date|time|datetime"), ("created_on",)),
    (re.compile("渠道|channel"), ("source",)),
    (
        re.compile(
            "(?:购买?方|客户|顾客|单位|公司|企业|开票)?(?:税号|纳税人?识别号)|taxid|taxno|taxnumber|vat(?:no|number)|营业执照(?:编号|号码?)?|businesslicen[cs]e(?:no|number)?"
        ),
        ("credit_code",),
    ),
    (re.compile("类型|类别|分类|type|category"), ("kind",)),
]
CUSTOMERS = OfCustomers(
    COLUMNS, patterns(VOCABULARY["headings"]["fields"]), _UNDECIDED,
    anchors=frozenset({"name", "family_name"}),
    who=frozenset({"name", "contact", "given_name", "family_name", "phone", "email", "credit_code", "address"}),
)  # fmt: skip
FIELDS, REPEATABLE = CUSTOMERS.labels, CUSTOMERS.repeatable
fields_of, guess = CUSTOMERS.fields_of, CUSTOMERS.guess
