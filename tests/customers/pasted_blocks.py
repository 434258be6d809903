"""400 blocks with a known truth, as people paste them: 200 written by hand, 200 made by seed from the districts.

The made ones have their own lists of surnames, streets, trades and separators: nothing here is shared with the parser.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

FILE = Path(__file__).parent / "pasted_blocks.txt"
DISTRICTS = Path(__file__).parents[2] / "staff" / "data" / "districts.json"
FIELDS = {
    "n": "name", "t": "title", "p": "phones", "e": "emails", "c": "company", "u": "credit_code",
    "P": "province", "C": "city", "D": "district", "a": "address",
}  # fmt: skip
_MARK = re.compile(r"\{(\w):([^{}|]*)(?:\|([^{}]*))?\}")
MANY = ("phones", "emails")


@dataclass(frozen=True)
class Block:
    text: str
    truth: dict  # field -> text; phones and emails -> list of texts


def tree():
    return json.loads(DISTRICTS.read_text(encoding="utf-8"))


def written():
    """The blocks written by hand."""
    places = tree()
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [_read(line, places) for line in lines if line and not line.startswith("#")]


def _read(line, places):
    truth = {}
    for code, shown, meant in _MARK.findall(line):
        empty = f"{{{code}:{shown}|}}" in line
        value = "" if empty else meant or shown
        if value and FIELDS[code] in MANY:
            truth.setdefault(FIELDS[code], []).append(value)
        elif value:
            truth[FIELDS[code]] = value
    text = _MARK.sub(lambda match: match[2], line).replace("⏎", "\n")
    return Block(text, _placed(truth, places))


def _placed(truth, places):
    """Place names in full, and the levels above that they leave no doubt about."""
    given = [truth.pop(level, "") for level in ("province", "city", "district")]
    if any(given):
        fits = [
            (province, city, district)
            for province, cities in places.items() if province.startswith(given[0])
            for city, districts in cities.items() if city.startswith(given[1]) or not given[1]
            for district in (districts if given[2] else [""]) if district.startswith(given[2])
        ]  # fmt: skip
        exact = [fit for fit in fits if fit[2] == given[2]] or fits
        assert exact, given
        truth["province"] = exact[0][0]
        if given[1] or given[2]:
            assert len({fit[:2] for fit in exact}) == 1, (given, exact)
            truth["city"] = exact[0][1]
        if given[2]:
            truth["district"] = exact[0][2]
    return truth


SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
RARE = ["仉", "禚", "逄", "覃", "麴", "洗", "令狐", "澹台", "呼延", "者", "雍", "承"]
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文玉兰海燕宇辰梓涵浩然欣怡子轩雨桐思远佳琪俊凯"
    "晓东雪梅春生永福立新红旗长庚"
)
STREETS = [
    "人民",
    "解放",
    "建设",
    "和平",
    "新华",
    "胜利",
    "迎宾",
    "振兴",
    "文化",
    "青年",
    "光明",
    "友谊",
    "长江",
    "黄河",
    "朝阳",
    "滨河",
    "学府",
    "工业",
    "创业",
    "科技",
    "花园",
    "幸福",
    "团结",
    "中华",
    "北京",
    "上海",
    "友爱",
    "民主",
    "公园",
    "站前",
]
WAYS = ["路", "街", "大道", "东路", "西路", "南路", "北路", "大街", "中路", "巷"]
HOUSES = ["{}号", "{}号{}室", "{}号{}栋{}单元", "{}号附{}号", "{}弄{}号", "{}号院{}号楼", "{}号{}层"]
TRADES = [
    "广告",
    "印务",
    "包装",
    "文化传播",
    "商贸",
    "电子",
    "图文",
    "科技",
    "纸业",
    "物流",
    "装饰",
    "机械",
    "食品",
    "服装",
    "教育咨询",
    "医疗器械",
]
STEMS = [
    "宏达",
    "鑫源",
    "华盛",
    "金桥",
    "天宇",
    "瑞祥",
    "恒通",
    "博雅",
    "汇丰",
    "远航",
    "嘉禾",
    "泰和",
    "凯旋",
    "新锐",
    "万佳",
    "龙腾",
    "明珠",
    "蓝海",
    "优彩",
    "德润",
]
FORMS = ["有限公司"] * 5 + ["有限责任公司", "股份有限公司", "厂", "经营部", "工作室", "集团有限公司"]
TITLES = ["经理", "总经理", "采购经理", "主任", "会计", "行政主管", "店长", "厂长"]
PREFIXES = ["138", "139", "150", "159", "186", "177", "199", "135"]


def made(number=200, seed=1606):
    random = Random(seed)
    places = tree()
    spots = [(p, c, d) for p, cities in places.items() for c, ds in cities.items() for d in ds]
    return [_make(random, spots) for _number in range(number)]


def _make(random, spots):
    place = random.choice(spots)
    truth, shown = {}, {}
    given = "".join(random.choices(GIVEN, k=random.choice([1, 2, 2])))
    truth["name"] = shown["name"] = _surname(random) + given
    digits = random.choice(PREFIXES) + f"{random.randrange(10**8):08}"
    truth["phones"] = [digits]
    shown["phone"] = random.choice(
        [
            digits,
            digits,
            f"{digits[:3]} {digits[3:7]} {digits[7:]}",
            f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
            f"+86 {digits}",
        ]
    )
    truth["province"], truth["city"], truth["district"] = place
    street = random.choice(STREETS) + random.choice(WAYS)
    house = random.choice(HOUSES).replace("{}", "%d")
    truth["address"] = street + house % tuple(random.randrange(1, 199) for _ in range(house.count("%d")))
    if random.random() < 0.25:
        truth["address"] = (
            random.choice(STREETS) + random.choice(["街道", "镇", "社区", "村", "工业园", "小区"]) + truth["address"]
        )
    if random.random() < 0.1:
        truth["address"] += random.choice(["旁边", "对面", "（东门）", "三楼", "B座", "菜鸟驿站", "门卫代收"])
    shown["address"] = _place_shown(random, place) + truth["address"]
    if random.random() < 0.5:
        where = random.choice([place[1].removesuffix("市"), place[0].removesuffix("省").removesuffix("市"), ""])
        where = "" if len(where) > 4 or "辖" in where or where == "县" else where
        truth["company"] = shown["company"] = (
            where + random.choice(STEMS) + random.choice(TRADES) + random.choice(FORMS)
        )
    if random.random() < 0.2:
        truth["title"] = random.choice(TITLES)
        shown["name"] += random.choice([" ", "", "  "]) + truth["title"]
    return Block(_laid_out(random, shown), truth)


def _surname(random):
    return random.choice(RARE) if random.random() < 0.08 else random.choice(SURNAMES)


def _place_shown(random, place):
    """In full, without the municipality's doubled name, or without a level that the others make clear."""
    province, city, district = place
    real_city = not ("辖" in city or city == "县")
    style = random.random()
    gap = random.choice(["", "", "", " "])
    if style > 0.85 and real_city and len(city) == 3 and city.endswith("市") and len(district) == 3:
        return (province[:2] if style > 0.95 and province[2:] == "省" else "") + city[:2] + district[:2] + gap
    if style < 0.15 and real_city and province.endswith("省"):
        return gap.join([province[:-1] if len(province) < 4 else province, city, district]) + gap
    if style < 0.3 and real_city:
        return gap.join([city, district]) + gap
    return gap.join([province, city, district] if real_city else [province, district]) + gap


LABELS = {
    "name": ["收货人", "姓名", "联系人", "收件人"],
    "phone": ["电话", "手机", "手机号码", "联系电话"],
    "address": ["地址", "收货地址", "详细地址"],
    "company": ["公司", "单位", "公司名称"],
}


def _laid_out(random, shown):
    parts = list(shown)
    random.shuffle(parts)
    layout = random.random()
    if layout < 0.3:
        end = random.choice(["\n", "，", "；", " "])
        colon = random.choice(["：", ":", ": "])
        return end.join(f"{random.choice(LABELS[part])}{colon}{shown[part]}" for part in parts)
    if layout < 0.45:  # nothing between but the digits of the phone
        return shown["name"] + shown["phone"] + shown["address"] + random.choice(["", " "]) + shown.get("company", "")
    if layout < 0.5:
        return shown.get("company", "") + shown["name"] + " " + shown["address"] + " " + shown["phone"]
    separator = random.choice([" ", "，", ",", "\n", "；", " | ", "\t", "、", "   "])
    text = separator.join(shown[part] for part in parts)
    return random.choice(["", "", "", "寄到 ", "新客户："]) + text + random.choice(["", "", "", " 谢谢", "。"])
