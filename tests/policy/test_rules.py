"""Parameters of the clauses: declared, changed with a date, kept for the past. Source: AUD-16."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import DateField, F, Value
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext_lazy

from policy import actions, calendar, rules
from policy.models import RuleValue
from policy.rules import Rule
from policy.terms import Term
from staff.models import Branch

from .clocktime import at

pytestmark = pytest.mark.clause("AUD-16")

RULES = reverse("policy:rules")
MONDAY = date(2026, 11, 23)


@pytest.fixture
def limit():
    """A whole number from 1 to 100, 20 as delivered, while the test lasts."""
    rule = Rule(
        "test.limit", default=20, minimum=1, maximum=100, unit="CNY", clause="AUD-05", label="Penalty for each week"
    )
    yield rule
    del rules.registry[rule.key]


@pytest.fixture
def office(world, sign_in):
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def change(world, limit):
    def _change(value, *, on=MONDAY, branch=None, now="2026-11-23 09:00", rule=None):
        return actions.change_rule(
            rule or limit,
            value=value,
            branch=branch,
            starts_on=on,
            reason="会议决定",
            by=world.administrator,
            at=at(now),
        )

    return _change


def test_without_a_row_the_default_is_in_force(db, limit):
    assert limit.value(on=MONDAY) == 20


def test_a_change_is_in_force_from_its_day_on(limit, change):
    change(30, on=date(2026, 12, 1))
    assert [limit.value(on=day) for day in (MONDAY, date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1))] == [
        20, 20, 30, 30
    ]  # fmt: skip


def test_what_was_judged_before_keeps_its_value(limit, change):
    change(30)
    change(40, on=date(2026, 12, 1), now="2026-11-30 09:00")
    assert limit.value(on=date(2026, 11, 22)) == 20
    assert limit.value(on=date(2026, 11, 30)) == 30


def test_of_two_changes_for_one_day_the_later_one_decides(limit, change):
    change(30)
    change(40, now="2026-11-23 10:00")
    assert limit.value(on=MONDAY) == 40


def test_a_change_set_ahead_takes_over_on_its_day(limit, change):
    change(50, on=date(2026, 12, 1))
    change(30, on=date(2026, 11, 25), now="2026-11-24 09:00")
    assert [limit.value(on=date(2026, 11, 25)), limit.value(on=date(2026, 12, 1))] == [30, 50]


def test_a_unit_has_a_value_of_its_own_until_it_goes_by_the_companys_again(limit, change, world):
    change(25, branch=world.east)
    change(30, now="2026-11-23 10:00")
    assert (limit.value(world.east, on=MONDAY), limit.value(world.west, on=MONDAY)) == (25, 30)
    tomorrow = MONDAY + timedelta(days=1)
    change(None, branch=world.east, on=tomorrow)
    assert (limit.value(world.east, on=MONDAY), limit.value(world.east, on=tomorrow)) == (25, 30)
    with pytest.raises(ValidationError, match="by the company's value already"):
        change(None, branch=world.west)


@pytest.mark.parametrize(
    ("value", "on", "said"),
    [
        (30, date(2026, 11, 22), "begins today or later"),
        (0, MONDAY, "At least 1"),
        (101, MONDAY, "At most 100"),
        (20, MONDAY, "in force on that day already"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(change, value, on, said):
    with pytest.raises(ValidationError, match=said):
        change(value, on=on)
    assert not RuleValue.objects.exists()


def test_the_date_is_judged_in_shanghai(change):
    change(30, on=date(2026, 11, 24), now="2026-11-24 00:30")  # still the 23rd in London
    with pytest.raises(ValidationError, match="today or later"):
        change(40, on=MONDAY, now="2026-11-24 00:30")


def test_statements_see_the_same_value(limit, change, world):
    change(25, branch=world.east)
    change(30, now="2026-11-23 10:00")
    change(None, branch=world.east, on=date(2026, 11, 30))
    change(45, branch=world.west, on=date(2026, 12, 5))
    for day in (date(2026, 11, 22), MONDAY, date(2026, 11, 30), date(2026, 12, 5)):
        asked = Branch.objects.annotate(limit=limit.expression(F("pk"), Value(day, DateField())))
        assert {unit.code: unit.limit for unit in asked} == {
            unit.code: limit.value(unit, on=day) for unit in Branch.objects.all()
        }


@pytest.mark.parametrize(
    ("kind", "default", "value", "read", "words"),
    [
        ("decimal", Decimal("0.5"), Decimal("1.25"), Decimal("1.25"), "1.25"),
        ("boolean", False, True, True, "yes"),
        ("time", "18:00", time(17, 30), time(17, 30), "17:30"),
        ("term", "24h", "2workdays", Term.parse("2workdays"), "2 working days"),
        ("choice", "a", "b", "b", "second"),
    ],
)
def test_each_kind_is_stored_and_read(change, kind, default, value, read, words):
    choices = (("a", "first"), ("b", "second")) if kind == "choice" else ()
    rule = Rule("test.kind", default=default, kind=kind, clause="AUD-05", label="x", choices=choices)
    try:
        change(value, rule=rule)
        assert rule.value(on=MONDAY) == read
        assert str(rule.in_words(rule.value(on=MONDAY))) in (words, {"yes": "是"}.get(words), "2 个工作日")
    finally:
        del rules.registry["test.kind"]


@pytest.mark.parametrize(
    ("amount", "words"), [(1, "1 day"), (2, "2 days"), (0, "0 days"), (Decimal("1.5"), "1.5 days")]
)
def test_a_unit_stands_in_the_number_of_its_amount(limit, amount, words):
    with translation.override("en"):
        days = replace(limit, key="test.days", unit=ngettext_lazy("day", "days"))
        del rules.registry[days.key]
        assert days.in_words(amount) == words
        assert limit.in_words(amount) == f"{amount} CNY"


def test_a_value_that_no_longer_fits_counts_as_the_default(limit, world):
    RuleValue.objects.create(
        rule=limit.key, value="thirty", starts_on=MONDAY, reason="x", set_by=world.administrator,
        set_at=at("2026-11-23 09:00"),
    )  # fmt: skip
    assert limit.value(on=MONDAY) == 20


def test_a_key_belongs_to_one_rule(limit):
    with pytest.raises(ImproperlyConfigured, match="Two rules are called"):
        Rule("test.limit", default=5, clause="AUD-05", label="another")
    with pytest.raises(ImproperlyConfigured, match="no kind"):
        Rule("test.other", default=5, clause="AUD-05", label="another", kind="colour")


@pytest.mark.parametrize("statement", ["UPDATE policy_rulevalue SET value = '1'", "DELETE FROM policy_rulevalue"])
def test_the_database_refuses_to_change_what_was_set(change, statement):
    change(30)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_default_hours_never_close_before_they_open(change, world):
    for rule, value in ((rules.OPENS, time(12, 30)), (rules.CLOSES, time(12))):
        with pytest.raises(ValidationError, match="12:0"):
            change(value, rule=rule)
    change(time(10), rule=rules.OPENS, branch=world.east)
    assert calendar.units([world.east.pk], on=MONDAY)[world.east.pk].default == (time(10), time(18))


def test_the_database_refuses_a_value_for_the_past(change, world, limit):
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleValue.objects.create(
            rule=limit.key, value=1, starts_on=date(2026, 11, 22), reason="x", set_by=world.administrator,
            set_at=at("2026-11-23 00:10"),
        )  # fmt: skip


def test_a_change_by_plain_sql_is_seen_at_once(limit, change):
    change(30)
    assert limit.value(on=MONDAY) == 30
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO policy_rulevalue (rule, value, starts_on, reason, set_by_id, set_at)"
            " SELECT rule, '60', starts_on, 'x', set_by_id, set_at + interval '1 hour' FROM policy_rulevalue"
        )
    assert limit.value(on=MONDAY) == 60


# Pages


def test_the_list_shows_every_rule_with_its_value(office, limit, change):
    change(30, on=timezone.localdate(), now=timezone.localtime().strftime("%Y-%m-%d %H:%M"))
    page = office.get(RULES).content.decode()
    assert "Penalty for each week" in page
    assert "30 CNY" in page
    assert "Opens, where a unit has no hours of its own" in page


def test_a_key_that_this_version_does_not_know_is_listed_and_breaks_nothing(office, limit, change):
    change(30)
    RuleValue.objects.bulk_create([
        RuleValue(rule="gone.rule", value=3, starts_on=row.starts_on, reason="x", set_by=row.set_by, set_at=row.set_at)
        for row in RuleValue.objects.all()
    ])  # fmt: skip
    assert "gone.rule" in office.get(RULES).content.decode()
    assert office.get(reverse("policy:rule", args=["gone.rule"])).status_code == 404


def entry(**changes):
    return {"value": "30", "branch": "", "starts_on": timezone.localdate().isoformat(), "reason": "会议决定"} | changes


def test_a_change_by_the_page_shows_what_it_was_before(office, limit, world):
    page = reverse("policy:rule", args=[limit.key])
    assert "20 CNY" in office.get(page).content.decode()
    answer = office.post(page, entry(), follow=True).content.decode()
    assert "30 CNY" in answer
    assert world.administrator.name in answer
    assert "20 CNY" in answer  # as delivered
    office.post(page, entry(value="25", branch=world.east.pk))
    assert limit.value(world.east, on=timezone.localdate()) == 25


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"value": ""}, "value"),
        ({"value": "many"}, "value"),
        ({"value": "101"}, "value"),
        ({"value": "20"}, "value"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"branch": "999999"}, "branch"),
        ({"follow": "on"}, "branch"),
    ],
)
def test_bad_input_is_said_beside_the_field(office, limit, typed, wrong):
    answer = office.post(reverse("policy:rule", args=[limit.key]), entry(**typed))
    assert answer.status_code == 200
    assert wrong in answer.context["form"].errors
    assert not RuleValue.objects.exists()


@pytest.mark.parametrize("kind", ["boolean", "time", "term", "decimal", "choice"])
def test_each_kind_has_its_field(office, kind):
    default = {"boolean": False, "time": "18:00", "term": "24h", "decimal": "1.5", "choice": "a"}[kind]
    typed = {"boolean": "true", "time": "17:30", "term": "3workdays", "decimal": "2.5", "choice": "b"}[kind]
    rule = Rule("test.kind", default=default, kind=kind, clause="AUD-05", label="x", choices=(("a", "A"), ("b", "B")))
    page = reverse("policy:rule", args=["test.kind"])
    try:
        assert office.get(page).status_code == 200
        assert office.post(page, entry(value=typed)).status_code == 302
        assert rule.value(on=timezone.localdate()) != rule.default_value
        assert office.post(page, entry(value="\x00nonsense")).status_code == 200
    finally:
        del rules.registry["test.kind"]


def test_only_administrators_see_the_parameters(world, sign_in, limit):
    for person in (world.manager, world.people["service_head"], world.accountant):
        client = sign_in(person)
        assert client.get(RULES).status_code == 403
        assert client.post(reverse("policy:rule", args=[limit.key]), entry()).status_code == 403


def test_the_clause_sheet_shows_the_value_with_since_when_and_by_whom(office, world, sign_in, limit, change):
    sheet = reverse("policy:clause", args=["AUD-05"])
    assert "as delivered" in office.get(sheet).content.decode()
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    change(30, on=timezone.localdate(), now=now)
    change(25, branch=world.east, on=timezone.localdate(), now=now)
    assert "30 CNY" in office.get(sheet).content.decode()
    page = sign_in(world.accountant).get(sheet).content.decode()
    assert "25 CNY" in page
    assert world.administrator.name in page
