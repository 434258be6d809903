"""Completeness by the standard in force at entry; the standard's versions. Source: REC-21."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from customers import completeness, consents, filing
from customers.actions import edit, entries_of
from customers.models import Contact, Customer, FilingStandard, Industry, Need
from customers.tasks import judge_completeness
from tests.policy.clocktime import at

pytestmark = pytest.mark.clause("REC-21")

TODAY = date(2026, 11, 23)
NOON = at("2026-11-23 12:00")


def stored(customer):
    return Customer.objects.values_list("missing", flat=True).get(pk=customer.pk)


def line(world, items, *, starts_on=TODAY, when=NOON, channel="", source="", reason="修订"):
    return filing.set_line(
        channel=channel, source=source, items=items, starts_on=starts_on, reason=reason, by=world.administrator, at=when
    )


def test_registration_notes_what_the_shipped_standard_misses(world):
    assert stored(world.ours) == ["industry", "size", "business_type"]
    assert stored(world.unowned) == ["district", "industry", "size", "business_type"]


def test_an_edit_judges_anew_and_leaves_no_trace_in_the_history(world):
    industry = Industry.objects.first()
    edit(world.ours, version=1, fields={"industry": industry}, by=world.accountant, at=timezone.now())
    assert stored(world.ours) == ["size", "business_type"]
    before = Customer.pgh_event_model.objects.count()
    Customer.objects.filter(pk=world.ours.pk).update(missing=[])
    assert completeness.judge([world.ours.pk]) == 1
    assert Customer.pgh_event_model.objects.count() == before


@pytest.mark.parametrize("code", list(completeness.ITEMS))
def test_each_item_is_missing_until_it_is_there(code, world):
    line(world, [code], starts_on=TODAY)
    bare = world.customer("空白纸业有限公司", at=NOON + timedelta(minutes=1), address="", district=None)
    assert stored(bare) == [code]
    contact = Contact.objects.create(customer=bare, name="李娜", role="purchasing")
    contact.ways.create(customer=bare, kind="phone", value="+8613800138000")
    contact.ways.create(customer=bare, kind="email", value="li@example.cn")
    Need.objects.create(customer=bare, text="名片", noted_at=NOON, noted_by=world.clerk)
    consents.give(bare, purpose="marketing", channel="phone", note="来电", given_at=NOON, by=world.clerk)
    Customer.objects.filter(pk=bare.pk).update(
        credit_code="91110108551385082Q", district=world.ours.district, address="中山路", preferences="x",
        industry=_first("Industry"), size=_first("CompanySize"), business_type=_first("BusinessType"),
    )  # fmt: skip
    completeness.judge([bare.pk])
    assert stored(bare) == []


def _first(table):
    from customers import models

    return getattr(models, table).objects.first()


@pytest.mark.clause("REC-17")
def test_a_consent_given_later_or_taken_back_is_an_answer(world):
    line(world, ["marketing_consent"])
    customer = world.customer("同意纸业有限公司", at=NOON + timedelta(minutes=1))
    assert stored(customer) == ["marketing_consent"]
    said = {"channel": "phone", "note": "来电", "given_at": NOON, "by": world.clerk}
    consents.give(customer, purpose="survey", **said)
    assert stored(customer) == ["marketing_consent"]
    given = consents.give(customer, purpose="marketing", **said)
    assert stored(customer) == []
    consents.withdraw(given, note="不再需要", by=world.clerk, at=timezone.now())
    completeness.judge([customer.pk])
    assert stored(customer) == []


@pytest.mark.clause("REC-17")
def test_a_plain_no_is_an_answer_on_the_form_and_later(world):
    line(world, ["marketing_consent"])
    asked = world.customer("拒绝纸业有限公司", at=NOON + timedelta(minutes=1), declined=["marketing"])
    assert stored(asked) == []
    later = world.customer("后拒纸业有限公司", at=NOON + timedelta(minutes=1), declined=["survey"])
    assert stored(later) == ["marketing_consent"]
    consents.decline(later, purpose="marketing", channel="phone", note="来电", declined_at=NOON, by=world.clerk)
    assert stored(later) == []


def test_a_contact_that_has_left_counts_no_longer(world):
    line(world, ["phone", "contact_name"])
    customer = world.customer("离岗纸业有限公司", at=NOON + timedelta(minutes=1), phone="13811110000")
    assert stored(customer) == []
    customer.contacts.update(valid_until=TODAY)
    completeness.judge_all()
    assert stored(customer) == ["contact_name", "phone"]


def test_persons_and_customers_abroad_are_not_asked_for_what_they_cannot_have(world):
    line(world, ["credit_code", "district", "industry", "contact_name"])
    person = world.customer("张三丰", kind="individual", at=NOON + timedelta(minutes=1))
    abroad = world.customer(
        "Blue River Ltd", branch=world.abroad, country="DE", by=world.manager, at=NOON + timedelta(minutes=1)
    )
    assert stored(person) == ["district"]
    assert "district" not in stored(abroad)


def test_the_most_specific_line_decides_and_one_without_items_gives_back(world):
    later = NOON + timedelta(minutes=1)
    line(world, ["phone"])
    line(world, ["email"], source="exhibition")
    line(world, ["need"], channel="branch")
    line(world, ["preferences"], channel="branch", source="exhibition")

    def judged(name, at, **fields):
        return stored(world.customer(name, at=at, **fields))

    assert judged("甲纸业有限公司", later, branch=world.online, by=world.clerk, source="online") != ["phone"]
    assert judged("乙纸业有限公司", later, branch=world.online, by=world.clerk, source="direct_sale") == ["phone"]
    assert judged("丙纸业有限公司", later, branch=world.online, by=world.clerk, source="exhibition") == ["email"]
    assert judged("丁纸业有限公司", later, source="walk_in") == ["need"]
    assert judged("戊纸业有限公司", later, source="exhibition") == ["preferences"]
    line(world, None, channel="branch", source="exhibition", when=later + timedelta(minutes=1))
    assert judged("己纸业有限公司", later + timedelta(minutes=2), source="exhibition") == ["need"]


def test_a_record_is_judged_by_the_version_in_force_when_it_was_entered(world):
    early = world.customer("早纸业有限公司", at=NOON - timedelta(minutes=1), phone="13811110001")
    before = stored(early)
    line(world, ["preferences"])
    late = world.customer("晚纸业有限公司", at=NOON + timedelta(minutes=1), phone="13811110002")
    line(world, ["need"], starts_on=TODAY + timedelta(days=1), when=NOON + timedelta(minutes=2))
    tomorrow = world.customer("明纸业有限公司", at=NOON + timedelta(days=1), phone="13811110003")
    completeness.judge_all()
    assert (stored(early), stored(late), stored(tomorrow)) == (before, ["preferences"], ["need"])


def test_many_records_are_judged_by_one_statement(world, django_assert_num_queries):
    pks = list(Customer.objects.values_list("pk", flat=True))
    Customer.objects.update(missing=["phone"])
    with django_assert_num_queries(1):
        assert completeness.judge(pks) == len(pks)


def test_the_nightly_task_mends_and_repeats_nothing(world):
    Customer.objects.update(missing=[])
    judge_completeness()
    assert stored(world.ours) == ["industry", "size", "business_type"]
    assert completeness.judge_all() == 0


def test_a_version_is_never_set_for_the_past_changed_or_deleted(world):
    with pytest.raises(ValidationError):
        line(world, ["phone"], starts_on=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError):
        line(world, None)
    with pytest.raises(ValidationError):
        line(world, ["no_such_item"])
    row = line(world, ["phone"])
    with pytest.raises(DatabaseError), transaction.atomic():
        FilingStandard.objects.filter(pk=row.pk).update(items=["email"])
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_the_administrator_sets_a_line_and_sees_its_versions(world, sign_in):
    client = sign_in(world.administrator)
    data = {"channel": "", "source": "exhibition", "items": ["phone", "email"], "reason": "展会名片带邮箱"}
    data["starts_on"] = timezone.localdate().isoformat()
    assert client.post(reverse("customers:standard_line"), data).status_code == 302
    row = FilingStandard.objects.latest("pk")
    assert (row.items, row.set_by) == (["phone", "email"], world.administrator)
    assert "展会名片带邮箱" in client.get(reverse("customers:standard")).text
    past = data | {"starts_on": (timezone.localdate() - timedelta(days=1)).isoformat()}
    assert "data-error-summary" in client.post(reverse("customers:standard_line"), past).text
    assert "data-error-summary" in client.post(reverse("customers:standard_line"), data | {"items": []}).text
    page = client.get(reverse("customers:standard_line"), {"source": "exhibition", "channel": "<x>"})
    assert page.context["form"].initial["items"] == ["phone", "email"]


def test_the_record_says_what_is_missing_and_why(world, sign_in):
    page = sign_in(world.accountant).get(reverse("customers:record", args=[world.ours.pk]))
    assert 'id="completeness"' in page.text
    assert page.context["completeness"].standard.items[0] == "contact_name"
    assert len(page.context["completeness"].missing) == 3
    assert reverse("customers:checkout_check", args=[world.ours.pk]) in page.text
    seen = sign_in(world.people["inspector"]).get(reverse("customers:record", args=[world.ours.pk]))
    assert reverse("customers:checkout_check", args=[world.ours.pk]) not in seen.text


def test_editing_a_block_brings_the_completeness_up_to_date(world, sign_in):
    client = sign_in(world.accountant)
    data = {"version": 1, "source": "walk_in", "industry": Industry.objects.first().pk}
    url = reverse("customers:edit_block", args=[world.ours.pk, "business"])
    answer = client.post(url, data, headers={"HX-Request": "true"})
    assert 'id="completeness"' in answer.text
    assert 'hx-swap-oob="true"' in answer.text.split('id="completeness"')[1][:200]


@pytest.mark.parametrize(
    ("value", "found"),
    [("complete", {"theirs"}), ("incomplete", {"ours", "unowned"}), ("district", {"unowned"}), ("email", set())],
)
def test_the_list_is_filtered_by_completeness(value, found, world, sign_in):
    Customer.objects.filter(pk=world.theirs.pk).update(missing=[])
    page = sign_in(world.people["service_head"]).get(reverse("customers:list"), {"completeness": value})
    assert {row.name for row in page.context["rows"]} == {getattr(world, name).name for name in found}


def test_entries_stay_what_they_are(world):
    """Judging touches nothing but `missing`."""
    before = entries_of(world.ours)
    completeness.judge([world.ours.pk])
    assert entries_of(world.ours) == before
