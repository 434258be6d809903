"""Whether a few characters are a person's name, and the job title that stands beside it. For guesses only."""

import re

from .surnames import COMPOUND_SURNAMES, SURNAMES

_COMMON = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔"
    "白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂"
    "谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅"
    "宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌"
    "肖闫付仝代候呼邝练丛么尕撖冮訾哈乌白朴拉扎巴"
    "银扬明沙薄伏岑习胥保和蔺水云昌凤酆皮湛祖郏嵇麻"
)
_SINGLE = frozenset(_COMMON) | frozenset(SURNAMES)
_HAN = "\u3400-\u9fff"
_WORDS_NOT_NAMES = re.compile(
    "单元|(?<=.)[省市区县镇乡村路街道巷弄号栋幢楼层室座厦园]|广场|大道|科技|有限|公司|集团|工业|中心|电话|手机|地址|联系|客户|单位|姓名|名字|收货|快递|谢谢|你好|您好|发票|"
    "下午|上午|周[一二三四五六日]|今天|明天|麻烦|请|备注|高新|经济|开发|软件|国际|商务|办公|采购|销售|财务|经理|店|厂|部$|门口|送货|安排|印刷|名片|报价|尽快|方便|以上|信息"
)
_HONORIFIC = re.compile("(?:先生|女士|小姐|老师|师傅|总|工|老板|主任|经理)$")
_POLITE = re.compile("(?:先生|女士|小姐|(?<!代)收)$")
_DUTY = (
    "(?:副|执行|常务)?(?:董事长|总经理|经理|主任|部长|厂长|店长|老板|会计|出纳|主管|总监|校长|院长|秘书|助理|负责人|工程师|采购员|业务员|设计师|文员|前台|组长|科长|处长|"
    "采购|财务|法人|总裁|行政|文秘|馆长|所长|站长|园长|医生|护士长)"
)
_AREA = (
    "(?:采购部?|销售部?|市场部?|财务部?|行政部?|技术部?|生产部?|设计部?|人事部?|办公室|业务部?|项目部?|品牌部?|区域|大区|后勤部?|"
    "工程部?|品质部?|策划部?|运营部?|客服部?|仓储部?|物流部?|综合部?|教务|产品部?)"
)
TITLE = re.compile(f"{_AREA}?{_DUTY}$")
_MINORITY = re.compile(f"[{_HAN}]{{2,8}}(?:·[{_HAN}]{{2,8}})+")
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ .][A-Z][a-z]*\.?){1,3}")
_OF_LETTERS = re.compile(f"[{_HAN}]{{2,4}}")


def split_title(text):
    """(name, job title): 李娜采购经理 and 李娜 经理 -> 李娜; 王经理 stays whole, for nobody's name is 王."""
    match = re.search(f"(?<![\\s(（])[\\s(（]*({_AREA}?{_DUTY})[)）]?$", text)
    if match and is_name(text[: match.start()].strip()):
        return text[: match.start()].strip(), match[1]
    polite = _POLITE.search(text)
    if polite and (
        is_name(text[: polite.start()].rstrip()) or re.fullmatch(f"[{_HAN}]{{2,3}}(?:先生|女士|小姐)", text)
    ):
        return text[: polite.start()].rstrip(), ""
    return text, ""


def whole_name(family, given):
    """王 and 芳 -> 王芳; Li and Na -> Na Li."""
    if re.fullmatch(f"[{_HAN}·]+", family + given):
        return family + given
    return f"{given} {family}".strip()


def is_title(text):
    return bool(re.fullmatch(f"{_AREA}?{_DUTY}", text))


def is_name(text):
    """Whether this may well be a person's name and nothing else."""
    if _MINORITY.fullmatch(text) or _LATIN.fullmatch(text):
        return True
    if not _OF_LETTERS.fullmatch(text):
        return False
    if text[:2] in COMPOUND_SURNAMES:
        return len(text) > 2 and not _WORDS_NOT_NAMES.search(text[2:])
    return text[0] in _SINGLE and len(text) <= 3 and not _WORDS_NOT_NAMES.search(text)


def may_be_name(text):
    """Two or three ideographs that are no word of an address or a message: a rare surname, where a name is expected."""
    return bool(re.fullmatch(f"[{_HAN}]{{2,3}}", text)) and not _WORDS_NOT_NAMES.search(text)


def is_addressed(text):
    """王经理, 张女士: a surname with a word of respect, used where the given name is not known."""
    honorific = _HONORIFIC.search(text)
    return bool(honorific) and (text[: honorific.start()] in _SINGLE or text[: honorific.start()] in COMPOUND_SURNAMES)


def leading_name(text):
    """(name, rest) where a run of characters begins with a name, the longest the rest allows; ("", text) without."""
    for size in (4, 3, 2):
        if is_name(text[:size]) and len(text) > size:
            return text[:size], text[size:]
    return "", text
