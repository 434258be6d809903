"""One record in the browser's terms: who sees what of it, editing in place, the stale form, the reveal."""

import pytest
from django.urls import reverse

from customers.actions import entries_of
from customers.forms.reasons import RevealForm
from customers.models import BusinessType, Customer, Industry
from journal.models import AccessLog
from staff.models import Position
from staff.verbs import PositionCode
from tests.world import LONG_AGO, hire

HTMX = {"HX-Request": "true"}


def edit_url(customer, block):
    return reverse("customers:edit_block", args=[customer.pk, block])


def identity(customer, **changes):
    """What a browser sends for the identity block, untouched."""
    data = {
        "version": customer.version,
        "reason": "",
        "name": customer.name,
        "kind": customer.kind,
        "credit_code": customer.credit_code,
        "country": customer.country,
        "province": customer.district.province if customer.district else "",
        "city": customer.district.city if customer.district else "",
        "district": customer.district_id or "",
        "address": customer.address,
        "contacts-TOTAL_FORMS": 0,
        "contacts-INITIAL_FORMS": 0,
    }
    for number, entry in enumerate(entries_of(customer)):
        phones = " / ".join(phone.as_written for phone in entry.phones)
        row = {"pk": entry.pk, "name": entry.name, "role": entry.role, "title": entry.title, "phones": phones}
        data |= {f"contacts-{number}-{field}": value for field, value in row.items()}
        data["contacts-TOTAL_FORMS"] = data["contacts-INITIAL_FORMS"] = number + 1
    return data | changes


def with_contact(customer, name, phone, **changes):
    data = identity(customer, **changes)
    number = data["contacts-TOTAL_FORMS"]
    row = {"name": name, "role": "finance", "phones": phone}
    return data | {"contacts-TOTAL_FORMS": number + 1} | {f"contacts-{number}-{k}": v for k, v in row.items()}


@pytest.mark.clause("REC-01")
@pytest.mark.parametrize("block", ["identity", "business", "interaction"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_block_opens_as_a_form_with_and_without_script(world, sign_in, block, headers):
    response = sign_in(world.accountant).get(edit_url(world.ours, block), headers=headers)
    assert response.status_code == 200
    assert f'id="{block}"' in response.text
    assert f'name="version" value="{world.ours.version}"' in response.text


def test_a_saved_block_comes_back_with_head_and_message(world, sign_in):
    response = sign_in(world.accountant).post(
        edit_url(world.ours, "identity"), identity(world.ours, name="东方红彩印有限公司", reason="更名"), headers=HTMX
    )
    assert "record-saved" in response.headers["HX-Trigger"]
    assert 'id="record-head" hx-swap-oob="true"' in response.text
    assert response.text.count("东方红彩印有限公司") >= 3
    assert Customer.objects.get(pk=world.ours.pk).name == "东方红彩印有限公司"


def test_a_stale_form_shows_both_values_and_the_second_save_wins_knowingly(world, sign_in):
    client, stale = sign_in(world.accountant), identity(world.ours, address="我的地址")
    client.post(edit_url(world.ours, "identity"), identity(world.ours, address="别人的地址"))
    response = client.post(edit_url(world.ours, "identity"), stale, headers=HTMX)
    assert "别人的地址" in response.text
    assert "我的地址" in response.text
    assert Customer.objects.get(pk=world.ours.pk).address == "别人的地址"
    client.post(edit_url(world.ours, "identity"), stale | {"version": 2})
    assert Customer.objects.get(pk=world.ours.pk).address == "我的地址"


def test_a_contact_added_meanwhile_survives_a_stale_form(world, sign_in):
    client, stale = sign_in(world.accountant), identity(world.ours, address="我的地址")
    client.post(edit_url(world.ours, "identity"), with_contact(world.ours, "新会计", "13722223333"))
    assert world.ours.contacts.count() == 2
    response = client.post(edit_url(world.ours, "identity"), stale, headers=HTMX)
    assert "新会计" in response.text
    assert 'name="contacts-1-pk"' in response.text
    world.ours.refresh_from_db()
    client.post(edit_url(world.ours, "identity"), identity(world.ours, address="我的地址"))
    assert world.ours.contacts.count() == 2


def test_what_was_not_touched_takes_what_a_colleague_stored(world, sign_in):
    client, opened = sign_in(world.accountant), identity(world.ours)
    stale = opened | {"address": "我的地址"}
    stale |= {f"initial-{name}": opened[name] for name in ("name", "kind", "credit_code", "country", "address")}
    fields = ("name", "role", "title", "phones")
    stale |= {f"initial-contacts-0-{field}": opened[f"contacts-0-{field}"] for field in fields}
    theirs = identity(world.ours, name="东方红彩印有限公司", reason="更名") | {"contacts-0-title": "经理"}
    client.post(edit_url(world.ours, "identity"), theirs)

    response = client.post(edit_url(world.ours, "identity"), stale, headers=HTMX)

    assert 'name="name" value="东方红彩印有限公司"' in response.text
    assert 'name="contacts-0-title" value="经理"' in response.text
    assert 'name="address" value="我的地址"' in response.text


def test_saving_without_a_change_changes_nothing(world, sign_in):
    client = sign_in(world.manager)
    client.post(edit_url(world.ours, "identity"), identity(world.ours))
    client.post(reverse("customers:owner", args=[world.ours.pk]), {"owner": world.owner.pk, "version": 1})
    world.ours.refresh_from_db()
    assert (world.ours.version, world.ours.updated_by) == (1, world.accountant)


def test_a_contact_removed_meanwhile_does_not_lock_the_form(world, sign_in):
    client, stale = sign_in(world.accountant), identity(world.ours, address="我的地址")
    client.post(edit_url(world.ours, "identity"), identity(world.ours, reason="离职", **{"contacts-0-DELETE": "on"}))
    assert world.ours.contacts.count() == 0
    response = client.post(edit_url(world.ours, "identity"), stale, headers=HTMX)
    assert 'name="contacts-0-name" value="李娜"' in response.text
    again = stale | {"version": 2, "contacts-0-pk": "", "contacts-INITIAL_FORMS": 0}
    client.post(edit_url(world.ours, "identity"), again)
    world.ours.refresh_from_db()
    assert (world.ours.address, world.ours.contacts.get().name) == ("我的地址", "李娜")


@pytest.mark.clause("REC-03")
def test_editing_a_customer_abroad_leaves_it_abroad(world, sign_in):
    manager = hire("I001", "国际店长", PositionCode.BRANCH_MANAGER, branch=world.abroad)
    abroad = world.customer("Müller Druck GmbH", branch=world.abroad, by=manager, country="DE")
    client = sign_in(manager)
    assert 'value="DE" selected' in client.get(edit_url(abroad, "identity")).text
    client.post(edit_url(abroad, "identity"), identity(abroad, address="Hauptstraße 1"))
    abroad.refresh_from_db()
    assert (abroad.country, abroad.address) == ("DE", "Hauptstraße 1")


@pytest.mark.clause("REC-07")
def test_a_wrong_check_digit_is_asked_about_on_editing_too(world, sign_in):
    client, wrong = sign_in(world.accountant), "91110108MA01ABCD0A"
    response = client.post(edit_url(world.ours, "identity"), identity(world.ours, credit_code=wrong))
    assert 'type="checkbox" name="credit_code_confirmed"' in response.text
    client.post(edit_url(world.ours, "identity"), identity(world.ours, credit_code=wrong, credit_code_confirmed="on"))
    world.ours.refresh_from_db()
    assert world.ours.credit_code == wrong
    client.post(edit_url(world.ours, "identity"), identity(world.ours, address="新地址"))
    assert Customer.objects.get(pk=world.ours.pk).address == "新地址"


@pytest.mark.clause("SEC-06", "REC-18")
def test_taking_another_units_phone_shows_its_customer_masked_and_logs_the_look(world, sign_in):
    data = identity(world.ours, reason="换号") | {"contacts-0-phones": "13910020003"}
    response = sign_in(world.accountant).post(edit_url(world.ours, "identity"), data, headers=HTMX)
    assert world.theirs.name in response.text
    assert reverse("customers:record", args=[world.theirs.pk]) not in response.text
    assert AccessLog.objects.get(action="masked_match").subject_id == world.theirs.pk


@pytest.mark.clause("SEC-05")
def test_history_says_why_a_look_alike_was_kept(world, sign_in):
    data = identity(world.ours, reason="换号") | {"contacts-0-phones": "13910020002", "different_because": "夫妻两家店"}
    sign_in(world.accountant).post(edit_url(world.ours, "identity"), data)
    context = world.ours.events.order_by("pgh_id").last().pgh_context
    assert (context["reason"], context["person"]) == ("换号 · 夫妻两家店", world.accountant.pk)


@pytest.mark.clause("SEC-05")
def test_history_names_the_position_that_could_do_it(world, sign_in):
    """Accountant in West, account manager of a customer in East: East's change is the account manager's."""
    Position.objects.create(
        person=world.stranger, code=PositionCode.ACCOUNT_MANAGER, branch=world.east, starts_on=LONG_AGO
    )
    Customer.objects.filter(pk=world.ours.pk).update(owner=world.stranger)
    sign_in(world.stranger).post(edit_url(world.ours, "identity"), identity(world.ours, address="新地址"))
    context = world.ours.events.order_by("pgh_id").last().pgh_context
    assert context["position"] == PositionCode.ACCOUNT_MANAGER


@pytest.mark.clause("REC-08")
def test_a_retired_entry_stays_on_the_records_that_bear_it_and_is_offered_to_no_other(world, sign_in):
    retired = Industry.objects.create(code="old", label_zh="旧行业", label_en="old", retired=True)
    client = sign_in(world.accountant)
    assert "旧行业" not in client.get(edit_url(world.ours, "business")).text
    Customer.objects.filter(pk=world.ours.pk).update(industry=retired)
    assert "旧行业" in client.get(edit_url(world.ours, "business")).text
    assert BusinessType.objects.filter(retired=False).exists()


@pytest.mark.clause("SEC-06")
def test_phones_are_masked_until_a_logged_look(world, sign_in):
    inspector = world.people[PositionCode.INSPECTOR]
    client, page = sign_in(inspector), reverse("customers:record", args=[world.ours.pk])
    assert "139****0001" in client.get(page).text
    assert "139 1002 0001" not in client.get(page).text
    for headers in (HTMX, {}):
        address = reverse("customers:reveal", args=[world.ours.pk])
        asked = client.post(address, headers=headers)
        assert "139 1002 0001" not in asked.text
        assert 'role="alert"' in asked.text
        response = client.post(address, {"purpose": "order"}, headers=headers)
        assert "139 1002 0001" in response.text
        assert ("<html" in response.text) is not bool(headers)
    looks = AccessLog.objects.filter(action="reveal")
    assert [(look.person, look.subject_id) for look in looks] == [(inspector, world.ours.pk)] * 2
    assert all(look.detail == {"purpose": str(dict(RevealForm.PURPOSES)["order"])} for look in looks)


@pytest.mark.clause("SEC-01")
def test_the_owner_is_of_the_unit_in_which_the_manager_may_assign(world, sign_in):
    mixed = world.manager
    Position.objects.create(person=mixed, code=PositionCode.ACCOUNTANT, branch=world.west, starts_on=LONG_AGO)
    client, url = sign_in(mixed), reverse("customers:owner", args=[world.unowned.pk])
    client.post(url, {"owner": world.colleague.pk, "version": 1, "reason": "片区调整"})
    world.unowned.refresh_from_db()
    assert world.unowned.owner == world.colleague
    assert (
        client.post(reverse("customers:owner", args=[world.theirs.pk]), {"owner": "", "version": 1}).status_code == 404
    )


def test_a_session_that_ended_while_editing_leads_back_to_the_form_with_its_text(world, client):
    data = identity(world.ours, address="别丢了我", typed_by=world.accountant.pk)
    response = client.post(edit_url(world.ours, "identity"), data, headers=HTMX)
    assert response.headers["HX-Redirect"] == f"/sign-in/?next={edit_url(world.ours, 'identity')}"
    client.force_login(world.accountant)
    assert "别丢了我" in client.get(edit_url(world.ours, "identity")).text


@pytest.mark.clause("SEC-06")
def test_without_a_script_revealed_phones_go_from_the_screen_after_a_minute_too(world, sign_in):
    client, address = sign_in(world.people["executive"]), reverse("customers:reveal", args=[world.ours.pk])
    page = client.post(address, {"purpose": "visit"})
    assert "+8613910020001" in page.text
    assert page.headers["Refresh"] == f"60; url={reverse('customers:record', args=[world.ours.pk])}"
    assert "Refresh" not in client.post(address, {"purpose": "visit"}, headers=HTMX).headers
