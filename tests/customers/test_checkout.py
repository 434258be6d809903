"""The checkout check: found by any part, only what is missing is open, counted per unit. Source: REC-06."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from crm_site import waits
from customers import checkout, completeness
from customers.actions import StaleEdit
from customers.forms.checkout import CheckoutForm
from customers.models import BusinessType, CheckoutCheck, CompanySize, Contact, Customer, Industry

pytestmark = pytest.mark.clause("REC-06")

TILL = reverse("customers:checkout")


def page_of(customer):
    return reverse("customers:checkout_check", args=[customer.pk])


def fields(response):
    return {field.name for field in response.context["form"].visible_fields()} - {"different_because"}


@pytest.mark.parametrize("text", ["东方", "dongfang", "dfh", "0001", "13910020001"])
def test_any_part_of_phone_name_or_pinyin_finds_the_record(text, world, sign_in):
    answer = sign_in(world.accountant).post(TILL, {"text": text}, headers={"HX-Request": "true"})
    assert world.ours.name in answer.text
    assert page_of(world.ours) in answer.text
    assert "139****0001" in answer.text
    assert "13910020001" not in answer.text.replace(" ", "")


def test_it_works_without_a_script_and_keeps_the_text_out_of_the_address(world, sign_in):
    answer = sign_in(world.accountant).post(TILL, {"text": "东方"})
    assert answer.status_code == 200
    assert world.ours.name in answer.text


def test_a_search_leaves_the_counts_of_the_menu_kept(world, sign_in):
    client = sign_in(world.accountant)
    client.get(TILL)
    assert cache.get(waits.key(world.accountant))
    client.post(TILL, {"text": "东方"}, headers={"HX-Request": "true"})
    assert cache.get(waits.key(world.accountant))


@pytest.mark.clause("SEC-01")
def test_only_records_one_may_edit_are_found(world, sign_in):
    assert world.theirs.name not in sign_in(world.accountant).post(TILL, {"text": "有限公司"}).text
    assert sign_in(world.accountant).get(page_of(world.theirs)).status_code == 404


def test_only_what_is_missing_is_open_for_typing(world, sign_in):
    client = sign_in(world.accountant)
    assert fields(client.get(page_of(world.ours))) == {"industry", "size", "business_type"}
    place = {"province", "city", "district"}
    assert fields(client.get(page_of(world.unowned))) == place | {"industry", "size", "business_type"}


def test_saving_fills_by_edit_and_notes_before_and_after(world, sign_in):
    data = {"version": 1, "industry": Industry.objects.first().pk, "size": CompanySize.objects.first().pk,
            "address": "改不了的地址", "name": "改不了的名字"}  # fmt: skip
    answer = sign_in(world.accountant).post(page_of(world.ours), data)
    assert answer.url == TILL
    check = CheckoutCheck.objects.get()
    assert (check.customer, check.branch, check.checked_by) == (world.ours, world.east, world.accountant)
    assert check.missing_before == ["industry", "size", "business_type"]
    assert check.missing_after == ["business_type"]
    world.ours.refresh_from_db()
    assert (world.ours.version, world.ours.address, world.ours.name) == (2, "中山路 1 号", "东方红印务有限公司")
    assert world.ours.updated_by == world.accountant


def test_nothing_missing_is_a_check_too_and_changes_nothing(world, sign_in):
    Customer.objects.filter(pk=world.ours.pk).update(
        industry=Industry.objects.first(), size=CompanySize.objects.first(), business_type=BusinessType.objects.first(),
        missing=[],
    )  # fmt: skip
    client = sign_in(world.accountant)
    assert not fields(client.get(page_of(world.ours)))
    client.post(page_of(world.ours), {"version": 1})
    check = CheckoutCheck.objects.get()
    assert (check.missing_before, check.missing_after) == ([], [])
    world.ours.refresh_from_db()
    assert world.ours.version == 1


def test_a_missing_phone_goes_to_the_contact_that_is_there(world, sign_in):
    world.ours.ways.all().delete()
    Customer.objects.filter(pk=world.ours.pk).update(missing=["phone"])
    sign_in(world.accountant).post(page_of(world.ours), {"version": 1, "phones": "138 0013 8000"})
    contact = world.ours.contacts.get()
    assert (contact.name, [way.value for way in contact.ways.all()]) == ("李娜", ["+8613800138000"])


def test_a_customer_without_contacts_gets_one(world, sign_in):
    bare = world.customer("空白纸业有限公司")
    client = sign_in(world.accountant)
    assert {"contact_name", "phones"} <= fields(client.get(page_of(bare)))
    client.post(page_of(bare), {"version": 1, "contact_name": "王芳", "phones": "13800138001"})
    contact = bare.contacts.get()
    assert (contact.name, contact.role) == ("王芳", Contact.Role.PURCHASING)
    assert CheckoutCheck.objects.get().missing_after == ["district", "industry", "size", "business_type"]


def test_the_purchasing_contact_is_chosen_among_the_contacts(world, sign_in):
    Customer.objects.filter(pk=world.ours.pk).update(missing=["purchasing_contact"])
    contact = world.ours.contacts.get()
    sign_in(world.accountant).post(page_of(world.ours), {"version": 1, "purchasing_contact": contact.pk})
    contact.refresh_from_db()
    assert contact.role == Contact.Role.PURCHASING


def test_a_known_phone_asks_as_everywhere_and_notes_nothing(world, sign_in):
    bare = world.customer("空白纸业有限公司")
    client = sign_in(world.accountant)
    answer = client.post(page_of(bare), {"version": 1, "phones": "13910020001"})
    assert world.ours.name in answer.text
    assert not CheckoutCheck.objects.exists()
    client.post(page_of(bare), {"version": 1, "phones": "13910020001", "different_because": "总机相同"})
    assert CheckoutCheck.objects.count() == 1


def test_a_stale_form_saves_and_notes_nothing(world, sign_in):
    Customer.objects.filter(pk=world.ours.pk).update(version=5)
    answer = sign_in(world.accountant).post(
        page_of(world.ours), {"version": 1, "industry": Industry.objects.first().pk}
    )
    assert "data-error-summary" in answer.text
    with pytest.raises(StaleEdit):
        checkout.check(world.ours, version=1, by=world.accountant, at=timezone.now())
    assert not CheckoutCheck.objects.exists()


def test_checks_are_counted_per_unit_and_each_figure_leads_to_its_rows(world, sign_in):
    now = timezone.now()
    for _again in range(2):
        checkout.check(world.ours, version=1, by=world.accountant, at=now)
    checkout.check(world.theirs, version=1, by=world.stranger, at=now - timedelta(days=40))
    client = sign_in(world.people["service_head"])
    page = client.get(reverse("customers:checks"))
    units = {unit["branch__name"]: unit for unit in page.context["units"]}
    assert {name: unit["checks"] for name, unit in units.items()} == {world.east.name: 2, world.west.name: 1}
    for unit in units.values():
        assert client.get(reverse("customers:checks") + unit["url"]).context["count"] == unit["checks"]
    east = units[world.east.name]
    assert (east["filled"], east["left"]) == (0, 6)
    till = sign_in(world.accountant).get(TILL)
    assert till.context["checks"] == 2
    assert sign_in(world.accountant).get(till.context["checks_url"]).context["count"] == 2


def test_as_many_queries_for_many_checks_as_for_few(world, sign_in, django_assert_max_num_queries):
    for _again in range(20):
        checkout.check(world.ours, version=1, by=world.accountant, at=timezone.now())
    client = sign_in(world.people["service_head"])
    with django_assert_max_num_queries(16):
        client.get(reverse("customers:checks"))


@pytest.mark.clause("SEC-04")
def test_an_archived_record_is_neither_found_nor_opened(world, sign_in):
    Customer.objects.filter(pk=world.ours.pk).update(archived_at=timezone.now(), archived_by=world.manager)
    client = sign_in(world.accountant)
    assert world.ours.name not in client.post(TILL, {"text": "东方"}).text
    assert client.get(page_of(world.ours)).status_code == 404


@pytest.mark.clause("REC-17", "REC-21")
def test_a_consent_that_is_missing_leads_to_where_it_is_recorded_with_its_evidence(world, sign_in):
    client, link = sign_in(world.accountant), reverse("customers:consent_new", args=[world.ours.pk])
    assert link not in client.get(page_of(world.ours)).text
    Customer.objects.filter(pk=world.ours.pk).update(missing=["marketing_consent"])
    page = client.get(page_of(world.ours))
    assert not fields(page)
    assert link in page.text


def test_every_item_of_the_standard_can_be_filled_at_the_till_or_is_led_to(world):
    for code in completeness.ITEMS:
        world.ours.missing = [code]
        form = CheckoutForm(customer=world.ours)
        assert {field.name for field in form.visible_fields()} - {"different_because"} or form.elsewhere, code
