"""Reading provinces, cities and districts in written addresses: in full, shortened, or with levels left out."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

_ETHNIC = (
    "朝鲜族|土家族|苗族|藏族|羌族|彝族|傣族|景颇族|白族|傈僳族|布依族|侗族|壮族|回族|维吾尔|哈萨克|柯尔克孜|哈尼族|蒙古族|蒙古|"
    "满族|黎族|瑶族|畲族|土族|撒拉族|保安族|东乡族|裕固族|仡佬族|水族|佤族|拉祜族|纳西族|普米族|独龙族|怒族|布朗族|仫佬族|毛南族|"
    "锡伯|塔吉克|达斡尔族|鄂温克族|各族"
)
_ENDINGS = re.compile(
    f"(?:(?:{_ETHNIC})*(?:自治区|自治州|自治县|自治旗)|特别行政区|地区|新区|林区|街道|[省市盟区县旗镇])$"
)
_SEPARATORS = re.compile(r"(?:[\s,，、·.\-—/>|]|市辖区)*")
# What makes a short name in front of it a street or a house, not a district: 鼓楼大街, 朝阳路.
_STREET_FOLLOWS = re.compile(
    "^(?:[东西南北中]?(?:路|街|大道|大街|巷|弄|道)|里|大厦|广场|花园|小区|村|苑|桥|山|河|湖|镇|乡)"
)
NO_CITY = re.compile("市辖区|县|.*直辖县级行政区划")
LONGEST = 14  # characters of a name


def short(name):
    """The name without its level: 江苏, 延边, 鼓楼. Names of one character (赵县) keep it."""
    bare = _ENDINGS.sub("", name)
    return bare if len(bare) >= 2 else name


@dataclass(frozen=True)
class Place:
    """Where a text names a place. `sure`: unmistakably, so by full names or by a chain of them."""

    start: int
    end: int
    province: str = ""
    city: str = ""
    district: str = ""
    sure: bool = True
    weight: int = 0


class Gazetteer:
    """Built from {province: {city: [district, ...]}}."""

    def __init__(self, tree):
        self.tree = tree

    @cached_property
    def _names(self):
        """(provinces, cities, districts), each {written name: [(entry, written in full)]}."""
        provinces, cities, districts = defaultdict(list), defaultdict(list), defaultdict(list)
        for province, its_cities in self.tree.items():
            self._add(provinces, province, (province,))
            for city, its_districts in its_cities.items():
                if not NO_CITY.fullmatch(city):
                    self._add(cities, city, (province, city))
                for district in its_districts:
                    self._add(districts, district, (province, city, district))
        return provinces, cities, districts

    @staticmethod
    def _add(names, name, entry):
        names[name].append((entry, True))
        if short(name) != name:
            names[short(name)].append((entry, False))

    def find(self, text):
        """The place that says most, the first of equals; None where there is none."""
        best = None
        for start in range(len(text)):
            for place in self._chains(text, start):
                if best is None or place.weight > best.weight:
                    best = place
        return best

    def at(self, text, start):
        """The best place that begins exactly here, or None."""
        return max(self._chains(text, start), key=lambda place: place.weight, default=None)

    def _written(self, level, text, at):
        """(entry, in full, end) of the names of a level that stand here, the longest first."""
        for size in range(min(LONGEST, len(text) - at), 1, -1):
            for entry, full in self._names[level].get(text[at : at + size], ()):
                yield entry, full, at + size

    def _chains(self, text, start):
        for province, in_full, after in [*self._written(0, text, start), ((), True, start)]:
            at = _SEPARATORS.match(text, after).end() if province else start
            options = [c for c in self._written(1, text, at) if c[0][: len(province)] == province]
            if province and not options and text[at : at + len(province[0])] == province[0]:
                after = at + len(province[0])  # 北京市北京市朝阳区
            for city, city_full, end in [*options, (province, True, after)]:
                yield from self._with_district(text, start, city, in_full and city_full, end)

    def _with_district(self, text, start, above, in_full, after):
        at = _SEPARATORS.match(text, after).end() if above else start
        found = [d for d in self._written(2, text, at) if d[0][: len(above)] == above]
        names = {(entry, full, end) for entry, full, end in found}
        for entry, full, end in names:
            same = {other for other, other_full, other_end in names if (other_end, other_full) == (end, full)}
            if full and len(same) == 1:
                yield self._place(start, end, entry, True, bonus=4)
            elif not full and above and len(same) == 1 and not _STREET_FOLLOWS.match(text[end : end + 3]):
                yield self._place(start, end, entry, False, bonus=1)
        if above and (in_full or not _STREET_FOLLOWS.match(text[after : after + 3])):
            yield self._place(start, after, above, in_full or len(above) > 1, bonus=2 * in_full)

    @staticmethod
    def _place(start, end, entry, sure, *, bonus):
        province, city, district = (*entry, "", "", "")[:3]
        return Place(start, end, province, city, district, sure, end - start + bonus)
