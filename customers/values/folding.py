"""One spelling for comparing and reading aloud: half-width, small letters, simplified characters. Source: REC-15."""

import re
import unicodedata
from functools import lru_cache

import opencc

from .text import clean

LONGEST_NAME = 200  # characters
_TRADITIONAL = opencc.OpenCC("t2s")
# In names 乾 is read qián and is itself a simplified character; the converter would make it 干.
_KEPT_AS_IS = re.compile("(乾+)")


def folded(name):
    """For comparing only, never for storing: punctuation stays, everything else has one spelling.

    Of a text longer than LONGEST_NAME only the beginning counts, so that no pasted page can slow a comparison down.
    """
    return _folded(clean(name)[:LONGEST_NAME])[:LONGEST_NAME]


@lru_cache(maxsize=4096)
def _folded(cleaned):
    text = unicodedata.normalize("NFKC", cleaned).casefold()
    if text.isascii():
        return text
    if "乾" not in text:
        return _TRADITIONAL.convert(text)
    return "".join(part if part[:1] == "乾" else _TRADITIONAL.convert(part) for part in _KEPT_AS_IS.split(text))
