"""The three code tables and their administrator's pages. Source: REC-08."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import code_tables
from customers.code_tables import TABLES
from customers.forms.registration import RegistrationForm
from customers.models import Industry

pytestmark = pytest.mark.clause("REC-08")


@pytest.fixture
def office(world, sign_in):
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def printing(world):
    return Industry.objects.create(code="printing", label_zh="印刷", label_en="printing", position=5)


def at(name, *args):
    return reverse(f"customers:{name}", args=args)


def entry(**changes):
    return {"label_zh": "造船", "label_en": "shipbuilding", "code": "ships", "position": 7} | changes


def test_the_overview_leads_to_the_three_tables(world, office):
    page = office.get(at("codes")).content.decode()
    assert all(at("code_list", table) in page for table in TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_an_entry_can_be_added_to_each_table(world, office, table):
    more = {"kind": "text", "name": "造船", "unit_of_measure": "艘"}
    response = office.post(at("code_new", table), entry() | more, follow=True)
    made = TABLES[table].objects.get(code="ships")
    assert made.label_zh == "造船"
    assert f"{made.label_en} was added." in response.content.decode()


def test_a_new_entry_is_offered_at_registration(world, office):
    office.post(at("code_new", "industries"), entry())
    labels = [str(industry) for industry in RegistrationForm(person=world.accountant).fields["industry"].queryset]
    assert any(label in ("造船", "shipbuilding") for label in labels)


def test_a_new_entry_stands_last_unless_said_otherwise(world, office):
    form = office.get(at("code_new", "industries")).context["form"]
    assert form["position"].value() > Industry.objects.order_by("position").last().position


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"label_zh": ""}, {"label_zh"}),
        ({"label_en": ""}, {"label_en"}),
        ({"label_zh": "印刷"}, {"label_zh"}),
        ({"label_en": "Printing"}, {"label_en"}),
        ({"code": "printing"}, {"code"}),
        ({"code": "造船"}, {"code"}),
        ({"code": ""}, {"code"}),
        ({"position": -1}, {"position"}),
        ({"position": 99999}, {"position"}),
        ({"position": "first"}, {"position"}),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(world, office, printing, changes, wrong):
    response = office.post(at("code_new", "industries"), entry(**changes))
    assert set(response.context["form"].errors) == wrong
    assert not Industry.objects.filter(code="ships").exists()


def test_sending_the_form_twice_adds_one_entry(world, office):
    office.post(at("code_new", "industries"), entry())
    assert office.post(at("code_new", "industries"), entry()).status_code == 200
    assert Industry.objects.filter(label_zh="造船").count() == 1


def test_the_database_refuses_a_code_twice_whoever_asks(world, printing):
    with pytest.raises(ValidationError) as refusal:
        code_tables.add("industries", code="printing", label_zh="甲", label_en="a", position=1, by=world.administrator)
    assert set(refusal.value.message_dict) == {"code"}


def test_an_entry_is_relabelled_and_moved_but_keeps_its_code(world, office, printing):
    address = at("code_edit", "industries", printing.pk)
    office.post(address, {"label_zh": "印刷包装", "label_en": "printing and packaging", "position": 1, "code": "x"})
    printing.refresh_from_db()
    assert (printing.label_zh, printing.position, printing.code) == ("印刷包装", 1, "printing")
    assert office.get(at("code_list", "industries")).context["rows"][0] == printing


def test_saving_an_entry_as_it_is_is_no_duplicate_of_itself(world, office, printing):
    fields = {"label_zh": "印刷", "label_en": "printing", "position": 5}
    assert office.post(at("code_edit", "industries", printing.pk), fields).status_code == 302


def test_a_retired_entry_is_offered_no_longer_but_stays_on_records(world, office, printing):
    world.ours.industry = printing
    world.ours.save()
    for _time in range(2):
        office.post(at("code_retire", "industries", printing.pk))
    assert printing not in RegistrationForm(person=world.accountant).fields["industry"].queryset
    world.ours.refresh_from_db()
    assert world.ours.industry == printing
    assert "no longer offered" in office.get(at("code_list", "industries")).content.decode()


def test_a_retired_entry_can_be_offered_again(world, office, printing):
    office.post(at("code_retire", "industries", printing.pk))
    office.post(at("code_restore", "industries", printing.pk))
    assert printing in RegistrationForm(person=world.accountant).fields["industry"].queryset


@pytest.mark.clause("SEC-05")
def test_history_knows_who_retired_an_entry(world, office, printing):
    office.post(at("code_retire", "industries", printing.pk))
    event = Industry.pgh_event_model.objects.filter(pgh_obj=printing.pk).latest("pgh_id")
    assert (event.retired, event.pgh_context["person"]) == (True, world.administrator.pk)


def test_an_empty_table_says_what_to_do(world, office):
    Industry.objects.all().delete()
    page = office.get(at("code_list", "industries")).content.decode()
    assert "This table is empty" in page
    assert at("code_new", "industries") in page
    assert office.get(at("codes")).status_code == 200


def test_unknown_tables_and_entries_are_not_found(world, office, printing):
    assert office.get(at("code_list", "colours")).status_code == 404
    assert office.get(at("code_edit", "sizes", 10**9)).status_code == 404
    assert office.post(at("code_retire", "sizes", 10**9)).status_code == 404


def test_more_entries_cost_no_more_queries(world, office):
    def queries():
        office.get(at("code_list", "industries"))
        with CaptureQueriesContext(connection) as captured:
            office.get(at("code_list", "industries"))
        return len(captured)

    Industry.objects.exclude(pk=Industry.objects.first().pk).delete()
    before = queries()
    for number in (2, 3):
        Industry.objects.create(code=f"n{number}", label_zh=f"业{number}", label_en=f"n{number}")
    assert queries() == before
