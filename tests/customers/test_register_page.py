"""Registering in the browser's terms: the form, its errors, the duplicate card, the session that ended."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from journal.models import AccessLog
from staff.models import Branch, Position
from tests.world import LONG_AGO, hire

REGISTER = "/customers/new/"


def typed(world, **changes):
    """What a browser sends for an ordinary form."""
    data = {
        "typed_by": world.accountant.pk,
        "serial": "0000777",
        "received_at": "2026-01-05T10:20",
        "received_by": world.clerk.pk,
        "branch": world.east.pk,
        "name": "海天纸业有限公司",
        "kind": "company",
        "source": "walk_in",
        "country": "CN",
        "submission": str(uuid.uuid4()),
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "0",
        "contacts-0-name": "王芳",
        "contacts-0-role": "purchasing",
        "contacts-0-phones": "138 1111 2222",
    }
    return data | changes


@pytest.mark.clause("REC-04")
def test_a_clerk_saves_a_form_and_lands_on_the_record(world, sign_in):
    response = sign_in(world.clerk).post(REGISTER, typed(world), follow=True)
    customer = Customer.objects.get(name="海天纸业有限公司")
    assert response.redirect_chain[-1][0] == reverse("customers:record", args=[customer.pk])
    assert "138 1111 2222" in response.text
    assert customer.created_by == world.clerk


@pytest.mark.clause("REC-02", "REC-03", "REC-07")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "name"),
        ({"name": "测试"}, "placeholder"),
        ({"name": "某公司"}, "placeholder"),
        ({"name": "111"}, "placeholder"),
        ({"source": ""}, "source"),
        ({"branch": ""}, "branch"),
        ({"contacts-0-phones": "1381111222"}, "1 digit short"),
        ({"contacts-0-phones": "65521234"}, "area code"),
        ({"contacts-0-emails": "wang.haitian.cn"}, "not an e-mail"),
        ({"credit_code": "91110000123"}, "18"),
        ({"received_at": "2999-01-01T00:00"}, "not come yet"),
        ({"contacts-0-phones": "", "contacts-0-name": ""}, "at least one way"),
    ],
)
def test_a_vague_entry_is_refused_in_words_and_nothing_typed_is_lost(world, client, changes, sentence):
    client.force_login(world.accountant)
    client.cookies["language"] = "en"
    data = typed(world, remarks="客户很急", **changes)
    response = client.post(REGISTER, data)
    assert response.status_code == 200
    assert sentence in response.text
    assert "data-error-summary" in response.text
    assert "客户很急" in response.text
    assert data["serial"] in response.text
    assert Customer.objects.count() == 3


@pytest.mark.clause("REC-07")
def test_a_wrong_check_digit_is_asked_about_and_taken_when_confirmed(world, sign_in):
    client = sign_in(world.accountant)
    wrong = "91110108MA01ABCD0A"
    response = client.post(REGISTER, typed(world, credit_code=wrong))
    assert "credit_code_confirmed" in response.text
    assert Customer.objects.count() == 3
    client.post(REGISTER, typed(world, credit_code=wrong, credit_code_confirmed="on"))
    assert Customer.objects.get(credit_code=wrong).name == "海天纸业有限公司"


def test_pressing_save_twice_enters_one_customer(world, sign_in):
    client, data = sign_in(world.accountant), typed(world)
    first, second = client.post(REGISTER, data), client.post(REGISTER, data)
    assert first.url == second.url
    assert Customer.objects.filter(name="海天纸业有限公司").count() == 1


@pytest.mark.clause("REC-18", "SEC-01")
def test_the_card_shows_another_units_match_masked_and_logs_the_look(world, sign_in):
    response = sign_in(world.accountant).post(
        "/customers/new/check/", typed(world, **{"contacts-0-phones": "13910020003"}), headers={"HX-Request": "true"}
    )
    assert world.theirs.name in response.text
    assert world.west.name in response.text
    assert reverse("customers:record", args=[world.theirs.pk]) not in response.text
    assert "1391002" not in response.text
    seen = AccessLog.objects.get(action=AccessLog.Action.MASKED_MATCH)
    assert (seen.person, seen.subject_id) == (world.accountant, world.theirs.pk)


@pytest.mark.clause("REC-18")
@pytest.mark.parametrize(
    "typed_so_far",
    [{"name": "东方红"}, {"name": "东方红印务"}, {"contacts-0-phones": "139 1002 0001"}],
)
def test_the_card_finds_while_typing(world, sign_in, typed_so_far):
    data = typed(world, name="", **{"contacts-0-phones": ""}) | typed_so_far
    response = sign_in(world.accountant).post("/customers/new/check/", data, headers={"HX-Request": "true"})
    assert world.ours.name in response.text


def test_half_a_phone_shows_neither_card_nor_error(world, sign_in):
    data = typed(world, name="", serial="", **{"contacts-0-phones": "139100"})
    response = sign_in(world.accountant).post("/customers/new/check/", data, headers={"HX-Request": "true"})
    assert response.text.strip() == ""


@pytest.mark.clause("REC-18")
def test_creating_all_the_same_needs_a_reason(world, sign_in):
    client = sign_in(world.accountant)
    data = typed(world, **{"contacts-0-phones": "13910020001"})
    response = client.post(REGISTER, data)
    assert world.ours.name in response.text
    assert Customer.objects.count() == 3
    client.post(REGISTER, data | {"different_because": "总机相同"})
    assert Customer.objects.count() == 4


def test_card_and_reason_stay_beside_another_error(world, sign_in):
    data = typed(world, source="", different_because="总机相同", **{"contacts-0-phones": "13910020001"})
    response = sign_in(world.accountant).post(REGISTER, data)
    assert world.ours.name in response.text
    assert 'value="总机相同"' in response.text


def test_the_place_that_was_only_offered_is_not_saved(world, sign_in):
    page = sign_in(world.accountant).get(REGISTER)
    assert 'value="北京市" selected' in page.text
    sign_in(world.accountant).post(REGISTER, typed(world, province="北京市", city="市辖区", district=""))
    assert Customer.objects.get(name="海天纸业有限公司").district is None


def test_save_and_new_keeps_the_pinned_fields(world, sign_in):
    data = typed(world, source="exhibition", save_new="1", pins="source,received_by")
    response = sign_in(world.accountant).post(REGISTER, data, headers={"HX-Request": "true"})
    assert 'value="exhibition" selected' in response.text
    assert f'value="{world.clerk.pk}" selected' in response.text
    assert "海天纸业有限公司" in response.text  # in the message
    assert 'value="海天纸业有限公司"' not in response.text
    assert 'value="0000777"' not in response.text


def test_what_was_typed_when_the_session_ended_is_back_after_signing_in(world, client):
    response = client.post(REGISTER, typed(world, remarks="别丢了我"))
    assert response.url == "/sign-in/?next=/customers/new/"
    client.force_login(world.accountant)
    assert "别丢了我" in client.get(REGISTER).text
    assert "别丢了我" not in client.get(REGISTER).text
    assert Customer.objects.count() == 3


def test_nobody_else_sees_what_was_typed(world, client):
    client.post(REGISTER, typed(world, remarks="别丢了我"))
    client.force_login(world.clerk)
    assert "别丢了我" not in client.get(REGISTER).text


@pytest.mark.clause("SEC-01")
def test_a_unit_or_receiver_of_another_branch_is_refused(world, sign_in):
    client = sign_in(world.accountant)
    client.post(REGISTER, typed(world, branch=world.west.pk))
    client.post(REGISTER, typed(world, received_by=world.stranger.pk))
    client.post(REGISTER, typed(world, owner=world.stranger.pk))
    customer = Customer.objects.get(
        name="海天纸业有限公司"
    )  # of the third try, whose owner an accountant cannot choose
    assert (customer.owner, customer.branch) == (None, world.east)


@pytest.mark.clause("REC-02")
def test_a_representative_owns_what_the_representative_enters(world, sign_in):
    sign_in(world.owner).post(REGISTER, typed(world, typed_by=world.owner.pk))
    assert Customer.objects.get(name="海天纸业有限公司").owner == world.owner


@pytest.mark.clause("REC-03")
def test_only_the_international_unit_has_customers_abroad(world, sign_in):
    sign_in(world.accountant).post(REGISTER, typed(world, country="DE"))
    assert Customer.objects.count() == 3


@pytest.mark.clause("SEC-01")
def test_a_manager_of_one_unit_gives_no_owner_to_customers_of_another(world, sign_in):
    Position.objects.create(person=world.manager, code="accountant", branch=world.west, starts_on=LONG_AGO)
    data = typed(world, branch=world.west.pk, received_by=world.stranger.pk, owner=world.colleague.pk)
    sign_in(world.manager).post(REGISTER, data)
    assert Customer.objects.count() == 3
    sign_in(world.manager).post(REGISTER, data | {"owner": ""})
    assert Customer.objects.get(name="海天纸业有限公司").owner is None


@pytest.mark.clause("REC-04")
def test_who_has_left_since_may_have_received_the_form_but_not_before_or_after(world, sign_in):
    hired = hire("E200", "前任客服", "clerk", branch=world.east, since=date(2026, 1, 1), until=date(2026, 1, 31))
    client = sign_in(world.accountant)
    client.post(REGISTER, typed(world, received_by=hired.pk, received_at="2026-02-05T10:20"))
    assert Customer.objects.count() == 3
    client.post(REGISTER, typed(world, received_by=hired.pk, received_at="2026-01-05T10:20"))
    assert Customer.objects.get(name="海天纸业有限公司").registration.received_by == hired


def test_a_unit_that_closes_later_still_registers(world, sign_in):
    Branch.objects.filter(pk=world.east.pk).update(closed_on=timezone.localdate() + timedelta(days=9))
    sign_in(world.accountant).post(REGISTER, typed(world))
    assert Customer.objects.count() == 4


def test_the_error_of_a_form_without_contacts_is_seen(world, sign_in):
    response = sign_in(world.accountant).post(REGISTER, typed(world, **{"contacts-0-DELETE": "on"}))
    assert "data-error-summary" in response.text
    assert 'id="id_address_error"' in response.text


def test_a_forged_contact_number_is_a_new_contact(world, sign_in):
    sign_in(world.accountant).post(REGISTER, typed(world, **{"contacts-0-pk": world.theirs.contacts.get().pk}))
    assert Customer.objects.get(name="海天纸业有限公司").contacts.get().name == "王芳"
    assert world.theirs.contacts.get().name == "李娜"


@pytest.mark.clause("REC-18")
def test_an_equal_email_is_shown(world, sign_in):
    sign_in(world.accountant).post(REGISTER, typed(world, **{"contacts-0-emails": "wang@haitian.cn"}))
    data = typed(world, name="另一家店", **{"contacts-0-phones": "", "contacts-0-emails": "Wang@haitian.cn"})
    response = sign_in(world.accountant).post("/customers/new/check/", data, headers={"HX-Request": "true"})
    assert "海天纸业有限公司" in response.text


@pytest.mark.clause("REC-18")
def test_a_common_name_does_not_hide_a_known_phone(world, sign_in):
    for number in range(25):
        world.customer("张伟民", kind="individual", phone=f"1380000{number:04}", source="walk_in")
    data = typed(world, name="张伟民", kind="individual", **{"contacts-0-phones": "13910020001"})
    response = sign_in(world.accountant).post(REGISTER, data)
    assert world.ours.name in response.text
    assert Customer.objects.filter(name="张伟民").count() == 25
