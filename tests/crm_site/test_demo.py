"""The demo company: loaded once for this module inside a transaction that is rolled back; the tests only read."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone, translation
from phonenumbers import is_valid_number, parse
from stdnum.cn import uscc

from crm_site import demo
from crm_site.demo.load import load
from customers.books import accounts, issued_book
from customers.models import (
    Contact,
    ContactWay,
    Customer,
    DeskForm,
    FormBook,
    FormReceipt,
    MatchKey,
    RegistrationForm,
)
from customers.values.keys import match_keys
from staff.models import Branch, Channel, Company, Department, Person, Position
from staff.verbs import PositionCode

DAY = date(2026, 11, 25)
NIGHT = datetime.combine(DAY, time(), tzinfo=timezone.get_default_timezone())


@pytest.fixture(scope="module", autouse=True)
def company(django_db_setup, django_db_blocker):
    steps = []
    with django_db_blocker.unblock(), transaction.atomic():
        assert load(on=DAY, progress=lambda done, total: steps.append((done, total)))
        yield steps
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a deferred one that fails, fails here
        transaction.set_rollback(True)


def test_progress_is_told_up_to_the_last_customer(company):
    assert company[-1] == (2000, 2000)
    assert company == sorted(company)


def test_a_second_loading_changes_nothing():
    assert not load(on=DAY)
    assert (Company.objects.count(), Customer.objects.count()) == (1, 2000)


@pytest.mark.clause("REC-03")
def test_six_branches_and_one_unit_for_each_other_channel():
    by_channel = Branch.objects.values_list("channel").annotate(Count("pk")).order_by("channel")
    assert dict(by_channel) == {"branch": 6, "direct": 1, "ecommerce": 1, "international": 1}
    names = set(Branch.objects.filter(channel=Channel.BRANCH).values_list("name", flat=True))
    assert names == {"北京朝阳分店", "北京丰台分店", "沈阳铁西分店", "大连中山分店", "杭州西湖分店", "成都锦江分店"}


def test_every_position_is_held_and_every_unit_has_manager_and_clerk():
    current = Position.objects.current(DAY)
    assert set(current.values_list("code", flat=True)) == set(PositionCode)
    for code in (PositionCode.BRANCH_MANAGER, PositionCode.CLERK):
        assert current.filter(code=code).values("branch").distinct().count() == Branch.objects.count()
    assert not Department.objects.filter(head__isnull=True).exists()


def test_people_who_left_hold_nothing_and_cannot_sign_in():
    gone = Person.objects.exclude(positions__in=Position.objects.current(DAY))
    assert gone.count() == 6
    assert not gone.filter(disabled_at__isnull=True).exists()
    assert not Customer.objects.filter(owner__disabled_at__isnull=False).exists()


def test_each_position_has_one_account_on_the_sign_in_page(time_machine):
    time_machine.move_to(NIGHT)
    accounts = demo.accounts()
    assert [account.code for account in accounts] == [str(code) for code in PositionCode]
    clerk, specialist = accounts[0], accounts[5]
    assert (clerk.staff_number, clerk.branch) == ("K0101", "北京朝阳分店")
    assert specialist.branch == "北京朝阳分店、北京丰台分店、杭州西湖分店"
    with translation.override("en"):
        assert str(clerk.position_label) == "customer-service clerk"


def test_accounts_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        demo.accounts()


def test_everybody_signs_in_with_the_demo_password():
    assert Person.objects.values("password").distinct().count() == 1
    assert Person.objects.get_by_natural_key("k0101").check_password(demo.PASSWORD)


@pytest.mark.clause("REC-05")
def test_forms_are_entered_after_receipt_in_the_past_and_some_late():
    forms = RegistrationForm.objects.filter(entered_at__gte=F("received_at"), entered_at__lt=NIGHT)
    assert forms.count() == 2000
    assert not forms.filter(received_at__lt=NIGHT - timedelta(days=430)).exists()
    late = forms.exclude(entered_at__date=F("received_at__date")).count()
    assert 60 < late < 300


def test_forms_are_received_by_who_was_clerk_of_the_unit_that_day():
    strangers = RegistrationForm.objects.exclude(
        received_by__positions__in=Position.objects.filter(code=PositionCode.CLERK)
    )
    assert not strangers.exists()
    held = Position.objects.filter(code=PositionCode.CLERK).values_list("person", "branch", "starts_on", "ends_on")
    for person, branch, starts, ends in held:
        forms = RegistrationForm.objects.filter(received_by=person, branch=branch)
        assert not forms.filter(received_at__date__lt=starts).exists()
        assert ends is None or not forms.filter(received_at__date__gt=ends).exists()


def test_counter_is_open_when_forms_are_received():
    for form in RegistrationForm.objects.select_related("branch").order_by("pk")[::40]:
        at = timezone.localtime(form.received_at)
        periods = form.branch.opening_periods.filter(weekday=at.weekday())
        assert periods.filter(opens__lte=at.time(), closes__gt=at.time()).exists()


def test_every_customer_has_a_contact_that_can_be_reached():
    assert not Customer.objects.filter(contacts__isnull=True).exists()
    assert not Contact.objects.filter(ways__isnull=True).exists()


@pytest.mark.clause("REC-07")
def test_numbers_and_codes_are_valid_and_visibly_made_up():
    phones = ContactWay.objects.filter(kind="phone").order_by("pk").values_list("value", flat=True)
    for value in [*phones[:400], *phones.exclude(value__startswith="+86")]:
        assert is_valid_number(parse(value)), value
    mobiles = ContactWay.objects.filter(kind="phone", value__regex=r"^\+861[3-9]")
    assert mobiles.count() > 2000
    assert not mobiles.exclude(value__regex=r"^\+861\d\d0000\d{4}$").exists()
    assert not ContactWay.objects.filter(kind="email").exclude(value__endswith=".example.com").exists()
    codes = Customer.objects.exclude(credit_code="").values_list("credit_code", flat=True)
    assert len(codes) == len(set(codes)) > 1000
    assert all(map(uscc.is_valid, codes))


def test_keys_are_those_that_registration_would_make():
    for customer in Customer.objects.order_by("pk")[::50]:
        ways = customer.ways.all()
        expected = match_keys(
            name=customer.name,
            credit_code=customer.credit_code,
            phones=[way.value for way in ways if way.kind == "phone"],
            emails=[way.value for way in ways if way.kind == "email"],
            is_company=customer.kind == "company",
        )
        assert set(customer.match_keys.values_list("kind", "value")) == expected


@pytest.mark.clause("REC-18")
def test_about_one_in_a_hundred_looks_like_another():
    twice = MatchKey.objects.filter(kind__in=["phone", "name"]).values("kind", "value").annotate(n=Count("pk"))
    doubled = MatchKey.objects.filter(value__in=twice.filter(n__gt=1).values("value"), kind__in=["phone", "name"])
    assert 20 <= doubled.values("customer").distinct().count() <= 60


def test_units_and_owners_are_skewed_and_some_customers_belong_to_nobody():
    counts = Branch.objects.annotate(n=Count("customers")).values_list("n", flat=True)
    assert max(counts) > 5 * min(counts)
    vacant = Customer.objects.filter(owner__isnull=True).count()
    assert 200 < vacant < 700
    elsewhere = Customer.objects.filter(channel=Channel.INTERNATIONAL)
    assert not elsewhere.filter(Q(country="CN") | Q(district__isnull=False)).exists()


@pytest.mark.clause("SEC-05")
def test_history_says_where_the_rows_came_from():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pgh_context ->> 'job' FROM customers_customerevent")
        assert cursor.fetchall() == [("演示数据",)]


@pytest.mark.clause("REC-04", "REC-05")
def test_the_counters_are_in_the_midst_of_their_work():
    branches = Branch.objects.filter(channel=Channel.BRANCH)
    for branch in branches:
        assert DeskForm.objects.filter(branch=branch).waiting().count() == 2
        assert DeskForm.objects.filter(branch=branch).settled().count() == 1
        assert FormReceipt.objects.filter(branch=branch).waiting().count() >= 2
        held = FormBook.objects.filter(branch=branch)
        present = held.get(issues__returned_at__isnull=True, issues__isnull=False)
        counted = accounts(held)
        assert sorted(len(account.entered) for account in counted.values())[0] == 0, "one lies ready"
        assert not counted[present.pk].missing
        waiting = FormReceipt.objects.filter(branch=branch).waiting().values_list("serial", flat=True)
        assert {issued_book(branch, serial) for serial in waiting} <= set(held)
    assert not DeskForm.objects.exclude(phone__contains="0000").exists(), "visibly made up"
