"""The paste box: the server reads the block, fills only what is empty, and can take it back. Source: ux 5."""

import pytest

from customers.models import Customer, Draft
from staff.models import District
from tests.customers.test_register_page import typed

pytestmark = pytest.mark.clause("REC-04")
RECOGNISE = "/customers/new/recognise/"
BLOCK = "李娜 138 0013 8000 江苏省南京市鼓楼区中山路1号"


@pytest.fixture
def fills(world, sign_in):
    """What the fragment fills, {field: Fill}, for a block and what stands in the form already."""

    def _fills(block=BLOCK, **standing):
        empty = dict.fromkeys(("name", "contacts-0-name", "contacts-0-phones", "province", "city", "district"), "")
        data = typed(world, address="", **empty) | {"pasted": block} | standing
        answer = sign_in(world.accountant).post(RECOGNISE, data, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        _fills.filling = answer.context["filling"]
        return {fill.name: fill for fill in _fills.filling.fills}

    return _fills


def test_a_block_fills_at_least_four_fields(fills):
    found = fills()
    gulou = District.objects.get(city="南京市", name="鼓楼区")
    assert {name: fill.value for name, fill in found.items()} == {
        "contacts-0-name": "李娜", "contacts-0-phones": "138 0013 8000", "province": "江苏省", "city": "南京市",
        "district": str(gulou.pk), "address": "中山路1号",
    }  # fmt: skip
    assert all(fill.sure for fill in found.values())
    options = dict(fills.filling.options)
    assert ("南京市", "南京市") in options["city"]
    assert (gulou.pk, "鼓楼区") in options["district"]


def test_what_was_typed_is_never_overwritten(fills):
    found = fills(**{"contacts-0-phones": "13700000000", "address": "别动我"})
    assert not {"contacts-0-phones", "address"} & found.keys()
    assert len(fills.filling.kept) == 2


def test_a_place_that_was_only_offered_gives_way_and_a_chosen_one_stays(fills):
    assert "district" in fills(province="北京市", city="市辖区")
    assert not {"province", "city", "district"} & fills(province="浙江省", city="杭州市").keys()
    assert "district" in fills(province="江苏省")


def test_a_phone_beside_another_person_s_name_is_to_be_checked(fills):
    found = fills(**{"contacts-0-name": "王芳"})
    assert "contacts-0-name" not in found
    assert not found["contacts-0-phones"].sure


def test_a_removed_line_is_passed_over(fills):
    found = fills(**{"contacts-TOTAL_FORMS": "2", "contacts-0-DELETE": "on", "contacts-1-name": ""})
    assert "contacts-1-name" in found


def test_low_confidence_is_marked(world, sign_in):
    answer = sign_in(world.accountant).post(RECOGNISE, {"pasted": "中山路1号"}, headers={"HX-Request": "true"})
    assert "data-doubt>" in answer.text


def test_without_a_script_the_page_comes_back_filled_and_can_be_undone(world, sign_in):
    client = sign_in(world.accountant)
    data = typed(world, address="", remarks="留着", **{"contacts-0-name": "", "contacts-0-phones": ""})
    page = client.post(RECOGNISE, data | {"pasted": BLOCK})
    assert 'value="李娜"' in page.text
    assert 'value="南京市" selected' in page.text
    assert "留着" in page.text
    assert "data-error-summary" not in page.text
    filled = page.context["filling"].filled()
    undone = client.post(RECOGNISE, filled.dict() | {"undo": "1", "filled": page.context["filling"].names})
    assert 'value="李娜"' not in undone.text
    assert "留着" in undone.text


def test_only_fillable_fields_are_undone(world, sign_in):
    data = typed(world, remarks="留着") | {"undo": "1", "filled": "remarks,source,contacts-0-DELETE,contacts-x,"}
    assert "留着" in sign_in(world.accountant).post(RECOGNISE, data).text


def test_nothing_is_stored(world, sign_in):
    sign_in(world.accountant).post(RECOGNISE, typed(world) | {"pasted": BLOCK})
    assert Customer.objects.count() == 3
    assert not Draft.objects.exists()


@pytest.mark.parametrize("text", ["", "\x00", "<script>alert(1)</script>", "1" * 5000, "，" * 3000])
def test_any_text_gets_an_answer(text, world, sign_in):
    answer = sign_in(world.accountant).post(RECOGNISE, {"pasted": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_what_was_pasted_and_not_read_yet_is_still_there_after_an_error(world, sign_in):
    answer = sign_in(world.accountant).post("/customers/new/", typed(world, source="") | {"pasted": BLOCK})
    assert answer.status_code == 200
    assert f">{BLOCK}</textarea>" in answer.content.decode()
