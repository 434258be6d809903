"""Recognition of pasted blocks, measured on 400 of them. Source: ux section 2 (智能识别)."""

import json
from collections import Counter

import pytest

from customers.values import phones
from customers.values.gazetteer import Gazetteer
from customers.values.pasted import LONGEST, recognise
from tests.customers.pasted_blocks import MANY, made, tree, written

pytestmark = pytest.mark.clause("REC-04")


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer(tree())


def comparable(field, value):
    """Phones by their number, everything else without spaces and the width of brackets."""
    if field == "phones":
        read = [phones.read(one) if isinstance(one, str) else one for one in value]
        return {(phone.e164, phone.extension) for phone in read}
    if field in MANY:
        return {one.lower() for one in value}
    return "".join(str(value).split()).replace("(", "（").replace(")", "）")


def judged(block, gazetteer):
    """(field, right, filled in without a mark) of every field that the block holds or the parser believes to find."""
    found = recognise(block.text, gazetteer)
    for field in found.keys() | block.truth.keys():
        expected = field in block.truth and comparable(field, block.truth[field])
        given = field in found and comparable(field, found[field].value)
        yield field, expected == given, field in found and found[field].sure


def share(results):
    return sum(right for _field, right, _sure in results) / len(results)


@pytest.mark.parametrize(("name", "blocks"), [("written", written()), ("made", made())], ids=["written", "made"])
def test_nine_of_ten_fields_are_right_and_of_those_filled_without_a_mark_even_more(name, blocks, gazetteer):
    assert len(blocks) == 200
    results = [result for block in blocks for result in judged(block, gazetteer)]
    unmarked = [result for result in results if result[2]]
    wrong = Counter(field for field, right, _sure in results if not right)
    assert share(results) >= 0.90, f"{name}: {share(results):.3f}, wrong: {json.dumps(wrong)}"
    assert share(unmarked) >= share(results)
    assert share(unmarked) >= 0.97, f"{name}: {share(unmarked):.3f} of what is not marked"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_holds_for_blocks_made_by_other_seeds_and_marks_what_is_wrong_more_often(seed, gazetteer):
    results = [result for block in made(200, seed) for result in judged(block, gazetteer)]
    assert share(results) >= 0.90
    assert share([result for result in results if result[2]]) > share(results)
    assert share([result for result in results if not result[2]]) < share(results)


@pytest.mark.parametrize("text", ["", " \n ", "：：：", "谢谢", "\x00\ud800", "1" * 5000, "(" * 3000, "省市区县" * 500])
def test_no_text_makes_it_stumble(text, gazetteer):
    assert isinstance(recognise(text, gazetteer), dict)
    assert len(text[:LONGEST]) <= LONGEST


def test_a_fax_a_postcode_and_a_chat_number_are_no_phone(gazetteer):
    found = recognise("李娜 传真：010-65521235 QQ：12345678 邮编：210008", gazetteer)
    assert set(found) == {"name"}


def test_what_is_short_of_certain_says_so(gazetteer):
    assert recognise("江苏省南京市鼓楼区中山路1号", gazetteer)["district"].sure
    assert not recognise("南京鼓楼中山路1号", gazetteer)["district"].sure
    assert not recognise("中山路1号", gazetteer)["address"].sure
