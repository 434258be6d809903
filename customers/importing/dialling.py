"""Numbers whose area code, or extension, stands in a column of its own: 区号 | 电话 | 分机. Source: REC-15."""

import re

from .cells import phones_of, something
from .headings import plain

_AREA = re.compile("(?:电话|固话|座机|固定电话|单位电话|城市|长途)?区号|(?:area|std|dialing|dialling)code")
_EXTENSION = re.compile("(?:电话|座机|固定电话)?分机号?码?|extension(?:no|number)?|ext(?:no|number)?")
_AREA_CODE = re.compile("(?:[+]?86|0086)?-?0?([1-9][0-9]{1,2})")
_FIGURES = re.compile("[0-9]{1,6}")


def joined(headings, fields):
    """What puts the numbers of a row together, or None where the sheet keeps them whole. An area code belongs to the
    next phone behind it, an extension to the last one before it; the columns that stand between are other ones."""
    phones = [at for at, name in enumerate(fields) if name == "phone"]
    free = [(at, plain(heading)) for at, heading in enumerate(headings) if fields[at] is None]
    parts = {}
    for at, text in free:
        if _AREA.fullmatch(text) and (behind := [phone for phone in phones if phone > at]):
            parts.setdefault(behind[0], {})["area"] = at
        elif _EXTENSION.fullmatch(text) and (before := [phone for phone in phones if phone < at]):
            parts.setdefault(before[-1], {})["extension"] = at
    return _Joined(parts) if parts else None


class _Joined:
    def __init__(self, parts):
        self._parts = parts  # {column of a phone: {"area" or "extension": column}}

    def __call__(self, cells):
        """The cells with whole numbers; a part that belongs to none stays where it is."""
        whole = list(cells)
        for at, parts in self._parts.items():
            written = {name: something(cells[column]) for name, column in parts.items() if cells[column] is not None}
            number = something(cells[at]) if cells[at] is not None else ""
            if not number or not any(written.values()):
                continue
            used = []
            read, lost = phones_of(number)
            if (lost or not read) and (area := _AREA_CODE.fullmatch(written.get("area", ""))):
                longer = f"0{area[1]}-{number}"
                read, lost = phones_of(longer)
                if read and not lost:
                    number, used = longer, ["area"]
            elif read and read[0].kind == "landline" and written.get("area"):
                area = _AREA_CODE.fullmatch(written["area"])
                used = ["area"] if area and read[0].e164.startswith(f"+86{area[1]}") else []
            is_one = len(read) == 1 and not lost and read[0].kind == "landline" and not read[0].extension
            if is_one and _FIGURES.fullmatch(written.get("extension", "")):
                number, used = f"{number}转{written['extension']}", [*used, "extension"]
            if used:
                whole[at] = number
                for name in used:
                    whole[parts[name]] = None
        return whole
