"""How the Chinese of the program is written: the words, the spaces, the signs. Source: ux 42, ux section 6."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.clause("GEN-01")

HANZI = "[\u4e00-\u9fff]"
NUMBER = r"(?:\d|%\((?:count|counter|number|total|done|rows|days|hours|minutes|seconds|size|limit)\)[sd])"
WRONG = {
    "words that are written otherwise": "登陆|其它|帐号|帐户|帐单",
    "fright instead of help": "[!！]|抱歉|对不起|非法|无效的",
    "what a program says to itself": r"undefined|None\b|null\b|NaN",
    "no space between characters and figures": f"{HANZI}{NUMBER}|{NUMBER}{HANZI}",
    "half-width signs after Chinese": f"{HANZI}[,;:?]",
    "dots instead of …": r"\.\.\.|。。",
}
# A line of a file to load is quoted as it must be typed there.
QUOTED = "date,works,name"


def sentences():
    text = (settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    for found in re.findall(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\n?)+)', text, re.MULTILINE):
        yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found))


@pytest.mark.parametrize("what", WRONG)
def test_no_sentence_is_written_so(what):
    found = [text for text in sentences() if re.search(WRONG[what], text) and QUOTED not in text]
    assert not found, f"{what}: {found}"


def test_the_sentences_are_read():
    assert len(list(sentences())) > 1000
