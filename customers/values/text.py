"""Typed and pasted text made comparable without changing what a person meant by it. Source: REC-07, REC-15.

What stays, on purpose: ideographs of every plane, compatibility ideographs, private-use characters and ideographic
variation selectors (rare characters of names live there), and Chinese punctuation such as （ ） ， ： ； ！ ？ in
full width, because that is how a registered name is written. Letters, digits and signs become half-width.
"""

import re
import unicodedata
from functools import lru_cache

_FULL_WIDTH_KEPT = set("（），：；！？")
_HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _FULL_WIDTH_KEPT} | {
    0xFFE0: "¢",
    0xFFE1: "£",
    0xFFE5: "¥",
    0xFFE6: "₩",
}
# Radicals pasted out of PDF files look exactly like the character they stand for.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# Tabs and line ends separate words, so they become a space and are not simply removed.
_SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"), " ") | dict.fromkeys(
    range(0x2000, 0x200B), " "
)
_CONTROLS = (*range(0x00, 0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0))
_ZERO_WIDTH = (0xAD, 0x180E, *range(0x200B, 0x200E), *range(0x2060, 0x2065), 0xFEFF)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2065, 0x2070))
_BLANK_LETTERS = (0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, *range(0xFFF9, 0xFFFC))
_INVISIBLE = dict.fromkeys((*_CONTROLS, *_ZERO_WIDTH, *_BIDI, *_BLANK_LETTERS))
# Most texts are clean as they stand, which is seen much faster than cleaning them.
_IS_CLEAN = re.compile("[0-9A-Za-z\u4e00-\u9fff（），：；、。@._/#+-]+").fullmatch
_WORTH_KEEPING = 200  # characters; a name is cleaned several times while its row is judged
_TABLE = _HALF_WIDTH | _RADICALS | _SPACES | _INVISIBLE
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]|[\ufdd0-\ufdef\ufffe\uffff]")
_TAGS = re.compile("[\U000e0000-\U000e007f]")
# Unicode's own normal forms replace these by other characters: a family name would change its written form.
_COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_MIDDLE_DOTS = re.compile("\\s*[·•‧∙⋅・･᛫ꞏ●．]\\s*")
_DOT_BETWEEN_IDEOGRAPHS = re.compile("(?<=[\u3400-\u9fff])\\s*[.。]\\s*(?=[\u3400-\u9fff])")
_IDEOGRAPH = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_SPACED_OUT = re.compile(f"{_IDEOGRAPH}(?: {_IDEOGRAPH})+")
_SPACED_SURNAME = re.compile(f"^({_IDEOGRAPH}) (?={_IDEOGRAPH})")


def storable(text):
    """The text without what the database refuses (NUL, lone surrogates, non-characters), trimmed, else untouched."""
    return _UNSTORABLE.sub("", text).strip()


def clean(value):
    """One line of text from a form field or a spreadsheet cell: half-width, no invisible characters, single spaces.

    None gives "", whole numbers from a spreadsheet lose their ".0". Never raises; applying it twice changes nothing.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = f"{value:.0f}"
    text = str(value)
    if _IS_CLEAN(text):
        return text
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return _cleaned(text) if len(text) <= _WORTH_KEEPING else _cleaned.__wrapped__(text)


@lru_cache(maxsize=4096)
def _cleaned(text):
    text = _TAGS.sub("", _UNSTORABLE.sub("", text)).translate(_TABLE)
    return " ".join(_composed(text).split())


def clean_lines(value):
    """Like `clean` for several lines (remarks, addresses): line ends stay, empty lines at both ends go."""
    lines = re.split("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", "" if value is None else str(value))
    return "\n".join(clean(line) for line in lines).strip("\n")


def person_name(value):
    """A person's name: cleaned, every middle dot written `·`, no space after a one-character surname (张 三)."""
    text = clean(value)
    # The full-width stop is a common way to type the dot of 买买提·艾力 and is a plain stop after cleaning.
    text = _DOT_BETWEEN_IDEOGRAPHS.sub("·", text)
    text = re.sub("·+", "·", _MIDDLE_DOTS.sub("·", text)).strip("· ")
    if _SPACED_OUT.fullmatch(text):
        return text.replace(" ", "")
    return _SPACED_SURNAME.sub(r"\1", text)


def half_width(value):
    """For reading numbers, dates and codes only: everything half-width, also brackets, commas and circled digits."""
    return " ".join(unicodedata.normalize("NFKC", clean(value)).split())


def _composed(text):
    """Accents joined to their letters, compatibility ideographs left alone."""
    if not _COMPATIBILITY.search(text):
        return unicodedata.normalize("NFC", text)
    parts = _COMPATIBILITY.split(text)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts)
