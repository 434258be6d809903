"""Which customers each position sees, edits and sees unmasked: roles.md as a table."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer, CustomerGrant, Need, RegistrationForm
from staff import once
from staff.models import Area, Branch, Department, Person, Position
from staff.scope import NOTHING, rows_for
from staff.verbs import GRANTS, PositionCode, Verb
from tests.world import hire

pytestmark = pytest.mark.clause("SEC-01")

EAST = {"ours", "unowned"}
EVERYTHING = EAST | {"theirs", "online", "direct", "abroad"}
SEES = {
    "clerk": EAST,
    "accountant": EAST,
    "sales_rep": {"ours"},  # the own one; `unowned` has no district, so it lies in no area
    "account_manager": set(),
    "branch_manager": EAST,
    "operations_specialist": EAST,
    "inspector": EVERYTHING,
    "relations_specialist": {"online", "direct"},
    "call_agent": set(),
    "service_head": EVERYTHING,
    "technical": set(),
    "finance": set(),
    "marketing": set(),
    "executive": EVERYTHING,
    "administrator": EVERYTHING,
}
EDITS = {"accountant": EAST, "sales_rep": {"ours"}, "branch_manager": EAST}
UNMASKED = EDITS | {"clerk": EAST}
ASSIGNS = {"branch_manager": EAST}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def book(world):
    """A customer of every unit, by a short name."""
    direct = Branch.objects.create(code="direct", name="直销部", channel="direct")
    more = {"online": (world.online, "云端电商有限公司"), "direct": (direct, "直达商贸有限公司"),
            "abroad": (world.abroad, "远洋贸易有限公司")}  # fmt: skip
    book = {"ours": world.ours, "unowned": world.unowned, "theirs": world.theirs}
    for name, (unit, customer) in more.items():
        book[name] = world.customer(customer, branch=unit, by=world.accountant)
    return book


def seen(person, book, verb=Verb.CUSTOMER_VIEW):
    person = type(person).objects.get(pk=person.pk)  # positions are read once for each request
    ids = set(Customer.objects.visible_to(person, verb=verb).values_list("pk", flat=True))
    return {name for name, customer in book.items() if customer.pk in ids}


@pytest.mark.parametrize("code", PositionCode.values)
def test_a_position_sees_edits_unmasks_and_assigns_exactly_where_roles_say(code, world, book):
    person = world.people[code]
    assert seen(person, book) == SEES[code]
    assert seen(person, book, Verb.CUSTOMER_EDIT) == EDITS.get(code, set())
    assert seen(person, book, Verb.CONTACT_SEE) == UNMASKED.get(code, set())
    assert seen(person, book, Verb.CUSTOMER_ASSIGN) == ASSIGNS.get(code, set())


def test_every_position_has_its_verbs_and_only_the_administrator_the_systems():
    assert set(GRANTS) == set(PositionCode)
    system = {Verb.PEOPLE_MANAGE, Verb.BRANCH_MANAGE, Verb.CODES_MANAGE}
    assert [code for code, verbs in GRANTS.items() if verbs & system] == [PositionCode.ADMINISTRATOR]
    assert not GRANTS[PositionCode.ADMINISTRATOR] & {Verb.CUSTOMER_EDIT, Verb.CUSTOMER_ASSIGN, Verb.CONTACT_SEE}


def test_a_representative_sees_the_own_area_and_edits_only_the_own_customers(world):
    chaoyang = world.ours.district
    book = {
        "own": world.ours,
        "own_elsewhere": world.customer("甲山纸品有限公司", branch=world.west, owner=world.owner),
        "area": world.customer("乙水包装有限公司", district=chaoyang),
        "area_of_colleague": world.customer("丙火印刷有限公司", district=chaoyang, owner=world.colleague),
        "outside": world.customer("丁土文化有限公司", district=world.theirs.district),
        "other_unit": world.customer("戊金传媒有限公司", branch=world.west, district=chaoyang),
    }
    assert seen(world.owner, book) == {"own", "own_elsewhere", "area", "area_of_colleague"}
    assert seen(world.owner, book, Verb.CUSTOMER_EDIT) == {"own", "own_elsewhere"}
    assert seen(world.owner, book, Verb.CONTACT_SEE) == {"own", "own_elsewhere"}
    assert seen(world.colleague, book) == {"area_of_colleague"}, "a representative without an area has the own ones"


def test_the_area_that_counts_is_that_of_the_position(world, today):
    west_area = Area.objects.create(name="西湖", branch=world.west)
    west_area.districts.add(world.theirs.district)
    rep = hire("W010", "西湖代表", PositionCode.SALES_REP, branch=world.west, area=west_area)
    assert seen(rep, {"ours": world.ours, "theirs": world.theirs}) == {"theirs"}
    west_area.districts.clear()
    assert seen(rep, {"ours": world.ours, "theirs": world.theirs}) == set()


def test_an_account_manager_has_the_own_customers_of_any_unit(world):
    manager = world.people["account_manager"]
    book = {"here": world.customer("己木会展有限公司", owner=manager),
            "there": world.customer("庚石广告有限公司", branch=world.west, owner=manager),
            "ours": world.ours}  # fmt: skip
    for verb in (Verb.CUSTOMER_VIEW, Verb.CUSTOMER_EDIT, Verb.CONTACT_SEE):
        assert seen(manager, book, verb) == {"here", "there"}


@pytest.mark.parametrize(
    ("starts", "ends", "sees"),
    [(1, None, False), (0, None, True), (0, 0, True), (-9, 0, True), (-9, -1, False), (-9, 1, True)],
)
def test_a_position_counts_on_its_days_both_ends_included(starts, ends, sees, world, today):
    until = None if ends is None else today + timedelta(days=ends)
    person = hire("E200", "某人", "clerk", branch=world.east, since=today + timedelta(days=starts), until=until)
    assert seen(person, {"ours": world.ours}) == ({"ours"} if sees else set())
    assert person.can(Verb.CUSTOMER_REGISTER) is sees


def test_two_positions_are_added_but_never_mixed(world, today):
    """East's accountant who also clerks in West sees both, edits in East only."""
    Position.objects.create(person=world.accountant, code="clerk", branch=world.west, starts_on=today)
    both = {"ours": world.ours, "theirs": world.theirs}
    assert seen(world.accountant, both) == {"ours", "theirs"}
    assert seen(world.accountant, both, Verb.CUSTOMER_EDIT) == {"ours"}
    assert seen(world.accountant, both, Verb.CONTACT_SEE) == {"ours", "theirs"}


def test_a_verb_without_rows_and_rows_without_the_verb_do_not_add_up(world, today):
    """An inspector reads everything, a representative edits the own: together nobody edits everything."""
    inspectors = Department.objects.get(code="customer_service")
    Position.objects.create(person=world.colleague, code="inspector", department=inspectors, starts_on=today)
    both = {"ours": world.ours, "theirs": world.theirs}
    assert seen(world.colleague, both) == {"ours", "theirs"}
    assert seen(world.colleague, both, Verb.CUSTOMER_EDIT) == set()
    assert seen(world.colleague, both, Verb.CONTACT_SEE) == set()


def test_a_position_that_ended_takes_its_verbs_and_its_rows_along(world, today):
    yesterday = today - timedelta(days=1)
    Position.objects.create(person=world.nobody, code="accountant", branch=world.west, starts_on=yesterday,
                            ends_on=yesterday)  # fmt: skip
    Position.objects.create(person=world.nobody, code="clerk", branch=world.east, starts_on=today)
    both = {"ours": world.ours, "theirs": world.theirs}
    assert seen(world.nobody, both) == {"ours"}
    assert seen(world.nobody, both, Verb.CUSTOMER_EDIT) == set()


def grant(customer, *, person=None, department=None, until=None, subject=1):
    return CustomerGrant.objects.create(
        customer=customer, person=person, department=department, subject_type="tests.call", subject_id=subject,
        until=until,
    )  # fmt: skip


def test_a_grant_by_name_opens_one_record_with_its_phones_and_no_more(world, book):
    agent = world.people["call_agent"]
    grant(world.theirs, person=agent)
    assert seen(agent, book) == {"theirs"}
    assert seen(agent, book, Verb.CONTACT_SEE) == {"theirs"}
    assert seen(agent, book, Verb.CUSTOMER_EDIT) == set()


@pytest.mark.parametrize("code", ["technical", "finance", "marketing"])
def test_a_grant_to_a_department_opens_the_record_to_who_holds_a_position_there(code, world, book):
    person = world.people[code]
    grant(world.ours, department=person.positions.get().department)
    assert seen(person, book) == {"ours"}
    assert "ours" not in seen(world.people["call_agent"], book)


@pytest.mark.parametrize(("days", "sees"), [(-1, False), (0, True), (1, True)])
def test_a_grant_ends_with_its_last_day(days, sees, world, today):
    agent = world.people["call_agent"]
    grant(world.theirs, person=agent, until=today + timedelta(days=days))
    assert seen(agent, {"theirs": world.theirs}) == ({"theirs"} if sees else set())


@pytest.fixture
def within_a_request():
    once._begin()
    yield
    once._end()


def test_within_a_request_grants_are_asked_for_once_and_for_each_person_apart(
    world, within_a_request, django_assert_num_queries
):
    agent, finance = (Person.objects.get(pk=world.people[code].pk) for code in ("call_agent", "finance"))
    grant(world.theirs, person=agent)
    assert agent.can_on(Verb.CUSTOMER_VIEW, world.theirs)
    with django_assert_num_queries(0):
        assert agent.can_on(Verb.CONTACT_SEE, world.theirs)
        assert not agent.can_on(Verb.CONTACT_SEE, world.ours)
        assert not agent.can_on(Verb.CUSTOMER_EDIT, world.theirs)
    assert not finance.can_on(Verb.CUSTOMER_VIEW, world.theirs)
    assert not Customer.objects.visible_to(finance).exists()
    assert list(Customer.objects.visible_to(agent)) == [world.theirs]
    once._begin()  # the next request
    CustomerGrant.objects.all().delete()
    assert not agent.can_on(Verb.CUSTOMER_VIEW, world.theirs)


def test_an_expired_grant_does_not_close_another_one(world, today):
    agent = world.people["call_agent"]
    grant(world.theirs, person=agent, until=today - timedelta(days=1), subject=1)
    grant(world.theirs, person=agent, until=today, subject=2)
    assert seen(agent, {"theirs": world.theirs}) == {"theirs"}


def test_a_grant_gives_nothing_to_whom_no_position_lets_view(world, today):
    grant(world.ours, person=world.nobody)
    grant(world.ours, person=world.disabled)
    assert seen(world.nobody, {"ours": world.ours}) == set()
    assert seen(world.disabled, {"ours": world.ours}) == set()


def test_scope_fails_closed(world):
    for person, verb in itertools.product((world.nobody, world.disabled), Verb):
        assert not person.can(verb)
        assert rows_for(person, verb) == NOTHING
        assert not Customer.objects.visible_to(person, verb=verb).exists()


def test_an_account_disabled_this_moment_sees_nothing(world):
    world.accountant.disabled_at = timezone.now()
    world.accountant.save(update_fields=["disabled_at"])
    assert seen(world.accountant, {"ours": world.ours}) == set()


def test_the_parts_of_a_record_are_seen_by_whoever_sees_the_record(world, book):
    agent = world.people["call_agent"]
    for customer in (world.ours, world.theirs):
        Need.objects.create(customer=customer, text="名片", noted_at=timezone.now(), noted_by=world.accountant)
    assert [need.customer for need in Need.objects.visible_to(world.accountant)] == [world.ours]
    assert not Need.objects.visible_to(agent)
    grant(world.theirs, person=agent)
    assert [need.customer for need in Need.objects.visible_to(agent)] == [world.theirs]


def test_a_paper_form_stays_with_the_unit_that_received_it(world):
    forms = RegistrationForm.objects.visible_to(world.accountant)
    assert {form.customer for form in forms} == {world.ours, world.unowned}
    assert not RegistrationForm.objects.visible_to(world.nobody)


def test_can_on_asks_for_one_position_and_exactly_this_row(world):
    assert world.accountant.can_on(Verb.CUSTOMER_EDIT, world.ours)
    assert not world.accountant.can_on(Verb.CUSTOMER_EDIT, world.theirs)
    assert not world.clerk.can_on(Verb.CUSTOMER_EDIT, world.ours)
    assert world.people["executive"].can_on(Verb.CUSTOMER_VIEW, world.theirs)
