"""`manage.py populate`: a book of any size, made up, as the product itself would have entered it."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from crm_site import populating
from crm_site.populating import fill
from crm_site.populating.names import MOST, PREFIXES, credit_code, mobile
from customers.models import Consent, Contact, ContactWay, Customer, FormReceipt, Kind, MatchKey, RegistrationForm
from customers.naming import derived_names
from customers.values.credit_codes import read as read_code
from customers.values.keys import match_keys
from customers.values.numbering import is_mobile
from staff.models import Branch

ON = date(2026, 11, 25)
MANY = 2_000

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REC-08")]


@pytest.fixture
def book(monkeypatch):
    monkeypatch.setattr(fill, "CHUNK", 700)
    said = []
    assert populating.populate(MANY, on=ON, progress=lambda done, total: said.append((done, total))) == MANY
    assert said == [(700, MANY), (1400, MANY), (MANY, MANY)]


def test_every_row_is_as_if_it_had_been_entered(book):
    assert Customer.objects.count() == RegistrationForm.objects.count() == MANY
    for customer in Customer.objects.prefetch_related("ways", "match_keys").order_by("?")[:150]:
        derived = derived_names(customer.name, customer.kind)
        assert {name: getattr(customer, name) for name in derived} == derived
        ways = {kind: [way.value for way in customer.ways.all() if way.kind == kind] for kind in ContactWay.Kind}
        keys = match_keys(
            name=customer.name, credit_code=customer.credit_code, phones=ways["phone"], emails=ways["email"],
            is_company=customer.kind == Kind.COMPANY,
        )  # fmt: skip
        assert {(key.kind, key.value) for key in customer.match_keys.all()} == keys
        assert customer.created_at.date() < ON


@pytest.mark.clause("SEC-05")
def test_history_has_every_row_and_says_where_it_came_from(book):
    events = apps.get_model("customers.CustomerEvent").objects
    assert events.filter(pgh_label="insert", pgh_context__job="populate").count() == MANY


@pytest.mark.clause("REC-18")
def test_one_in_a_hundred_is_a_look_alike_and_the_others_are_not(book):
    companies = MatchKey.objects.filter(kind="name", customer__kind=Kind.COMPANY, customer__country="CN")
    names = Counter(companies.values_list("value", flat=True))
    twice = sum(number - 1 for number in names.values())
    assert 10 <= twice <= 25, "twenty are made on purpose"
    phones = Counter(MatchKey.objects.filter(kind="phone").values_list("value", flat=True))
    assert sum(number - 1 for number in phones.values()) <= 20


def test_units_and_persons_in_charge_are_unevenly_busy(book):
    units = Counter(Customer.objects.values_list("branch__code", flat=True))
    assert len(units) == Branch.objects.count()
    assert units.most_common()[0][1] > 5 * units.most_common()[-1][1]
    owners = Counter(Customer.objects.exclude(owner=None).values_list("owner", flat=True))
    assert owners.most_common()[0][1] > 3 * owners.most_common()[-1][1]
    assert 0.05 < Customer.objects.filter(owner=None).count() / MANY < 0.25


def test_interrupted_it_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(fill, "CHUNK", 100)

    def stop(done, total):
        if done == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        populating.populate(500, on=ON, progress=stop)
    assert Customer.objects.count() == 200, "whole chunks"
    assert populating.populate(500, on=ON) == 300
    assert populating.populate(500, on=ON) == 0
    assert Contact.objects.filter(customer=None).count() == 0


def test_the_same_numbers_give_the_same_book():
    populating.populate(60, on=ON)
    first = list(Customer.objects.order_by("pk").values_list("name", "credit_code", "created_at"))
    for model in (FormReceipt, Consent, RegistrationForm, Customer):
        model.objects.all().delete()
    populating.populate(60, on=ON)
    assert list(Customer.objects.order_by("pk").values_list("name", "credit_code", "created_at")) == first


def test_numbers_are_made_up_valid_and_never_twice():
    mobiles = [mobile(number) for number in range(0, 3 * MOST, 997)]
    assert len(set(mobiles)) == len(mobiles)
    assert all(is_mobile(digits) and digits[3:6] == "000" for digits in mobiles)
    assert 100_000 * len(PREFIXES) >= 3 * MOST
    codes = [credit_code("91", "1101", number) for number in range(0, MOST, 4_999)]
    assert len(set(codes)) == len(codes)
    assert all(read_code(code).check_digit_ok for code in codes)


def test_among_other_people_nothing_is_made_up(world):
    with pytest.raises(CommandError, match="Other people than those of the demo company"):
        call_command("populate", "--customers", "10", stdout=StringIO(), stderr=StringIO())
    assert Customer.objects.count() == 3


def test_there_are_no_more_numbers_than_that():
    with pytest.raises(CommandError, match="1,500,000 customers at most"):
        call_command("populate", "--customers", "1500001", stdout=StringIO(), stderr=StringIO())


@pytest.mark.clause("REC-21")
def test_the_book_is_judged_by_the_filing_standard(monkeypatch):
    populating.populate(40, on=ON)
    Customer.objects.update(industry=None)
    monkeypatch.setattr(fill, "_in_order", lambda: None)  # VACUUM has no place in the test's transaction
    populating.settle()
    companies = Customer.objects.filter(kind=Kind.COMPANY, missing__contains=["industry"])
    assert companies.exists()
    assert not Customer.objects.filter(kind=Kind.INDIVIDUAL, missing__contains=["industry"]).exists()
